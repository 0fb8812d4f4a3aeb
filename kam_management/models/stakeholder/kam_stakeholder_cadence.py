from odoo import api, fields, models
from odoo.tools import SQL

from ..account.rule import after

# What decides when the person is due, or whether he is at all.
CADENCE_FIELDS = {"account_id", "partner_id", "role_ids", "active"}


class KamStakeholder(models.Model):
    """When the person was met last, and when he should be met again."""

    _inherit = "kam.stakeholder"

    last_touch_date = fields.Date("Last Touch", readonly=True)
    next_touch_date = fields.Date(
        "Next Touch",
        readonly=True,
        index="btree_not_null",
        help="The last touch with this person, else the day the dossier was made, plus"
        " the shortest rhythm of his roles.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        dossiers = super().create(vals_list)
        dossiers._enqueue_accounts()
        return dossiers

    def write(self, vals):
        decisive = not CADENCE_FIELDS.isdisjoint(vals)
        if decisive:
            self._enqueue_accounts()
        result = super().write(vals)
        if decisive:
            self._enqueue_accounts()
        return result

    def unlink(self):
        self._enqueue_accounts()
        return super().unlink()

    def action_log_touch(self):
        """Open the quick form for a touch with this person."""
        self.ensure_one()
        return self.env["kam.touch"]._prepare_quick_action(
            account_id=self.account_id.id, partner_id=self.partner_id.id
        )

    def _enqueue_accounts(self):
        """Report to the engine that the people of these accounts have changed."""
        # sudo: reads which customer to refresh, and nothing else
        self.sudo().account_id._enqueue()


class KamStakeholderRole(models.Model):
    _inherit = "kam.stakeholder.role"

    def write(self, vals):
        result = super().write(vals)
        if "touch_days" in vals:
            self.env["res.company"]._wake_kam_refresh()
        return result


class KamAccount(models.Model):
    """The part of the refresh that is about people."""

    _inherit = "kam.account"

    def _refresh_collect_people(self, as_of, scoped):
        """Work out in ``kam_person`` when the people of the accounts are due.

        One row per dossier in use: stakeholder_id, account_id, last_date, next_date.
        People who left, or want silence, are due never.

        :param date as_of: touches after this day do not count
        :param bool scoped: only accounts of ``kam_scope``
        """
        people = self._get_people_sql(after(as_of), self._get_accounts_sql(scoped))
        self._create_temp_table("kam_person", [people])
        self.env.cr.execute("ANALYZE kam_person (stakeholder_id, account_id)")

    def _get_people_sql(self, end, scope):
        """Return the SQL of the rows of ``kam_person``.

        :param date end: touches from this day on do not count
        :param SQL scope: condition on account ``a``
        """
        return SQL(
            """
            SELECT d.id AS stakeholder_id, d.account_id, met.last_date,
                   CASE WHEN d.active AND NOT COALESCE(a.do_not_contact, FALSE)
                         AND NOT COALESCE(p.kam_do_not_contact, FALSE)
                        THEN COALESCE(met.last_date, d.create_date::date)
                             + rhythm.days
                        END AS next_date
              FROM kam_stakeholder d
              JOIN kam_account a ON a.id = d.account_id
              LEFT JOIN res_partner p ON p.id = d.partner_id
              LEFT JOIN LATERAL (
                SELECT min(r.touch_days) AS days
                  FROM kam_stakeholder_role_rel rel
                  JOIN kam_stakeholder_role r ON r.id = rel.role_id
                 WHERE rel.stakeholder_id = d.id
              ) rhythm ON TRUE
              LEFT JOIN LATERAL (
                SELECT max(t.date)::date AS last_date
                  FROM kam_touch_partner_rel rel
                  JOIN kam_touch t ON t.id = rel.touch_id
                 WHERE rel.partner_id = d.partner_id
                   AND t.account_id = d.account_id
                   AND t.outcome IS DISTINCT FROM 'not_reached'
                   AND t.active AND t.date < %(end)s
              ) met ON TRUE
             WHERE %(scope)s
            """,
            end=end,
            scope=scope,
        )

    def _refresh_write_people(self):
        """Write when people were met, and are due, where it differs."""
        self.env.cr.execute(
            """
            UPDATE kam_stakeholder d
               SET last_touch_date = person.last_date, next_touch_date = person.next_date
              FROM kam_person person
             WHERE d.id = person.stakeholder_id
               AND (d.last_touch_date, d.next_touch_date)
                   IS DISTINCT FROM (person.last_date, person.next_date)
            """
        )
