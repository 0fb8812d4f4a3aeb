from odoo import api, models

from ..common.turns import take_turns

CORRECTION_MODEL = "kam.quota.line"


class KamQuota(models.Model):
    """The records behind the figures of closed periods: kept as they were counted."""

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
        for line in quotas.line_ids:
            line.restated = line.actual - line.correction

    def _thaw_facts(self):
        """Let go of the facts of quotas that were closed and are open again."""
        if self:
            # sudo: facts are the app's own
            quotas = self.sudo()
            quotas._carry(-1)
            quotas.line_ids.fact_ids.unlink()

    def _carry(self, sign):
        """Mark what these quotas correct as counted, or as to be counted again."""
        corrections = self.env["kam.quota.fact"].search(
            [("line_id", "in", self.line_ids.ids), ("res_model", "=", CORRECTION_MODEL)]
        )
        Line = self.env["kam.quota.line"]
        for number, facts in corrections.grouped("res_id").items():
            closed = Line.browse(number).exists()
            closed.carried += sign * sum(facts.mapped("value"))

    @api.model
    def _write_facts(self, lines):
        """Keep the facts of some lines; they take the place of the former ones.

        One statement per indicator, whatever the number of lines.
        """
        if not lines:
            return
        self.env.flush_all()
        take_turns(lines)
        lines.fact_ids.unlink()
        asked = set(lines.filtered(lambda line: not line.reported).ids)
        rows = [row for row in lines.quota_id._read_lines() if row["key"] in asked]
        query = self.env["kam.measure"]._get_records_sql(rows)
        if query:
            self.env["kam.quota.fact"]._insert(query)
        corrections = self._get_corrections(lines)
        self.env["kam.quota.fact"].create(
            [{"line_id": line.id, **vals} for line, vals in corrections]
        )
        lines.invalidate_recordset(["fact_ids"], flush=False)

    @api.model
    def _get_corrections(self, lines):
        """Return [(line, values of a fact)]: what lines correct of earlier periods.

        As the last ``_measure`` found it.
        """
        quotas = lines.filtered("correction").quota_id
        if not quotas:
            return []
        found = self._map_corrections(quotas._find_closed()._read_lines())
        return [
            (
                line,
                {
                    "date": line.date_start,
                    "value": amount,
                    "weight": 1,
                    "user_id": closed["user_id"],
                    "res_model": CORRECTION_MODEL,
                    "res_id": closed["key"],
                },
            )
            for line in lines
            for closed, amount in found.get(line.id, ())
        ]


class KamQuotaLine(models.Model):
    """Every figure opens the records behind it."""

    _name = "kam.quota.line"
    _inherit = ["kam.quota.line", "kam.figure"]

    @api.depends("indicator", "company_id")
    def _compute_unit(self):
        indicators = self.env["kam.measure"]._get_indicators()
        for company, lines in self.grouped("company_id").items():
            currency = company.currency_id.name
            for line in lines:
                known = indicators.get(line.indicator)
                line.unit = known and (known.unit or currency)

    @api.depends("quota_id", "label")
    def _compute_display_name(self):
        for line in self:
            parts = (line.quota_id.display_name, line.label)
            line.display_name = ": ".join(filter(None, parts))

    def _get_source_label(self):
        return self.env._("Correction of %(period)s", period=self.display_name)

    def _get_figure_row(self):
        [row] = self.quota_id._read_lines(self)
        return row

    def _get_records_sql(self):
        if self.state == "closed":
            return self.env["kam.quota.fact"]._get_kept_sql(self)
        return super()._get_records_sql()

    def _get_corrections(self):
        return [vals for _line, vals in self.quota_id._get_corrections(self)]

    def _get_shown_figure(self):
        if self.state == "closed":
            return self.actual
        return super()._get_shown_figure() + self.correction
