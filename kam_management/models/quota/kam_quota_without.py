from odoo import api, fields, models

from ..measure.indicator import AVERAGE, STATE


class KamQuota(models.Model):
    """What if: quotas without some customers."""

    _inherit = "kam.quota"

    @api.model
    def _get_without(self, account_ids):
        """Return what running quotas would be without some accounts.

        Those the user may read, in a constant number of queries.

        :param account_ids: ids of ``kam.account``
        :return: list of dicts, one per line that loses something: quota (its name),
            quota_id, period (kind of it), measured_at, line_id, indicator (label),
            target, actual, forecast, actual_without, forecast_without, is_money
        """
        if not account_ids:
            return []
        quotas = self.search([("state", "=", "running")])
        # sudo: the figures follow from facts that one need not see one by one
        lines = quotas.sudo()._read_lines()
        measure = self.env["kam.measure"]
        lost = measure._sum(lines, account_ids=account_ids)
        lost_ahead = measure._sum(lines, outlook=True, account_ids=account_ids)
        known = measure._get_indicators()
        averages = [ln for ln in lines if known[ln["indicator"]].kind == AVERAGE]
        whole = measure._sum(averages) if averages else {}
        result = []
        for line in lines:
            key = line["key"]
            if key in lost or key in lost_ahead:
                gone, gone_ahead = (
                    sums.get(key, (0.0, 0.0)) for sums in (lost, lost_ahead)
                )
                result.append(
                    self._prepare_without(line, gone, gone_ahead[0], whole.get(key))
                )
        return [
            row
            for row in result
            if row["actual"] != row["actual_without"]
            or row["forecast"] != row["forecast_without"]
        ]

    def _prepare_without(self, line, gone, gone_ahead, whole):
        """Return a line with its figures as they are and as they would be."""
        indicator = self.env["kam.measure"]._get_indicators()[line["indicator"]]
        actual, forecast = line["actual"], line["forecast"]
        if indicator.kind == AVERAGE:
            rest = whole[1] - gone[1]
            actual_without = (whole[0] - gone[0]) / rest if rest else 0.0
            forecast_without = actual_without
        else:
            actual_without = actual - gone[0]
            if indicator.kind == STATE and indicator.outlook:
                forecast_without = forecast - gone_ahead
            elif indicator.outlook:
                forecast_without = forecast - gone[0] - gone_ahead
            else:
                # the pace slows down by what is lost of it
                facts = actual - line["correction"]
                ahead = forecast - line["correction"]
                forecast_without = forecast - (
                    gone[0] * ahead / facts if facts else 0.0
                )
        quota = self.browse(line["quota_id"])
        return {
            "quota": quota.display_name,
            "quota_id": quota.id,
            "period": quota.period,
            "measured_at": fields.Datetime.to_string(quota.measured_at),
            "line_id": line["key"],
            "indicator": indicator.label,
            "target": line["target"],
            "actual": actual,
            "forecast": forecast,
            "actual_without": round(actual_without, 6),
            "forecast_without": round(forecast_without, 6),
            "is_money": indicator.unit is None,
        }
