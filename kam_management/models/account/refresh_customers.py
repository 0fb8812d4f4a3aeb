from odoo import models
from odoo.tools import SQL

from . import evidence
from .kam_account_metrics import COMPUTED_FIELDS


class KamAccount(models.Model):
    """Who is a customer: accounts for those who have none, their manager, their leads."""

    _inherit = "kam.account"

    def _get_customers_sql(self, rules, scoped):
        """Return the SQL of who should have an account, see ``evidence.customers``."""
        customers = evidence.customers(rules, scoped)
        if not scoped:
            return customers
        return SQL(
            """
            SELECT company_id, partner_id FROM (%s) customer
             WHERE (company_id, partner_id) IN (SELECT company_id, entity_id FROM kam_scope)
            """,
            customers,
        )

    def _find_missing(self, customers, accounts):
        """Note in ``kam_missing`` which customers have no account yet.

        Neither our own companies nor internal users are customers.

        :param SQL customers: rows of company_id, partner_id (a commercial entity); a
            customer may come several times
        :param SQL accounts: condition on ``kam_account a`` that holds at least for the
            accounts of these customers
        :return: their number
        """
        execute = self.env.cr.execute
        execute("DROP TABLE IF EXISTS kam_missing")
        self._create_temp_table(
            "kam_missing",
            [
                SQL(
                    """
                    SELECT company_id, partner_id FROM (%s) customer
                     WHERE partner_id NOT IN (
                            SELECT partner_id FROM res_company
                            UNION ALL SELECT partner_id FROM res_users WHERE NOT share)
                    EXCEPT
                    SELECT company_id, partner_id FROM kam_account a WHERE %s
                    """,
                    customers,
                    accounts,
                )
            ],
        )
        execute("ANALYZE kam_missing")
        execute("SELECT count(*) FROM kam_missing")
        return self.env.cr.fetchone()[0]

    def _insert_missing(self):
        """Insert the accounts of ``kam_missing`` as they begin: without any figures."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO kam_account
                       (company_id, partner_id, active, level, manager_id, team_id, source_id,
                        create_date)
                SELECT company_id, partner_id, active, 'potential', manager_id, team_id,
                       source_id, now() AT TIME ZONE 'UTC'
                  FROM (%s) beginning
                    ON CONFLICT DO NOTHING
                """,
                self._get_beginnings_sql(),
            )
        )

    def _refresh_insert(self):
        """Insert the accounts of ``kam_missing`` with their figures of ``kam_refresh``."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO kam_account
                       (id, company_id, partner_id, active, manager_id, team_id, source_id,
                        create_date, level_date, %(names)s)
                SELECT r.account_id, r.company_id, r.partner_id, b.active, b.manager_id,
                       b.team_id, b.source_id, now() AT TIME ZONE 'UTC', step.date,
                       %(standing)s
                  FROM kam_refresh r
                  JOIN (%(beginnings)s) b
                    ON b.company_id = r.company_id AND b.partner_id = r.partner_id
                  LEFT JOIN kam_step step
                    ON step.account_id = r.account_id AND step.is_last
                 WHERE r.missing
                    ON CONFLICT DO NOTHING
                """,
                names=SQL(", ").join(map(SQL.identifier, COMPUTED_FIELDS)),
                standing=self._get_columns_sql("r"),
                beginnings=self._get_beginnings_sql(),
            )
        )

    def _refresh_appoint(self):
        """Give accounts that leave potential without a manager the one who moved them.

        An account is made as soon as its customer is known, when nobody has sold to him
        yet; the rule is that of a new account.
        """
        execute = self.env.cr.execute
        execute("DROP TABLE kam_missing")
        self._create_temp_table(
            "kam_missing",
            [
                SQL(
                    """
                    SELECT r.company_id, r.partner_id FROM kam_refresh r
                      JOIN kam_account a ON a.id = r.account_id
                     WHERE r.first_move AND a.manager_id IS NULL
                    """
                )
            ],
        )
        execute("SELECT FROM kam_missing LIMIT 1")
        if not self.env.cr.rowcount:
            return
        execute("ANALYZE kam_missing")
        execute(
            SQL(
                """
                UPDATE kam_account a SET manager_id = b.manager_id, team_id = b.team_id
                  FROM (%s) b
                 WHERE a.company_id = b.company_id AND a.partner_id = b.partner_id
                   AND b.manager_id IS NOT NULL
                """,
                self._get_beginnings_sql(),
            )
        )

    def _get_beginnings_sql(self):
        """Return the SQL of what is known of the customers of ``kam_missing``.

        Columns: company_id, partner_id, active, manager_id, team_id, source_id. The
        first manager is the salesperson of the customer, else the one who sold last,
        else the one of the first lead, if he works here and in this company. The source
        is that of the first lead.
        """
        return SQL(
            """
            SELECT m.company_id, m.partner_id, p.active, u.id AS manager_id,
                   u.sale_team_id AS team_id, found.source_id
              FROM kam_missing m
              JOIN res_partner p ON p.id = m.partner_id
              LEFT JOIN (
                -- the greatest number names the salesperson of the last day
                SELECT o.company_id, o.kam_commercial_partner_id AS partner_id,
                       (max((o.date_order::date - DATE '2000-01-01')::bigint << 32
                            | o.user_id) & 4294967295)::int AS user_id
                  FROM sale_order o
                  JOIN kam_missing m ON m.company_id = o.company_id
                   AND m.partner_id = o.kam_commercial_partner_id
                 GROUP BY 1, 2
              ) sold ON sold.company_id = m.company_id AND sold.partner_id = m.partner_id
              LEFT JOIN (
                SELECT DISTINCT ON (lead.company_id, lead.partner_id) lead.*
                  FROM (%s) lead
                  JOIN kam_missing USING (company_id, partner_id)
                 ORDER BY lead.company_id, lead.partner_id, lead.create_date, lead.id
              ) found ON found.company_id = m.company_id AND found.partner_id = m.partner_id
              LEFT JOIN res_users u
                ON u.id = COALESCE(p.user_id, sold.user_id, found.user_id)
               AND u.active AND NOT u.share
               AND (u.id, m.company_id) IN (SELECT user_id, cid FROM res_company_users_rel)
            """,
            evidence.leads(scoped=False),
        )

    def _refresh_link_leads(self, scoped):
        """Link leads that have a customer but no account yet, and touches of such leads.

        A lead that is linked already keeps its account: an open one follows its
        customer by itself, a closed one is history.

        :param bool scoped: only customers of ``kam_scope``
        :return: set of (company id, partner id) whose accounts got touches
        """
        execute = self.env.cr.execute
        execute(
            SQL(
                """
                UPDATE crm_lead l SET kam_account_id = a.id
                  FROM (%s) lead
                  JOIN kam_account a ON a.company_id = lead.company_id
                   AND a.partner_id = lead.partner_id
                 WHERE l.id = lead.id AND lead.kam_account_id IS NULL
                """,
                evidence.leads(scoped),
            )
        )
        execute(
            """
            UPDATE kam_touch t SET account_id = a.id
              FROM crm_lead l
              JOIN kam_account a ON a.id = l.kam_account_id
             WHERE t.account_id IS NULL AND t.lead_id = l.id
               -- a meeting is one touch of an account, on however many of its leads
               AND NOT EXISTS (SELECT FROM kam_touch twin
                                 LEFT JOIN crm_lead beside ON beside.id = twin.lead_id
                                WHERE twin.event_id = t.event_id
                                  AND (twin.account_id = a.id
                                       OR twin.account_id IS NULL AND twin.id < t.id
                                          AND beside.kam_account_id = a.id))
            RETURNING a.company_id, a.partner_id
            """
        )
        return set(self.env.cr.fetchall())
