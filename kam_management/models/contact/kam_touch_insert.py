from odoo import api, models
from odoo.tools import SQL

from ..evidence.contacts import get_people_sql
from ..evidence.customers import IS_VENDOR


class KamTouch(models.Model):
    """Candidates become touches: accounts are found or made, sources joined.

    They are collected in ``kam_capture``, one row per contact. Each becomes a touch
    once, as its source is unique: so a batch may be repeated at will.
    """

    _inherit = "kam.touch"

    @api.model
    def _capture_candidates(self, candidates):
        """Turn candidates into touches and report their accounts to the engine.

        :param SQL candidates: see ``kam.evidence._get_message_contacts_sql``
        """
        execute = self.env.cr.execute
        execute("DROP TABLE IF EXISTS kam_capture")
        execute(SQL("CREATE TEMP TABLE kam_capture ON COMMIT DROP AS %s", candidates))
        execute("ANALYZE kam_capture")
        self._find_accounts()
        self._join_meetings()
        with self._waking_health():
            self._insert_touches()
        self._take_over_resources()
        self.invalidate_model()

    def _find_accounts(self):
        """Give the candidates their accounts, made where a customer has none yet."""
        added = self.env["kam.engine"]._add_accounts(
            SQL(
                """
                SELECT c.company_id, c.partner_id
                  FROM kam_capture c
                  JOIN res_partner p ON p.id = c.partner_id
                 WHERE NOT %s
                """,
                IS_VENDOR,
            )
        )
        self._appoint_first_contacts(added)
        self.env.cr.execute(
            """
            UPDATE kam_capture c SET account_id = a.id
              FROM kam_account a
             WHERE c.account_id IS NULL
               AND a.company_id = c.company_id AND a.partner_id = c.partner_id
            """
        )

    def _join_meetings(self):
        """Let a done activity and its meeting, captured already, be one touch."""
        self.env.cr.execute(
            """
            UPDATE kam_touch t
               SET message_id = c.message_id,
                   active = t.active OR t.is_called_off IS TRUE, is_called_off = FALSE,
                   quality = COALESCE(NULLIF(t.quality, 0), d.kam_quality),
                   outcome = COALESCE(t.outcome, d.kam_outcome),
                   note = COALESCE(t.note, d.feedback)
              FROM kam_capture c
              LEFT JOIN mail_activity d ON d.id = c.activity_id
             WHERE t.event_id = c.event_id AND t.message_id IS NULL
               AND (t.account_id = c.account_id
                    OR t.account_id IS NULL AND t.lead_id = c.lead_id)
               AND c.message_id IS NOT NULL
               AND NOT EXISTS (
                   SELECT FROM kam_touch twin WHERE twin.message_id = c.message_id)
            """
        )

    def _insert_touches(self):
        """Make a touch of each candidate that is none yet, and news of its account."""
        self.env.cr.execute(
            SQL(
                """
                WITH captured AS (
                    INSERT INTO kam_touch
                           (active, account_id, lead_id, partner_id, user_id, company_id, date,
                            duration, channel, direction, summary, message_id, event_id,
                            communication_id, quality, outcome, note, write_date)
                    SELECT TRUE, a.id, c.lead_id, c.contact_id, c.user_id,
                           COALESCE(a.company_id, c.company_id), c.date, c.duration,
                           c.channel, c.direction, c.summary, c.message_id, c.event_id,
                           c.communication_id, d.kam_quality, d.kam_outcome, d.feedback,
                           now() AT TIME ZONE 'UTC'
                      FROM kam_capture c
                      LEFT JOIN kam_account a ON a.id = c.account_id
                      LEFT JOIN mail_activity d ON d.id = c.activity_id
                     WHERE a.id IS NOT NULL OR c.lead_id IS NOT NULL
                     -- the same meeting twice: the one that names the lead says more
                     ORDER BY c.message_id, c.lead_id
                        ON CONFLICT DO NOTHING
                    RETURNING id, account_id, partner_id, direction, message_id, event_id
                ),
                met AS (%(met)s)
                INSERT INTO kam_account_event (company_id, partner_id)
                SELECT DISTINCT a.company_id, a.partner_id
                  FROM captured
                  JOIN kam_account a ON a.id = captured.account_id
                """,
                met=self._get_insert_people_sql(),
            )
        )

    def _get_insert_people_sql(self):
        """Return the SQL that notes who took part in the touches of ``captured``."""
        touches = SQL(
            """
            SELECT t.*, a.partner_id AS customer_id
              FROM captured t
              LEFT JOIN kam_account a ON a.id = t.account_id
            """
        )
        return SQL(
            """
            INSERT INTO kam_touch_partner_rel (touch_id, partner_id)
            SELECT id, partner_id FROM (%s) person
            RETURNING touch_id
            """,
            get_people_sql(touches),
        )

    def _take_over_resources(self):
        """Move the resources typed in with an activity to the touch it became."""
        self.env.cr.execute(
            """
            WITH moved AS (
                UPDATE kam_touch_resource line
                   SET touch_id = t.id, activity_id = NULL, company_id = t.company_id
                  FROM kam_capture c
                  JOIN kam_touch t ON t.message_id = c.message_id
                 WHERE line.activity_id = c.activity_id
                RETURNING line.touch_id, line.cost
            )
            UPDATE kam_touch t SET cost = COALESCE(t.cost, 0) + moved.cost
              FROM (SELECT touch_id, sum(cost) AS cost FROM moved GROUP BY touch_id) moved
             WHERE t.id = moved.touch_id
            """
        )
        self.env["kam.touch.resource"].invalidate_model()

    def _appoint_first_contacts(self, account_ids):
        """Make who was in contact first the manager of a new account nobody sold to.

        :param list account_ids: ids of accounts that were just added
        """
        self.env.cr.execute(
            """
            UPDATE kam_account a SET manager_id = u.id, team_id = u.sale_team_id
              FROM (
                SELECT DISTINCT ON (company_id, partner_id)
                       company_id, partner_id, user_id
                  FROM kam_capture
                 WHERE user_id IS NOT NULL
                 ORDER BY company_id, partner_id, date
              ) contact
              JOIN res_users u ON u.id = contact.user_id AND u.active
               AND (u.id, contact.company_id)
                   IN (SELECT user_id, cid FROM res_company_users_rel)
             WHERE a.id = ANY(%s) AND a.company_id = contact.company_id
               AND a.partner_id = contact.partner_id
               AND a.manager_id IS NULL
            """,
            [account_ids],
        )
