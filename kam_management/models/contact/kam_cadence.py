from odoo import api, fields, models
from odoo.tools import SQL

from ..account.kam_account_metrics import CADENCE_FIELDS
from ..account.kam_level_mixin import LEVELS

MAX_TOUCH_DAYS = 3650
# What goes out to many.
MASS_CHANNELS = ("newsletter", "brochure", "pr")


class KamAccount(models.Model):
    """Cadence: when the customer should hear from us again."""

    _inherit = "kam.account"

    touch_days = fields.Integer(
        "Own Rhythm",
        aggregator=None,
        tracking=True,
        help="Days between two touches, where this customer needs them closer together"
        " than his level or his people do. 0: the settings decide.",
    )
    do_not_contact = fields.Boolean(
        tracking=True,
        help="This customer has asked for silence: no touch becomes due, and whoever"
        " writes to him or plans an activity is asked first.",
    )
    do_not_contact_reason = fields.Char("Reason for Silence")
    rhythm_days = fields.Integer(
        "Rhythm",
        readonly=True,
        aggregator=None,
        help="Days between two touches, by the shortest rhythm that applies; 0: none.",
    )
    next_touch_date = fields.Date(
        "Next Touch",
        readonly=True,
        index="btree_not_null",
        help="When the next touch is due: by the shortest rhythm of the level, of the"
        " segment, of the running plan, of key accounts, of this account, and of the"
        " roles its people have.",
    )

    _check_touch_days = models.Constraint(
        f"CHECK(touch_days BETWEEN 0 AND {MAX_TOUCH_DAYS})",
        f"Own rhythm: enter a number of days up to {MAX_TOUCH_DAYS}, or 0 to follow the"
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

    def _prepare_merge_values(self, survivor):
        """Keep the shortest rhythm, and the silence one of the accounts asked for."""
        everyone = self + survivor
        reasons = dict.fromkeys(filter(None, everyone.mapped("do_not_contact_reason")))
        return {
            **super()._prepare_merge_values(survivor),
            "touch_days": min(filter(None, everyone.mapped("touch_days")), default=0),
            "do_not_contact": any(everyone.mapped("do_not_contact")),
            "do_not_contact_reason": "; ".join(reasons),
        }

    def _get_evidence_fields(self):
        return {*super()._get_evidence_fields(), *CADENCE_FIELDS}

    def _get_reached_sql(self):
        """Return the SQL condition that touch ``t`` reached somebody of the customer.

        A call nobody answered did not, and what goes out to many is no talk.
        """
        return SQL(
            "t.outcome IS DISTINCT FROM 'not_reached' AND t.channel NOT IN %s",
            MASS_CHANNELS,
        )

    def _get_rhythm_sql(self, rule):
        """Return the SQL of the days between two touches of an account, or NULL.

        The shortest rhythm that applies; none for who asked for silence. Reads ``a``, a
        row of ``_get_bought_sql``, and ``figures``, one of ``_get_figures_sql``.

        :param Rule rule: the settings the account is under
        """
        days = {name: days for name, days in rule.cadence if days}
        by_level = {name: days[name] for name, _label in LEVELS if name in days}
        by_segment = {name: days[name] for name in "abc" if name in days}
        return SQL(
            """
            CASE WHEN a.do_not_contact THEN NULL
                 ELSE LEAST(NULLIF(a.touch_days, 0), a.plan_days, %(by_level)s,
                            %(by_segment)s,
                            CASE WHEN a.is_key_account THEN %(key_days)s::int END)
            END""",
            by_level=self._get_case_sql(SQL("figures.level"), by_level),
            by_segment=self._get_case_sql(SQL("figures.segment"), by_segment),
            key_days=days.get("key"),
        )

    def _get_next_touch_sql(self):
        """Return the SQL of the day the next touch of an account is due, or NULL.

        It is the last touch that reached somebody (for want of one, the last purchase,
        for want of both, the day the account was made) plus the rhythm, or the day one
        of its people is due, if that is earlier. Reads ``rhythm`` and what this does.
        """
        return SQL(
            """
            CASE WHEN a.do_not_contact THEN NULL
                 ELSE LEAST(
                    COALESCE(a.last_reached, figures.last_purchase_date,
                             a.create_date::date) + rhythm.rhythm_days,
                    a.person_due)
            END"""
        )

    def _get_rhythms_sql(self):
        """Return the SQL of further days between touches: account_id, days.

        There are none in this room; one row an account at most.
        """
        return SQL("SELECT NULL::int AS account_id, NULL::int AS days WHERE FALSE")

    def _get_case_sql(self, subject, numbers):
        """Return the SQL of the number that belongs to a value, NULL for any other.

        :param SQL subject: what is looked at
        :param dict numbers: {value: number}
        """
        if not numbers:
            return SQL("NULL::int")
        cases = [SQL("WHEN %s THEN %s", *case) for case in numbers.items()]
        return SQL("CASE %s %s END", subject, SQL(" ").join(cases))
