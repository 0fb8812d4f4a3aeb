from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..common import clock
from .moment_events import DELIVERY, EVENTS, SOLVED, has_happened

STATES = [
    ("open", "Open"),
    ("done", "Done"),
    ("missed", "Missed"),
    ("cancelled", "Cancelled"),
]


class KamMoment(models.Model):
    """A key moment of one customer: something has happened, and somebody acts on it.

    It begins once for each order, with an activity; it is done with that. Whatever is
    in it is found out by the app.
    """

    _name = "kam.moment"
    _description = "Key Moment"
    _inherit = ["kam.account.part", "kam.rated"]
    _order = "date desc, id desc"

    template_id = fields.Many2one(
        "kam.moment.template",
        "Key Moment",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    event = fields.Selection(EVENTS, readonly=True)
    account_id = fields.Many2one(readonly=True)
    customer_id = fields.Many2one(related="account_id.partner_id")
    order_id = fields.Many2one(
        "sale.order", readonly=True, index=True, ondelete="cascade"
    )
    complaint_id = fields.Many2one(
        "kam.complaint", readonly=True, index="btree_not_null", ondelete="set null"
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Contact",
        compute="_compute_partner_id",
        help="The contact of the order, or who complained.",
    )
    number = fields.Integer(
        default=1,
        readonly=True,
        aggregator=None,
        help="Of deliveries: which one; of anniversaries: how many years.",
    )
    quantity = fields.Float(
        "Delivered",
        readonly=True,
        aggregator=None,
        help="Units of the order that were delivered when the moment began.",
    )

    # Who, by when
    user_id = fields.Many2one("res.users", "Responsible", readonly=True, index=True)
    date = fields.Date(required=True, readonly=True, default=lambda self: clock.today())
    date_due = fields.Date("Due", required=True, readonly=True)
    date_done = fields.Date("Done On", readonly=True)
    state = fields.Selection(
        STATES, "Status", required=True, default="open", readonly=True, index=True
    )
    is_late = fields.Boolean(
        "Late", compute="_compute_is_late", search="_search_is_late"
    )
    is_kept = fields.Boolean(
        "In Time",
        compute="_compute_is_kept",
        store=True,
        help="Done on the day it was due, or before.",
    )
    activity_ids = fields.One2many(
        "mail.activity",
        "kam_moment_id",
        readonly=True,
    )

    # What to say
    talking_points = fields.Html(related="template_id.talking_points")
    mail_template_id = fields.Many2one(related="template_id.mail_template_id")

    _order_uniq = models.UniqueIndex(
        "(order_id, template_id, number) WHERE order_id IS NOT NULL",
        "This moment of the order has begun already.",
    )
    _open_idx = models.Index("(date_due) WHERE state = 'open'")

    @api.depends("template_id", "order_id")
    def _compute_display_name(self):
        for moment in self:
            # sudo: the name of the order whose moment the user sees
            name = moment.order_id.sudo().name
            about = name or moment.customer_id.display_name or ""
            moment.display_name = f"{moment.template_id.name}: {about}"

    @api.depends("order_id", "complaint_id", "account_id")
    def _compute_partner_id(self):
        for moment in self:
            # sudo: whom it is about, of the order whose moment the user sees
            found = moment.sudo()
            person = found.complaint_id.partner_id or found.order_id.partner_id
            moment.partner_id = (person or found.customer_id).sudo(False)

    @api.depends("state", "date_due")
    def _compute_is_late(self):
        today = clock.today()
        for moment in self:
            due = moment.date_due
            moment.is_late = bool(moment.state == "open" and due and due < today)

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        return Domain("state", "=", "open") & Domain("date_due", "<", clock.today())

    @api.depends("state", "date_done", "date_due")
    def _compute_is_kept(self):
        for moment in self:
            moment.is_kept = (
                moment.state == "done" and moment.date_done <= moment.date_due
            )

    def action_log_touch(self):
        """Open the Talk dialog, which ends the moment.

        :raise UserError: when it is over
        """
        self.ensure_one()
        activity = self.activity_ids.filtered("active")[:1]
        if not activity:
            raise UserError(
                self.env._(
                    "“%(moment)s” has no open activity. Log the conversation on the"
                    " account instead.",
                    moment=self.display_name,
                )
            )
        return activity.action_kam_log_touch()

    def action_send_mail(self):
        """Open Odoo's composer with the email of the moment.

        :raise UserError: when it has none, or belongs to no order
        """
        self.ensure_one()
        self.order_id.check_access("read")
        if not (self.mail_template_id and self.order_id):
            raise UserError(
                self.env._(
                    "“%(moment)s” has no email. A head of sales enters one in its"
                    " template.",
                    moment=self.display_name,
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send Email"),
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": "sale.order",
                "default_res_ids": self.order_id.ids,
                "default_template_id": self.mail_template_id.id,
                "default_composition_mode": "comment",
            },
        }

    # Its life

    @api.model
    def _start(self, vals_list):
        """Begin moments: each is planned for who is responsible.

        Where nobody is, none begins: nobody could act on it.

        :param list vals_list: of values, with template_id, account_id and user_id
        """
        self.create([values for values in vals_list if values["user_id"]])._plan()

    def _take_up(self):
        """Begin moments anew that were called off: what they are about is so again."""
        for moment in self:
            moment.write(
                {
                    "state": "open",
                    "date": clock.today(),
                    "date_due": moment.template_id._get_due(moment.company_id),
                }
            )
        self._plan()

    def _call_off(self):
        """End moments that nobody has to act on any more."""
        self.write({"state": "cancelled"})
        self._clear_away()

    def _miss(self):
        """End moments that nobody has acted on in time."""
        self.write({"state": "missed"})
        self._clear_away()

    def _clear_away(self):
        """Take back the activities of moments that are over."""
        self.activity_ids.filtered("active").unlink()

    def _handle_done(self):
        """End moments whose activity is done; the customer may be asked for a rating."""
        done = self.filtered(lambda moment: moment.state == "open")
        done.write({"state": "done", "date_done": clock.today()})
        done._ask_ratings()

    def _plan(self):
        """Plan the activities of moments, for who is responsible."""
        # quickly: a mail that says what the list of activities shows helps nobody
        Activity = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True
        )
        Activity.create(
            [moment._prepare_activity() for moment in self if moment.user_id]
        )

    def _prepare_activity(self):
        """Return the values of the activity: on the order, else on the account."""
        record = self.order_id or self.account_id
        template = self.template_id.with_context(lang=self.user_id.lang)
        return {
            "res_model_id": self.env["ir.model"]._get_id(record._name),
            "res_id": record.id,
            "activity_type_id": template.activity_type_id.id,
            "summary": f"{template.name}, {record.display_name}: {template.summary}",
            "note": template.talking_points,
            "date_deadline": self.date_due,
            "user_id": self.user_id.id,
            "automated": True,
            "kam_moment_id": self.id,
        }

    def _stands(self, progress):
        """Return whether what a moment is about is still so.

        :param Progress progress: of its order
        """
        if self.event == SOLVED:
            return self.complaint_id.state == "solved"
        return has_happened(self.event, self.order_id.state, progress, self._reached())

    def _reached(self):
        """Return the units that must still be delivered for this moment to stand."""
        return self.quantity if self.event == DELIVERY else 0
