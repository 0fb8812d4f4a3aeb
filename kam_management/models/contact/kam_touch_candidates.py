from odoo import models
from odoo.tools import SQL

from .kam_touch import EARLIEST

# A mail to more people outside than these is no contact with any of them, unless it
# belongs to a planned communication. So are as many mails alike within one hour.
MAX_RECIPIENTS = 20
# Quotation marked as sent and mailed within this time: one sending.
SAME_SENDING = SQL("INTERVAL '1 day'")
# A mail that came to this reached nobody.
FAILED = ("bounce", "canceled", "exception")


class KamTouch(models.Model):
    """Where contacts are found: the messages and meetings that may become touches."""

    _inherit = "kam.touch"

    def _get_message_candidates_sql(self, after, until, messages=None):
        """Return the SQL of the contacts among the messages of partners, leads,
        orders, accounts and service plans.

        - A done activity is a touch when its type has a channel.
        - A mail or comment of somebody who is no internal user came in. Who writes from
          an address nobody knows is found by that address, else he is somebody of the
          customer whose document it is.
        - A comment or mail of ours that somebody outside received went out, unless
          sending it failed.
        - So did a quotation marked as sent, unless it was mailed at the time.
        - Internal notes, notifications, deleted comments and mass mails are no contacts;
          a mass mail whose subject names a planned communication is one.

        :param int after: messages with a greater id
        :param int until: up to this id
        :param messages: only these ``mail.message``
        """
        return SQL(
            """
            WITH message AS (%(messages)s)
            SELECT owner.company_id,
                   COALESCE(entity.commercial_partner_id, p.commercial_partner_id,
                            CASE WHEN l.kam_account_id IS NULL
                                 THEN sender.commercial_partner_id END) AS partner_id,
                   COALESCE(l.kam_account_id, a.id) AS account_id, l.id AS lead_id,
                   CASE WHEN m.is_inbound THEN COALESCE(m.author_id, sender.id)
                        -- the one it is about, unless only others received it
                        WHEN named.contact_id = ANY(recipient.people)
                          OR recipient.people IS NULL THEN named.contact_id
                        ELSE recipient.people[1] END AS contact_id,
                   m.user_id,
                   CASE WHEN meeting.stop <= now() AT TIME ZONE 'UTC'
                         AND meeting.start >= %(earliest)s THEN meeting.start
                        ELSE m.date END AS date,
                   meeting.duration,
                   COALESCE(m.activity_channel, campaign.channel,
                            CASE WHEN m.is_marked_sent THEN 'other' END, 'email') AS channel,
                   CASE WHEN m.is_inbound AND NOT m.is_activity THEN 'in' ELSE 'out' END
                       AS direction,
                   COALESCE(m.subject, done.summary,
                            CASE WHEN m.is_marked_sent THEN o.name END) AS summary,
                   m.id AS message_id, meeting.id AS event_id, done.id AS activity_id,
                   campaign.id AS communication_id
              FROM message m
             CROSS JOIN (
                SELECT min(id) AS id FROM res_company WHERE parent_id IS NULL AND active
             ) first
              LEFT JOIN res_partner p ON m.model = 'res.partner' AND p.id = m.res_id
              LEFT JOIN crm_lead l ON m.model = 'crm.lead' AND l.id = m.res_id
              LEFT JOIN crm_team team ON team.id = l.team_id
              LEFT JOIN sale_order o ON m.model = 'sale.order' AND o.id = m.res_id
              LEFT JOIN res_partner entity ON entity.id = o.kam_commercial_partner_id
              LEFT JOIN kam_plan plan ON m.model = 'kam.plan' AND plan.id = m.res_id
              LEFT JOIN kam_account a
                ON a.id = CASE m.model WHEN 'kam.account' THEN m.res_id
                                       WHEN 'kam.plan' THEN plan.account_id END
              LEFT JOIN LATERAL (
                SELECT * FROM mail_activity WHERE m.is_activity AND id = (%(activity)s)
              ) done ON TRUE
              LEFT JOIN calendar_event meeting
                ON meeting.id = done.calendar_event_id AND meeting.active
              LEFT JOIN LATERAL (%(sender)s) sender ON TRUE
             CROSS JOIN LATERAL (
                SELECT COALESCE(o.company_id, p.company_id, l.company_id, team.company_id,
                                sender.company_id, m.user_company_id, first.id)
                    AS company_id
             ) owner
             CROSS JOIN LATERAL (
                SELECT about.id AS contact_id,
                       COALESCE(a.partner_id, contact.commercial_partner_id) AS customer_id
                  FROM (SELECT COALESCE(p.id, l.partner_id, o.partner_id) AS id) about
                  LEFT JOIN res_partner contact ON contact.id = about.id
             ) named
             CROSS JOIN LATERAL (%(recipients)s) recipient
              LEFT JOIN LATERAL (
                SELECT k.id, k.channel FROM kam_communication k
                 WHERE k.active AND k.company_id = owner.company_id
                   AND strpos(lower(m.subject), lower(k.name)) > 0
                 ORDER BY k.id LIMIT 1
              ) campaign ON NOT m.is_activity AND NOT m.is_inbound AND (
                m.alike > %(most)s OR recipient.outside > %(most)s)
             WHERE COALESCE(p.id, l.id, o.id, a.id) IS NOT NULL AND %(chosen)s
               AND (m.is_activity OR m.is_inbound
                    OR m.is_marked_sent AND NOT EXISTS (
                        SELECT FROM mail_message mailed
                         WHERE mailed.model = m.model AND mailed.res_id = m.res_id
                           AND mailed.message_type IN ('comment', 'email_outgoing')
                           AND NOT COALESCE(mailed.is_internal, FALSE)
                           AND mailed.date BETWEEN m.date - %(same)s AND m.date + %(same)s)
                    OR NOT m.is_marked_sent AND (
                        campaign.id IS NOT NULL AND NOT recipient.is_undelivered
                        OR m.alike <= %(most)s AND (
                            recipient.outside BETWEEN 1 AND %(most)s
                                AND recipient.people IS NOT NULL
                            OR m.outgoing_email_to <> '' AND recipient.outside = 0
                                AND NOT recipient.is_undelivered)))
            """,
            messages=self._get_messages_sql(after, until),
            chosen=SQL("TRUE")
            if messages is None
            else SQL("m.id IN %s", tuple(messages.ids)),
            activity=self._get_done_activity_sql(),
            sender=self._get_unknown_sender_sql(),
            recipients=self._get_recipients_sql(),
            earliest=EARLIEST,
            most=MAX_RECIPIENTS,
            same=SAME_SENDING,
        )

    def _get_messages_sql(self, after, until):
        """Return the SQL of the messages that may be contacts, with what they are."""
        return SQL(
            """
            SELECT m.id, m.model, m.res_id, m.date, m.author_id, m.subject, m.email_from,
                   m.outgoing_email_to, m.mail_activity_type_id,
                   u.id AS user_id, u.company_id AS user_company_id,
                   activity.kam_channel AS activity_channel,
                   activity.id IS NOT NULL AS is_activity,
                   m.message_type IN ('email', 'comment') AND u.id IS NULL AS is_inbound,
                   m.message_type = 'notification' AS is_marked_sent,
                   CASE WHEN m.message_type = 'email_outgoing' THEN count(*) OVER (
                        PARTITION BY m.message_type, m.author_id, m.subject,
                                     date_trunc('hour', m.date)) ELSE 1 END AS alike
              FROM mail_message m
              LEFT JOIN res_users u
                ON u.partner_id = m.author_id AND NOT u.share
              LEFT JOIN mail_message_subtype subtype ON subtype.id = m.subtype_id
              LEFT JOIN mail_activity_type activity
                ON activity.id = m.mail_activity_type_id
             WHERE m.id > %(after)s AND m.id <= %(until)s
               AND m.date BETWEEN %(earliest)s AND clock_timestamp() AT TIME ZONE 'UTC'
               AND m.model IN ('res.partner', 'crm.lead', 'sale.order', 'kam.account',
                               'kam.plan')
               AND CASE WHEN activity.id IS NOT NULL THEN activity.kam_channel IS NOT NULL
                        WHEN m.message_type = 'notification'
                        THEN m.model = 'sale.order' AND m.subtype_id = %(sent)s
                             AND u.id IS NOT NULL
                        ELSE m.message_type IN ('email', 'comment', 'email_outgoing')
                             AND NOT COALESCE(m.is_internal, FALSE)
                             AND NOT COALESCE(subtype.internal, FALSE)
                             -- emptied by its author: deleted, as the chatter does it
                             AND NOT (m.message_type = 'comment' AND m.body = ''
                                      AND m.subject IS NULL AND NOT EXISTS (
                                SELECT FROM message_attachment_rel file
                                 WHERE file.message_id = m.id))
                   END
            """,
            after=after,
            until=until,
            earliest=EARLIEST,
            sent=self.env["ir.model.data"]._xmlid_to_res_id("sale.mt_order_sent"),
        )

    def _get_done_activity_sql(self):
        """Return the SQL of the id of the activity that message ``m`` reports as done.

        Before this addon was there to link them, it is the meeting done that day.
        """
        return SQL(
            """
            COALESCE(
                (SELECT min(id) FROM mail_activity WHERE kam_message_id = m.id),
                (SELECT min(id) FROM mail_activity earlier
                  WHERE earlier.calendar_event_id IS NOT NULL AND NOT earlier.active
                    AND earlier.kam_message_id IS NULL
                    AND earlier.res_model = m.model AND earlier.res_id = m.res_id
                    AND earlier.activity_type_id = m.mail_activity_type_id
                    AND earlier.date_done = m.date::date))
            """
        )

    def _get_unknown_sender_sql(self):
        """Return the SQL of who wrote message ``m``, if it came from nobody Odoo knows.

        Somebody of the document's customer first, by his address; else the customer
        himself, when it is an address of his domain; else anybody with that address.
        Columns: id, commercial_partner_id, company_id.
        """
        return SQL(
            """
            SELECT writer.id, writer.commercial_partner_id, writer.company_id
              FROM (
                SELECT lower(COALESCE(substring(m.email_from FROM '<([^<>]+)>'),
                                      trim(m.email_from))) AS address,
                       COALESCE(entity.commercial_partner_id, p.commercial_partner_id,
                                a.partner_id, (SELECT partner_id FROM kam_account
                                                WHERE id = l.kam_account_id)) AS customer_id
              ) mail
              JOIN res_partner writer
                ON writer.email_normalized = mail.address
                OR writer.id = mail.customer_id
                   AND split_part(writer.email_normalized, '@', 2)
                       = split_part(mail.address, '@', 2)
             WHERE m.is_inbound AND m.author_id IS NULL
               AND writer.active AND writer.partner_share
               AND (mail.customer_id IS NULL
                    OR writer.commercial_partner_id = mail.customer_id)
             ORDER BY writer.email_normalized <> mail.address, writer.id LIMIT 1
            """
        )

    def _get_recipients_sql(self):
        """Return the SQL of who outside message ``m`` of ours was sent to.

        Those of the customer in ``named`` come first.

        Columns: outside (how many), people (ids of those it reached, as far as Odoo
        knows, or NULL), is_undelivered (no mail of it has left or will).
        """
        return SQL(
            """
            SELECT count(receiver.id) AS outside,
                   array_agg(receiver.id ORDER BY
                             receiver.customer_id IS DISTINCT FROM named.customer_id,
                             receiver.id)
                       FILTER (WHERE receiver.is_reached) AS people,
                   COALESCE(bool_and(mail.is_undelivered), FALSE) AS is_undelivered
              FROM (
                SELECT COALESCE(bool_and(state IN ('cancel', 'exception')), FALSE)
                           AS is_undelivered
                  FROM mail_mail WHERE mail_message_id = m.id
              ) mail
              LEFT JOIN LATERAL (
                SELECT outside.id, outside.commercial_partner_id AS customer_id,
                       CASE WHEN bool_or(addressed.status IS NOT NULL)
                            THEN bool_or(addressed.status NOT IN %(failed)s)
                            ELSE NOT mail.is_undelivered END AS is_reached
                  FROM (
                    SELECT n.res_partner_id, n.notification_status AS status
                      FROM mail_notification n WHERE n.mail_message_id = m.id
                    UNION ALL
                    SELECT rel.res_partner_id, NULL
                      FROM mail_message_res_partner_rel rel
                     WHERE rel.mail_message_id = m.id
                  ) addressed
                  JOIN res_partner outside ON outside.id = addressed.res_partner_id
                 WHERE outside.partner_share
                 GROUP BY outside.id
              ) receiver ON TRUE
             WHERE NOT m.is_activity AND NOT m.is_inbound
            """,
            failed=FAILED,
        )

    def _get_meetings_sql(self, since):
        """Return the SQL of the meetings to look at again, ended or not.

        Columns: id, active, start, stop, duration, name (none of a private one),
        user_id, opportunity_id, company_id, write_date.

        :param datetime since: meetings that ended, or were changed, after this
        """
        return SQL(
            """
            SELECT e.id, e.active, e.start, e.stop, e.duration, e.user_id,
                   e.opportunity_id, e.write_date,
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
             WHERE e.stop > %(since)s OR e.write_date > %(since)s
                OR e.id IN (SELECT event_id FROM calendar_attendee
                             WHERE write_date > %(since)s)
            """,
            since=since,
        )

    def _get_meeting_candidates_sql(self, since, until):
        """Return the SQL of the customers and leads of a meeting, one row each.

        :param datetime since: meetings that ended, or were written down, after this
        :param datetime until: meetings that ended by then
        """
        return SQL(
            """
            WITH meeting AS (
                SELECT * FROM (%(meetings)s) e
                 WHERE e.active AND e.stop <= %(until)s AND e.start >= %(earliest)s
            ),
            guest AS (
                SELECT m.id AS event_id, COALESCE(p.company_id, m.company_id) AS company_id,
                       p.commercial_partner_id AS partner_id, min(p.id) AS contact_id
                  FROM meeting m
                  JOIN calendar_attendee guest ON guest.event_id = m.id
                   AND guest.state IS DISTINCT FROM 'declined'
                  JOIN res_partner p ON p.id = guest.partner_id AND p.partner_share
                 -- who was captured is not so again, at a company he has gone to since
                 WHERE NOT EXISTS (
                    SELECT FROM kam_touch t
                      JOIN kam_touch_partner_rel met
                        ON met.touch_id = t.id AND met.partner_id = p.id
                     WHERE t.event_id = m.id)
                 GROUP BY 1, 2, 3
            )
            SELECT g.company_id, g.partner_id, NULL::int AS account_id,
                   NULL::int AS lead_id, g.contact_id, m.user_id, m.start AS date,
                   m.duration, 'meeting' AS channel, 'out' AS direction,
                   m.name AS summary, NULL::int AS message_id, m.id AS event_id,
                   NULL::int AS activity_id, NULL::int AS communication_id
              FROM meeting m
              JOIN guest g ON g.event_id = m.id
            UNION ALL
            SELECT COALESCE(l.company_id, team.company_id, m.company_id), NULL,
                   l.kam_account_id, l.id, COALESCE(present.id, l.partner_id), m.user_id,
                   m.start, m.duration, 'meeting', 'out', m.name, NULL, m.id, NULL, NULL
              FROM meeting m
              JOIN crm_lead l ON l.id = m.opportunity_id
              LEFT JOIN crm_team team ON team.id = l.team_id
              LEFT JOIN res_partner customer ON customer.id = l.partner_id
              LEFT JOIN LATERAL (
                -- the one the lead is about, unless only colleagues of his came
                SELECT p.id FROM calendar_attendee guest
                  JOIN res_partner p ON p.id = guest.partner_id
                 WHERE guest.event_id = m.id AND guest.state IS DISTINCT FROM 'declined'
                   AND p.commercial_partner_id = customer.commercial_partner_id
                 ORDER BY p.id <> customer.id, p.id LIMIT 1
              ) present ON TRUE
            """,
            meetings=self._get_meetings_sql(since),
            until=until,
            earliest=EARLIEST,
        )
