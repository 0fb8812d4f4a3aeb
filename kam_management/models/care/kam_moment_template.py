from dateutil.relativedelta import relativedelta

from odoo import fields, models

from ..account.mail_activity_plan_template import ROLE_LABELS, ROLES
from ..common import clock
from ..offer.follow_up import count_on
from .moment_events import ANNIVERSARY, DELIVERY, EVENTS, SENT, SOLVED, has_happened

SALESPERSON = "salesperson"
MOST_DAYS = 400


class KamMomentTemplate(models.Model):
    """What we do when something happens to an order, and for which customers.

    Each moment that begins by it is one activity: who, by when, and what to say.
    """

    _name = "kam.moment.template"
    _description = "Key Moment Template"
    _inherit = ["kam.guard"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char("Key Moment", required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        ondelete="cascade",
        help="Applies in this company only; empty: in all.",
    )
    event = fields.Selection(
        EVENTS, required=True, default="confirmed", help="What the moment begins with."
    )
    date_start = fields.Date(
        "Orders From",
        required=True,
        default=lambda self: clock.today(),
        help="Older orders, and complaints solved before, begin no moment.",
    )

    # For whom
    is_key_account = fields.Boolean("Key Accounts Only")
    segment = fields.Selection(
        lambda self: self.env["kam.account"]._fields["segment"].selection,
        help="For customers of this segment only; empty: for all.",
    )
    level = fields.Selection(
        lambda self: self.env["kam.account"]._fields["level"].selection,
        help="For customers on this level only; empty: for all.",
    )
    sales_type = fields.Selection(
        lambda self: self.env["kam.account"]._fields["sales_type"].selection,
        help="For customers of this sales type only; empty: for all.",
    )
    categ_id = fields.Many2one(
        "product.category",
        "Product Category",
        ondelete="restrict",
        help="For orders with a product of this category only; empty: for all.",
    )

    # Who does what by when
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        required=True,
        ondelete="restrict",
        domain="[('res_model', 'in', [False, 'sale.order'])]",
        default=lambda self: self.env.ref("mail.mail_activity_data_call", False),
    )
    summary = fields.Char(
        "What to Do", required=True, translate=True, help="The title of the activity."
    )
    responsible = fields.Selection(
        [*ROLE_LABELS, (SALESPERSON, "Salesperson of the Order")],
        "Assigned To",
        required=True,
        default="kam_manager",
        help="Where nobody has this role: the key account manager, then the salesperson,"
        " then the head of sales of the account.",
    )
    days_after = fields.Integer(
        help="Days after the event from which the working days count."
    )
    days_due = fields.Integer(
        "Working Days", default=2, help="Working days within which it is to be done."
    )

    # What to say
    talking_points = fields.Html(
        translate=True, help="Shown in the Talk dialog: what to say, what to ask."
    )
    mail_template_id = fields.Many2one(
        "mail.template",
        "Email Template",
        ondelete="set null",
        domain="[('model', '=', 'sale.order')]",
        help="The email that may be sent at this moment.",
    )
    check_expectations = fields.Boolean(
        "Ask About Expectations",
        help="The Talk dialog asks how the customer sees what they were promised.",
    )
    question = fields.Char(
        "Rating Question",
        translate=True,
        help="Mailed to the customer when the moment is done, who rates by a click;"
        " empty: nothing is asked.",
    )

    _check_days = models.Constraint(
        f"CHECK(days_after BETWEEN 0 AND {MOST_DAYS} AND days_due BETWEEN 0 AND 250)",
        f"Key moments: enter up to {MOST_DAYS} days after, and 250 working days.",
    )

    def _find_occurrence(self, order, progress, moments):
        """Return (number, units delivered) of the moment that an order is due for.

        None where it is due for none. The number tells repeated ones apart: the delivery,
        or the year.

        :param Progress progress: of the order
        :param moments: those of this template and order there are
        """
        event, day = self.event, order.date_order.date()
        if event == SOLVED or not has_happened(event, order.state, progress):
            return None
        if event == SENT and order.state != "sent":
            return None
        number = 1
        if event == ANNIVERSARY:
            number = relativedelta(clock.today(), day).years
            day += relativedelta(years=number)
        if day < self.date_start or number < 1:
            return None
        if event != DELIVERY:
            return number, progress.delivered
        # a delivery that was returned, and made anew, is no further one
        later = moments.filtered(lambda one: one.quantity >= progress.delivered)
        if later:
            return min(later.mapped("number")), progress.delivered
        return len(moments) + 1, progress.delivered

    def _fits(self, account, order=None):
        """Return whether this is for a customer, and an order of theirs."""
        company = account.company_id
        return (
            self.company_id in (company, company.browse())
            and (not self.is_key_account or account.is_key_account)
            and all(
                not self[name] or self[name] == account[name]
                for name in ("segment", "level", "sales_type")
            )
            and (not self.categ_id or bool(order) and self._has_product(order))
        )

    def _has_product(self, order):
        """Return whether an order has a product of the category, or one below it."""
        path = self.categ_id.parent_path
        categories = order.order_line.product_id.categ_id
        return any(one.parent_path.startswith(path) for one in categories)

    def _get_due(self, company):
        """Return until when to act on a moment that begins today, in working days."""
        due = self.env.cr.cache.setdefault("kam.moment.due", {})
        day = fields.Date.add(clock.today(), days=self.days_after)
        key = (company.id, day, self.days_due)
        if key not in due:
            due[key] = count_on(day, self.days_due, company._get_kam_working_days)
        return due[key]

    def _find_responsible(self, account, order):
        """Return who is to act: a colleague at work here, maybe nobody.

        :param order: ``sale.order``, maybe none
        """
        salesperson = order.user_id
        chosen = salesperson
        if self.responsible != SALESPERSON:
            chosen = account[ROLES[self.responsible]]
        people = (chosen, account.manager_id, salesperson, account.accountable_id)
        return next(filter(self._may_act, people), self.env["res.users"])

    def _may_act(self, user):
        """Return whether a colleague works with key accounts."""
        return bool(
            user and user.active and user.has_group("kam_management.group_kam_user")
        )
