from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import formatLang

from ..turns import take_turns
from .frame import EVERYBODY, NOBODY
from .kam_quota_indicators import STATE

CORRECTION_MODEL = "kam.quota.line"


class KamQuota(models.Model):
    """The records behind the figures: worked out when asked for, kept when closed."""

    _inherit = "kam.quota"

    def write(self, vals):
        reopened = self.browse()
        if vals.get("state") in ("draft", "running"):
            reopened = self.filtered(lambda quota: quota.state == "closed")
        result = super().write(vals)
        reopened._thaw_facts()
        return result

    def _freeze_facts(self):
        """Keep the facts of these quotas for good; call it after ``_measure``.

        What they correct of earlier periods is done with then.
        """
        # sudo: facts are the app's own
        quotas = self.sudo()
        quotas._write_facts(quotas.line_ids)
        quotas._carry(1)
        quotas.flush_model()
        self.env["kam.quota.line"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE kam_quota_line
                   SET restated = COALESCE(actual, 0) - COALESCE(correction, 0)
                 WHERE quota_id IN %s
                """,
                tuple(self.ids) or (0,),
            )
        )
        self.env["kam.quota.line"].invalidate_model(flush=False)

    def _thaw_facts(self):
        """Let go of the facts of quotas that were closed and are open again."""
        if self:
            # sudo: facts are the app's own
            self.sudo()._carry(-1)
            self.env["kam.quota.fact"].sudo().search(
                [("line_id.quota_id", "in", self.ids)]
            ).unlink()

    def _carry(self, sign):
        """Mark what these quotas correct as counted, or as to be counted again."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE kam_quota_line closed
                   SET carried = COALESCE(closed.carried, 0) + %s * fact.value
                  FROM (
                    SELECT f.res_id, sum(f.value) AS value
                      FROM kam_quota_fact f JOIN kam_quota_line l ON l.id = f.line_id
                     WHERE f.res_model = %s AND l.quota_id IN %s
                     GROUP BY f.res_id
                  ) fact
                 WHERE fact.res_id = closed.id
                """,
                sign,
                CORRECTION_MODEL,
                tuple(self.ids) or (0,),
            )
        )
        self.env["kam.quota.line"].invalidate_model(["carried"], flush=False)

    @api.model
    def _write_facts(self, lines):
        """Work out the facts of some lines; they take the place of the former ones.

        One statement per indicator, whatever the number of lines.
        """
        if not lines:
            return
        self.env.flush_all()
        take_turns(lines)
        ids = tuple(lines.ids)
        self.env.cr.execute("DELETE FROM kam_quota_fact WHERE line_id IN %s", [ids])
        rows = [row for row in lines.quota_id._read_lines() if row["key"] in set(ids)]
        if question := self._prepare_question(rows):
            for key, asked in question.rows.items():
                indicator = self._get_indicators()[key]
                self.env.cr.execute(self._get_facts_of_sql(indicator, question, asked))
        self._write_corrections(lines)
        self.env["kam.quota.fact"].invalidate_model(flush=False)
        lines.invalidate_recordset(["fact_ids"], flush=False)

    def _get_facts_of_sql(self, indicator, question, rows):
        """Return the SQL that inserts the facts of the lines that are asked about."""
        if indicator.kind == STATE:
            slots, slot = SQL(), SQL("r.period_id")
        else:
            slots = SQL("JOIN kam_piece ON kam_piece.period_id = r.period_id")
            slot = SQL("kam_piece.piece")
        product = SQL()
        if indicator.by_product:
            product = SQL(
                "AND f.categ_id = r.categ_id AND (r.buyer = 'all' OR r.buyer = f.buyer)"
            )
        # a fact counts for whom it is credited to, and for the company
        counts_for = SQL("ARRAY[COALESCE(fact.user_id, %s)]", NOBODY)
        if question.frame.with_nobody:
            counts_for = SQL("%s || %s", counts_for, EVERYBODY)
        return SQL(
            """
            WITH %(tables)s
            INSERT INTO kam_quota_fact
                   (line_id, company_id, date, account_id, user_id, value, weight,
                    res_model, res_id)
            SELECT r.key, f.company_id, f.date, f.account_id, f.user_id, f.value,
                   f.weight, f.res_model, f.res_id
              FROM kam_row r
              %(slots)s
              JOIN (
                SELECT fact.*, counted.for_id
                  FROM (%(facts)s) fact
                 CROSS JOIN unnest(%(counts_for)s) counted (for_id)
              ) f ON f.company_id = r.company_id AND f.for_id = r.user_id
                 AND f.slot = %(slot)s %(product)s
             ORDER BY f.date, f.res_id
            """,
            tables=self._get_tables_sql(question, rows),
            slots=slots,
            facts=self._get_facts_sql(indicator, question, outlook=False),
            counts_for=counts_for,
            slot=slot,
            product=product,
        )

    def _write_corrections(self, lines):
        """Insert the corrections of earlier periods as facts of their own.

        They were worked out by the last ``_measure``.
        """
        quotas = lines.filtered("correction").quota_id
        if not quotas:
            return
        corrections = self._map_corrections(quotas._find_closed()._read_lines())
        self.env["kam.quota.fact"].create(
            [
                {
                    "line_id": line.id,
                    "date": line.date_start,
                    "value": amount,
                    "weight": 1,
                    "user_id": closed["user_id"],
                    "res_model": CORRECTION_MODEL,
                    "res_id": closed["key"],
                }
                for line in lines
                for closed, amount in corrections.get(line.id, ())
            ]
        )


class KamQuotaLine(models.Model):
    """Every figure opens the records behind it."""

    _inherit = "kam.quota.line"

    @api.depends("indicator", "company_id")
    def _compute_unit(self):
        indicators = self.env["kam.quota"]._get_indicators()
        for line in self:
            known = indicators.get(line.indicator)
            line.unit = known and (known.unit or line.company_id.currency_id.name)

    @api.depends("indicator", "quota_id", "categ_id")
    def _compute_display_name(self):
        labels = dict(self.env["kam.quota"]._select_indicator())
        for line in self:
            parts = (
                line.quota_id.display_name,
                labels.get(line.indicator),
                line.categ_id.name,
            )
            line.display_name = ": ".join(filter(None, parts))

    def _format_actual(self):
        """Return the actual figure with its unit, such as “12.50 customers”."""
        self.ensure_one()
        digits = 0 if float(self.actual).is_integer() else 2
        return f"{formatLang(self.env, self.actual, digits=digits)} {self.unit}"

    def action_open_facts(self):
        """Open the records that the actual figure is made of, as a list with its sum.

        Those of a running period are worked out anew, and so is the figure; a closed
        period shows what it was closed with.

        :return: window action on ``kam.quota.fact``
        """
        self.ensure_one()
        self.check_access("read")
        indicator = self.env["kam.quota"]._get_indicators().get(self.indicator)
        if not indicator:
            raise UserError(
                self.env._(
                    "The app that counts this is not installed any more. Remove the line."
                )
            )
        # sudo: figures and facts are the app's own; whose they are was asked above
        line = self.sudo()
        if line.state != "closed":
            line.quota_id._measure()
            line.quota_id._write_facts(line)
        xmlid = f"kam_management.kam_quota_fact_action_{indicator.kind}"
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        return {
            **action,
            # the list itself sums up one page at a time
            "name": f"{self.display_name} = {self._format_actual()}",
            "domain": [("line_id", "=", self.id)],
            "context": {},
        }
