from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

MAX_TOUCH_DAYS = 3650
# What else is typed in that the next touch depends on.
CADENCE_FIELDS = ("touch_days", "is_key_account", "do_not_contact")
# What goes out to many.
MASS_CHANNELS = ("newsletter", "brochure", "pr")
# Both sides talk, whoever called.
TALK_CHANNELS = ("phone", "meeting")
# Touch ``t`` was with this customer: no newsletter, nor anything else that many got.
IS_PERSONAL = SQL(
    "t.channel NOT IN %s AND (t.communication_id IS NULL OR t.channel IN %s)",
    MASS_CHANNELS,
    TALK_CHANNELS,
)
# The same, of records: what is counted as touches wherever they are.
PERSONAL = Domain("channel", "not in", MASS_CHANNELS) & (
    Domain("communication_id", "=", False) | Domain("channel", "in", TALK_CHANNELS)
)
# The companies that have logged a touch: looked up once, however many accounts ask.
LOGGING_COMPANIES = SQL(
    """SELECT logging.id FROM res_company logging
        WHERE EXISTS (SELECT FROM kam_touch t WHERE t.company_id = logging.id)"""
)


class KamAccount(models.Model):
    """Cadence: when the customer should hear from us again."""

    _inherit = "kam.account"

    touch_days = fields.Integer(
        "Custom Frequency",
        aggregator=None,
        tracking=True,
        merge=min,
        help="Days between two touches, for a customer who needs them more often than"
        " the level or the buying roles ask for. 0: as in the settings.",
    )
    do_not_contact = fields.Boolean(
        tracking=True,
        help="This customer asked not to be contacted: no touch becomes due, and"
        " anyone who writes a mail or plans an activity is asked first.",
    )
    do_not_contact_reason = fields.Char("Do-Not-Contact Reason", merge="; ".join)
    rhythm_days = fields.Integer(
        "Contact Frequency",
        readonly=True,
        aggregator=None,
        help="Days between two touches: the shortest frequency that applies. 0: none.",
    )
    next_touch_date = fields.Date(
        "Next Touch",
        readonly=True,
        index="btree_not_null",
        help="When the next touch is due: by the shortest frequency of the level, the"
        " segment, the running plan, key accounts, this account and the buying roles"
        " of its stakeholders.",
    )

    _check_touch_days = models.Constraint(
        f"CHECK(touch_days BETWEEN 0 AND {MAX_TOUCH_DAYS})",
        f"Custom frequency: enter a number of days up to {MAX_TOUCH_DAYS}, or 0 to follow the"
        " settings.",
    )

    @api.model
    @api.readonly
    def get_silence(self, model, record_id):
        """Return which customers of a record have asked for silence, for a question.

        :param str model: name of a model with a chatter
        :param int record_id: a record the user may read
        :return: names, with the reasons the user may know; empty when nobody has
        :raise AccessError: on a record the user may not read
        :raise UserError: on a person who does not want to be contacted: he gets no mail
        """
        if model not in self.env:
            return ""
        record = self.env[model].browse(record_id)
        record.check_access("read")
        if model == "res.partner":
            record._check_kam_do_not_contact()
        return self._format_silence(record)

    @api.model
    def _format_silence(self, records):
        """Return the names of the silent customers of records, and why they are."""
        # sudo: the wish of a customer counts, whoever is about to contact him
        accounts = self.sudo()._get_silent_for(records)
        # the reason is for those who may open the account
        open_to_user = accounts.sudo(False)._filtered_access("read")
        return "; ".join(
            f"{account.partner_id.name} ({account.do_not_contact_reason})"
            if account in open_to_user and account.do_not_contact_reason
            else account.partner_id.name
            for account in accounts
        )

    @api.model
    def _get_silent_for(self, records):
        """Return the accounts with a wish for silence that records are about.

        :param records: of any model, or None; the customer is found as ``partner_id``,
            a contact stands for his company
        """
        if not records:
            return self.browse()
        if records._name == self._name:
            return self.browse(records.ids).filtered(
                lambda account: (
                    account.do_not_contact and account.company_id in self.env.companies
                )
            )
        partners = records.browse()
        if records._name == "res.partner":
            partners = records
        elif "partner_id" in records._fields:
            partners = records.partner_id
        if not partners or partners._name != "res.partner":
            return self.browse()
        return self.search(
            [
                ("do_not_contact", "=", True),
                ("partner_id", "in", partners.sudo().commercial_partner_id.ids),
                ("company_id", "in", self.env.companies.ids),
            ]
        )

    def _get_evidence_fields(self):
        return {*super()._get_evidence_fields(), *CADENCE_FIELDS}
