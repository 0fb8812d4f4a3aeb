from odoo import api, fields, models

FIGURES = ("target", "actual", "expected", "forecast", "attainment", "deviation")


class KamCockpit(models.AbstractModel):
    """Quotas as the cockpit shows them: the three counts, their balance, the rest."""

    _inherit = "kam.cockpit"

    @api.model
    @api.readonly
    def get_my_quotas(self):
        """Return the quotas of the user that run today, the shortest period first.

        :return: ``{"quotas": [...], "is_head": bool}``, see ``_prepare_quotas``
        """
        today = str(self._get_today())
        quotas = self._prepare_quotas(
            [
                ("user_id", "=", self.env.uid),
                ("scope", "=", "manager"),
                ("company_id", "in", self.env.companies.ids),
                ("state", "=", "running"),
                ("date_start", "<=", today),
                ("date_end", ">=", today),
            ]
        )
        return {"quotas": quotas, "is_head": self._is_head()}

    @api.model
    def _prepare_quotas(self, domain):
        """Return quotas with their lines.

        :param list domain: on ``kam.quota``
        :return: list of ``{id, user_id, company, currency_id, period, date_start,
            date_end, balance, measured_at, lines}``, shortest period first
        """
        quotas = self.env["kam.quota"].search(domain)
        lines = self.env["kam.quota.line"].search([("quota_id", "in", quotas.ids)])
        by_quota = lines.grouped("quota_id")
        indicators = self.env["kam.measure"]._get_indicators()
        return [
            {
                "id": quota.id,
                "user_id": quota.user_id.id,
                "company": quota.company_id.name,
                "currency_id": quota.currency_id.id,
                "period": quota.period,
                "date_start": str(quota.date_start),
                "date_end": str(quota.date_end),
                "balance": quota.balance,
                "measured_at": fields.Datetime.to_string(quota.measured_at),
                "lines": [
                    self._prepare_quota_line(line, indicators)
                    for line in by_quota.get(quota, ())
                ],
            }
            for quota in quotas.sorted(lambda q: (q.date_end - q.date_start, q.id))
        ]

    @api.model
    def _prepare_quota_line(self, line, indicators):
        """Return what the cockpit shows of a line.

        :param dict indicators: see ``kam.measure``; what another app has
            added is unknown once that is gone
        """
        indicator = indicators.get(line.indicator)
        name = indicator.label if indicator else line.indicator
        return {
            "id": line.id,
            "indicator": line.indicator,
            "name": f"{name}: {line.categ_id.name}" if line.categ_id else name,
            "is_count": bool(indicator) and indicator.is_count,
            "is_amount": bool(indicator) and indicator.unit is None,
            "unit": line.unit,
            "standing": line.standing,
            **{name: line[name] for name in FIGURES},
        }
