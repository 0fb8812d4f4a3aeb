from odoo import api, fields, models
from odoo.tools import SQL

from ..common import clock
from .spells import left_over


class KamAccountTerm(models.Model):
    """From when to when somebody led an account: whose its figures are.

    An account has no two terms on the same day; a day without one is nobody's. The
    first term has no beginning: who leads an account when the app comes to know it
    answers for its past, too. A term without end is that of the present manager.
    """

    _name = "kam.account.term"
    _description = "Key Account Manager Assignment"
    _inherit = ["kam.account.part", "kam.term.mixin"]
    _subject_name, _value_name = "account_id", "user_id"

    user_id = fields.Many2one(string="Key Account Manager")

    _open_uniq = models.UniqueIndex(
        "(account_id) WHERE date_end IS NULL",
        "An account has one key account manager at a time.",
    )
    _start_uniq = models.UniqueIndex(
        "(account_id, COALESCE(date_start, '-infinity'::date))",
        "Two assignments of an account cannot begin on the same day.",
    )

    @api.model
    def get_import_templates(self):
        name = "kam_account_term_import_template.xlsx"
        return [
            {
                "label": self.env._("Import Template for Manager History"),
                "template": f"/kam_management/static/xls/{name}",
            }
        ]

    @api.model_create_multi
    def create(self, vals_list):
        terms = super().create(vals_list)
        terms.exists()._report_news()
        return terms

    def write(self, vals):
        self._report_news()
        result = super().write(vals)
        self._report_news()
        return result

    def unlink(self):
        self._report_news()
        return super().unlink()

    def _report_news(self):
        """Have the steps of these accounts credited anew, to who led them then."""
        # sudo: which customer it is about, and nothing else
        self.sudo().account_id._enqueue()

    def _repoint(self, vals):
        """Leave the survivor its terms, and give it others for the days it has free.

        Who leads another account today goes first, for the survivor that nobody leads
        gets its manager. So no two terms are about the same day, and none is lost that
        was the only one.

        :return: the terms that moved, with some of their days or all
        """
        moved = self.browse()
        accounts = self.account_id.sorted()
        led = accounts.filtered("manager_id")
        for account in led | accounts:
            for term, spell, free in (self & account.term_ids)._find_gaps(vals):
                others = term._keep_days(spell, free)
                super(KamAccountTerm, term)._repoint(vals)
                moved |= term | self.create([{**days, **vals} for days in others])
        return moved

    def _find_gaps(self, vals):
        """Return which days of these terms of one account a survivor has free.

        The others stay behind and go with their account.

        :param dict vals: the link to the survivor
        :return: list of (term, its days, those that are free, in one part or more)
        """
        taken = [
            self._prepare_claim(term._read_claim())[1:]
            for term in self.search(
                [(name, "=", target) for name, target in vals.items()]
            )
        ]
        spells = {term: self._prepare_claim(term._read_claim())[1:] for term in self}
        return [
            (term, spell, free)
            for term, spell in spells.items()
            if (free := left_over(spell, taken))
        ]

    def _is_current(self):
        self.ensure_one()
        return not self.date_end and self.account_id.manager_id == self.user_id

    def _get_current_error(self):
        return self.env._(
            "%(user)s is the manager of %(account)s today. Change the manager on the"
            " account, and this assignment ends by itself.",
            user=self.user_id.name,
            account=self.account_id.display_name,
        )

    def _get_not_current_error(self):
        return self.env._(
            "%(user)s is not the manager of %(account)s today. Give the assignment a"
            " last day, or change the manager on the account.",
            user=self.user_id.name,
            account=self.account_id.display_name,
        )

    # Found in the documents

    @api.model
    def _get_sold_sql(self):
        """Return the SQL of who sold to which account: see ``smoothing``."""
        return SQL(
            """
            SELECT a.id AS subject_id, sale.user_id AS value_id, sale.date, sale.amount
              FROM (%s) sale
              JOIN kam_account a ON a.company_id = sale.company_id
               AND a.partner_id = sale.partner_id
            """,
            self._get_sales_sql(),
        )

    @api.model
    def _get_undated_sql(self):
        """Return the SQL of (subject_id, value_id): accounts whose past is not known.

        They have no term, or that of their manager since ever.
        """
        return SQL(
            """
            SELECT a.id AS subject_id, a.manager_id AS value_id FROM kam_account a
             WHERE NOT EXISTS (
                SELECT FROM kam_account_term t
                 WHERE t.account_id = a.id
                   AND (t.date_start IS NOT NULL OR t.date_end IS NOT NULL
                        OR t.user_id IS DISTINCT FROM a.manager_id))
            """
        )

    @api.model
    def _derive(self):
        """Read out of the purchases who led which account in the past.

        Only where no more is known than who leads it today; see ``smoothing``.
        """
        self.env["kam.account"]._refresh_terms()
        self._write_derived()
        self.env["kam.engine"]._credit_steps()


class KamAccount(models.Model):
    """Who led the account when: kept as terms, whoever changes the manager and how."""

    _inherit = "kam.account"

    term_ids = fields.One2many(
        "kam.account.term", "account_id", "Manager History", readonly=True, copy=False
    )

    @api.model_create_multi
    def create(self, vals_list):
        accounts = super().create(vals_list)
        accounts.filtered("manager_id")._refresh_terms_of_these(since_ever=True)
        return accounts

    def write(self, vals):
        result = super().write(vals)
        if "manager_id" in vals:
            self._refresh_terms_of_these()
        return result

    def action_view_terms(self):
        """Open who led this account when, to correct it."""
        action = self._prepare_records_action("kam_management.kam_account_term_action")
        action["domain"] = [("account_id", "=", self.id)]
        action["context"] = {"active_test": False, "default_account_id": self.id}
        return action

    def _refresh_terms_of_these(self, since_ever=False):
        """Let the terms of these accounts follow their managers."""
        if self:
            self.flush_recordset(["manager_id"])
            self._refresh_terms(SQL("a.id IN %s", tuple(self.ids)), since_ever)

    @api.model
    def _refresh_terms(self, scope=None, since_ever=True):
        """Write what has changed about who leads which account.

        :param SQL scope: a condition on ``kam_account a``; None for all
        :param bool since_ever: the first term has no beginning; else only that of an
            account made today has none
        """
        scope = scope or SQL("TRUE")
        self.env["kam.account.term"]._follow(
            SQL(
                """
                SELECT a.id AS account_id, a.manager_id AS user_id, a.company_id,
                       a.create_date >= %s AS is_new
                  FROM kam_account a WHERE a.manager_id IS NOT NULL AND %s
                """,
                clock.today(),
                scope,
            ),
            SQL("t.account_id IN (SELECT a.id FROM kam_account a WHERE %s)", scope),
            since_ever,
        )
        self.invalidate_model(["term_ids"], flush=False)


def led(account, day):
    """Return the SQL condition that an account was led in ``term`` on a day.

    :param SQL account: its id
    :param SQL day: a date
    """
    return SQL(
        """(term.account_id = %(account)s
            AND COALESCE(term.date_start, '-infinity') <= %(day)s
            AND COALESCE(term.date_end, 'infinity') >= %(day)s)""",
        account=account,
        day=day,
    )
