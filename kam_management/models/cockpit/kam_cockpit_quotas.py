from odoo import api, models

COUNTS = ("kept", "won", "engaged")
# What is an amount of money.
AMOUNTS = ("revenue", "category_revenue")
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
        labels = dict(
            lines._fields["indicator"]._description_selection(self.env),
        )
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
                "measured_at": quota.measured_at and quota.measured_at.isoformat(),
                "lines": [
                    self._prepare_quota_line(line, labels)
                    for line in by_quota.get(quota, ())
                ],
            }
            for quota in quotas.sorted(lambda q: (q.date_end - q.date_start, q.id))
        ]

    @api.model
    def _prepare_quota_line(self, line, labels):
        """Return what the cockpit shows of a line.

        :param dict labels: {indicator: its name}
        """
        name = labels.get(line.indicator, line.indicator)
        if line.categ_id:
            name = f"{name}: {line.categ_id.name}"
        return {
            "id": line.id,
            "indicator": line.indicator,
            "name": name,
            "is_count": line.indicator in COUNTS,
            "is_amount": line.indicator in AMOUNTS,
            "standing": line.standing,
            **{name: line[name] for name in FIGURES},
        }
