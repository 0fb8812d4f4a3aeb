from functools import partial

from odoo import api, fields, models
from odoo.service.model import retrying
from odoo.tools import SQL

MESSAGES_PER_BATCH = 50_000
# Messages are numbered before they are committed: look back this far for latecomers.
MESSAGES_LOOKED_BACK = 10_000
# Meetings are moved and completed after they took place: look back this far. What was
# written down later than that is found by the day it was written.
DAYS_LOOKED_BACK = 7

LAST_MESSAGE = "kam_management.captured_message"
LAST_MEETING = "kam_management.captured_meeting"
BEGINNING = {LAST_MESSAGE: "0", LAST_MEETING: "1970-01-08 00:00:00"}


class KamTouch(models.Model):
    """Touches from what Odoo records anyway: done activities, mails and meetings.

    A batch of candidates is collected in ``kam_capture`` (one row per contact), the
    customers among them get accounts, and each becomes a touch once: its source is
    unique. So a batch may be repeated at will, and the past is a matter of batches.
    """

    _inherit = "kam.touch"

    @api.model
    def _cron_capture(self):
        """Capture what has come since the last time, batch by batch, and go on later."""
        progress = self.env["ir.cron"]._commit_progress
        retrying(self._capture_meetings, self.env)
        while retrying(partial(self._capture_messages, MESSAGES_PER_BATCH), self.env):
            if not progress(MESSAGES_PER_BATCH):
                break

    @api.model
    def _capture(self):
        """Capture everything up to now, in the transaction of the caller."""
        self._capture_meetings()
        while self._capture_messages(MESSAGES_PER_BATCH):
            pass

    @api.model
    def _capture_messages(self, limit):
        """Make touches of the next messages: done activities and mails in and out.

        :param int limit: how many messages to look at
        :return: whether there are more messages to look at
        """
        self.env.flush_all()
        seen = int(self._get_bookmark(LAST_MESSAGE))
        [[last]] = self.env.execute_query(
            SQL(
                """
                SELECT max(id) FROM (
                    SELECT id FROM mail_message WHERE id > %s ORDER BY id LIMIT %s
                ) batch
                """,
                seen,
                limit,
            )
        )
        self._capture_candidates(
            self._get_message_candidates_sql(seen - MESSAGES_LOOKED_BACK, last or seen)
        )
        if not last:
            return False
        self._set_bookmark(LAST_MESSAGE, str(last))
        return True

    @api.model
    def _capture_meetings(self):
        """Make touches of the meetings that have ended, for each customer invited."""
        self.env.flush_all()
        now = fields.Datetime.now()
        since = fields.Datetime.to_datetime(self._get_bookmark(LAST_MEETING))
        since = fields.Datetime.subtract(since, days=DAYS_LOOKED_BACK)
        self._capture_candidates(self._get_meeting_candidates_sql(since, now))
        self._set_bookmark(LAST_MEETING, fields.Datetime.to_string(now))

    @api.model
    def _get_bookmark(self, key):
        """Return how far a source was captured, as a string."""
        rows = self.env.execute_query(
            SQL("SELECT value FROM ir_config_parameter WHERE key = %s", key)
        )
        return rows[0][0] if rows else BEGINNING[key]

    @api.model
    def _set_bookmark(self, key, value):
        """Remember how far a source was captured.

        Past the model of parameters, which would empty the caches of all processes:
        nobody but us reads these.
        """
        self.env.cr.execute(
            """
            INSERT INTO ir_config_parameter (key, value) VALUES (%s, %s)
                ON CONFLICT (key) DO UPDATE SET value = excluded.value
            """,
            [key, value],
        )

    @api.model
    def _capture_candidates(self, candidates):
        """Turn candidates into touches and report their accounts to the engine.

        :param SQL candidates: rows of company_id, partner_id (commercial entity),
            account_id, lead_id, contact_id, user_id, date, channel, direction,
            summary, message_id, event_id
        """
        execute = self.env.cr.execute
        execute("DROP TABLE IF EXISTS kam_capture")
        execute(SQL("CREATE TEMP TABLE kam_capture ON COMMIT DROP AS %s", candidates))
        execute("ANALYZE kam_capture")
        Account = self.env["kam.account"]
        Account._find_missing(
            SQL(
                """
                SELECT c.company_id, c.partner_id
                  FROM kam_capture c
                  JOIN res_partner p ON p.id = c.partner_id
                 WHERE NOT (p.supplier_rank > 0 AND COALESCE(p.customer_rank, 0) = 0)
                """
            ),
            SQL(
                """(a.company_id, a.partner_id) IN (
                    SELECT company_id, partner_id FROM kam_capture)"""
            ),
        )
        Account._insert_missing()
        self._appoint_first_contacts()
        execute(
            """
            WITH captured AS (
                INSERT INTO kam_touch
                       (account_id, lead_id, partner_id, user_id, company_id, date, channel,
                        direction, summary, message_id, event_id)
                SELECT a.id, c.lead_id, c.contact_id, c.user_id,
                       COALESCE(a.company_id, c.company_id), c.date, c.channel,
                       c.direction, c.summary, c.message_id, c.event_id
                  FROM kam_capture c
                  LEFT JOIN kam_account a
                    ON a.id = c.account_id
                    OR c.account_id IS NULL
                       AND a.company_id = c.company_id AND a.partner_id = c.partner_id
                 WHERE a.id IS NOT NULL OR c.lead_id IS NOT NULL
                 -- the same meeting twice: the one that names the lead says more
                 ORDER BY c.message_id, c.lead_id
                    ON CONFLICT DO NOTHING
                RETURNING account_id
            )
            INSERT INTO kam_account_event (company_id, partner_id)
            SELECT DISTINCT a.company_id, a.partner_id
              FROM captured
              JOIN kam_account a ON a.id = captured.account_id
            """
        )
        self.invalidate_model()

    def _appoint_first_contacts(self):
        """Make who was in contact first the manager of a new account nobody sold to."""
        self.env.cr.execute(
            """
            UPDATE kam_account a SET manager_id = u.id, team_id = u.sale_team_id
              FROM (
                SELECT DISTINCT ON (company_id, partner_id)
                       company_id, partner_id, user_id
                  FROM kam_capture JOIN kam_missing USING (company_id, partner_id)
                 WHERE user_id IS NOT NULL
                 ORDER BY company_id, partner_id, date
              ) contact
              JOIN res_users u ON u.id = contact.user_id AND u.active
               AND (u.id, contact.company_id)
                   IN (SELECT user_id, cid FROM res_company_users_rel)
             WHERE a.company_id = contact.company_id
               AND a.partner_id = contact.partner_id
               AND a.manager_id IS NULL
            """
        )

    def _get_message_candidates_sql(self, after, until):
        """Return the SQL of the contacts among the messages of partners, leads, orders
        and accounts.

        - A done activity is a touch when its type has a channel.
        - A mail or comment of somebody who is no internal user came in.
        - A comment or mail of ours that somebody outside received went out.
        - Internal notes and notifications are no contacts.

        :param int after: messages with a greater id
        :param int until: up to this id
        """
        return SQL(
            """
            WITH message AS (
                SELECT m.id, m.model, m.res_id, m.date, m.author_id, m.subject,
                       m.outgoing_email_to,
                       u.id AS user_id, u.company_id AS user_company_id,
                       activity.kam_channel AS activity_channel,
                       activity.id IS NOT NULL AS is_activity,
                       m.message_type IN ('email', 'comment') AND u.id IS NULL AS is_inbound
                  FROM mail_message m
                  LEFT JOIN res_users u
                    ON u.partner_id = m.author_id AND NOT u.share
                  LEFT JOIN mail_message_subtype subtype ON subtype.id = m.subtype_id
                  LEFT JOIN mail_activity_type activity
                    ON activity.id = m.mail_activity_type_id
                 WHERE m.id > %(after)s AND m.id <= %(until)s
                   AND m.model IN ('res.partner', 'crm.lead', 'sale.order', 'kam.account')
                   AND CASE WHEN activity.id IS NOT NULL THEN activity.kam_channel IS NOT NULL
                            ELSE m.message_type IN ('email', 'comment', 'email_outgoing')
                                 AND NOT COALESCE(m.is_internal, FALSE)
                                 AND NOT COALESCE(subtype.internal, FALSE)
                       END
            )
            SELECT COALESCE(o.company_id, p.company_id, l.company_id, team.company_id,
                            m.user_company_id, first.id) AS company_id,
                   COALESCE(entity.commercial_partner_id, p.commercial_partner_id)
                       AS partner_id,
                   COALESCE(l.kam_account_id, a.id) AS account_id, l.id AS lead_id,
                   CASE WHEN m.is_inbound THEN m.author_id
                        ELSE COALESCE(p.id, l.partner_id, o.partner_id) END AS contact_id,
                   m.user_id, m.date,
                   COALESCE(m.activity_channel, 'email') AS channel,
                   CASE WHEN m.is_inbound AND NOT m.is_activity THEN 'in' ELSE 'out' END
                       AS direction,
                   m.subject AS summary, m.id AS message_id, NULL::int AS event_id
              FROM message m
             CROSS JOIN (
                SELECT min(id) AS id FROM res_company WHERE parent_id IS NULL AND active
             ) first
              LEFT JOIN res_partner p ON m.model = 'res.partner' AND p.id = m.res_id
              LEFT JOIN crm_lead l ON m.model = 'crm.lead' AND l.id = m.res_id
              LEFT JOIN crm_team team ON team.id = l.team_id
              LEFT JOIN sale_order o ON m.model = 'sale.order' AND o.id = m.res_id
              LEFT JOIN res_partner entity ON entity.id = o.kam_commercial_partner_id
              LEFT JOIN kam_account a ON m.model = 'kam.account' AND a.id = m.res_id
             WHERE COALESCE(p.id, l.id, o.id, a.id) IS NOT NULL
               AND (m.is_activity OR m.is_inbound OR m.outgoing_email_to <> '' OR EXISTS (
                    SELECT FROM (
                        SELECT n.res_partner_id FROM mail_notification n
                         WHERE n.mail_message_id = m.id
                        UNION ALL
                        SELECT rel.res_partner_id FROM mail_message_res_partner_rel rel
                         WHERE rel.mail_message_id = m.id
                    ) recipient
                    JOIN res_partner outside ON outside.id = recipient.res_partner_id
                   WHERE outside.partner_share))
            """,
            after=after,
            until=until,
        )

    def _get_meeting_candidates_sql(self, since, until):
        """Return the SQL of the customers and leads of a meeting, one row each.

        :param datetime since: meetings that ended, or were written down, after this
        :param datetime until: meetings that ended by then
        """
        return SQL(
            """
            WITH meeting AS (
                SELECT e.id, e.start, e.user_id, e.opportunity_id,
                       COALESCE(u.company_id, first.id) AS company_id,
                       -- what a private meeting is about is nobody's business
                       CASE WHEN COALESCE(e.privacy, setting.calendar_default_privacy)
                                 IS DISTINCT FROM 'private' THEN e.name END AS name
                  FROM calendar_event e
                 CROSS JOIN (
                    SELECT min(id) AS id FROM res_company WHERE parent_id IS NULL AND active
                 ) first
                  LEFT JOIN res_users u ON u.id = e.user_id
                  LEFT JOIN res_users_settings setting ON setting.user_id = e.user_id
                 WHERE e.active AND e.stop <= %(until)s
                   AND (e.stop > %(since)s OR e.write_date > %(since)s)
            ),
            guest AS (
                SELECT m.id AS event_id, COALESCE(p.company_id, m.company_id) AS company_id,
                       p.commercial_partner_id AS partner_id, min(p.id) AS contact_id
                  FROM meeting m
                  JOIN calendar_attendee guest ON guest.event_id = m.id
                   AND guest.state IS DISTINCT FROM 'declined'
                  JOIN res_partner p ON p.id = guest.partner_id AND p.partner_share
                 GROUP BY 1, 2, 3
            )
            SELECT g.company_id, g.partner_id, NULL::int AS account_id,
                   NULL::int AS lead_id, g.contact_id, m.user_id, m.start AS date,
                   'meeting' AS channel, 'out' AS direction, m.name AS summary,
                   NULL::int AS message_id, m.id AS event_id
              FROM meeting m
              JOIN guest g ON g.event_id = m.id
            UNION ALL
            SELECT COALESCE(l.company_id, team.company_id, m.company_id), NULL,
                   l.kam_account_id, l.id, l.partner_id, m.user_id,
                   m.start, 'meeting', 'out', m.name, NULL, m.id
              FROM meeting m
              JOIN crm_lead l ON l.id = m.opportunity_id
              LEFT JOIN crm_team team ON team.id = l.team_id
            """,
            until=until,
            since=since,
        )
