from odoo import models
from odoo.tools import SQL

from .kam_touch import EARLIEST

# A mail to more people outside than these is no contact with any of them, unless it
# belongs to a planned communication. So are as many mails alike within one hour.
MAX_RECIPIENTS = 20
# Quotation marked as sent and mailed within this time: one sending.
SAME_SENDING = SQL("INTERVAL '1 day'")


class KamTouch(models.Model):
    """Where contacts are found: the messages that may become touches."""

    _inherit = "kam.touch"

    def _get_message_candidates_sql(self, after, until, messages=None, is_mass=False):
        """Return the SQL of the contacts among the messages of partners, leads, orders
        and accounts.

        - A done activity is a touch when its type has a channel.
        - A mail or comment of somebody who is no internal user came in. Who writes from
          an address nobody knows is found by that address, else he is somebody of the
          customer whose document it is.
        - A comment or mail of ours that somebody outside received went out, unless
          it waits to be sent, or sending it failed.
        - So did a quotation marked as sent, unless it was mailed at the time.
        - Internal notes, notifications, deleted comments and mass mails are no contacts;
          a mass mail whose subject names a planned communication is one.

        :param int after: messages with a greater id
        :param int until: up to this id
        :param messages: only these ``mail.message``, which have gone out just now
        :param bool is_mass: whether these are of many alike, seen no more
        """
        return SQL(
            """
            WITH message AS (%(messages)s),
            -- the record it was written on, and who that is about
            document AS (%(documents)s),
            -- who is known by his address only, who received it, what it was part of
            mail AS (%(mails)s)
            %(candidates)s
             WHERE %(chosen)s AND (%(is_contact)s)
            """,
            messages=self._get_messages_sql(after, until, is_mass),
            documents=self._get_documents_sql(),
            mails=self._get_mails_sql(),
            candidates=self._get_mail_candidates_sql(
                SQL("now() AT TIME ZONE 'UTC'") if messages else SQL("m.date")
            ),
            chosen=SQL("m.id IN %s", tuple(messages.ids)) if messages else SQL("TRUE"),
            is_contact=self._get_is_contact_sql(),
        )

    def _get_mail_candidates_sql(self, date):
        """Return the SQL of the rows of ``mail`` as candidates.

        :param SQL date: when they were sent; a meeting was when it took place
        """
        return SQL(
            """
            SELECT m.company_id,
                   COALESCE(m.document_customer_id,
                            CASE WHEN m.lead_account_id IS NULL
                                 THEN m.sender_customer_id END) AS partner_id,
                   COALESCE(m.lead_account_id, m.own_account_id) AS account_id,
                   m.lead_id, %(contact)s AS contact_id, m.user_id,
                   CASE WHEN meeting.stop <= now() AT TIME ZONE 'UTC'
                         AND meeting.start >= %(earliest)s THEN meeting.start
                        ELSE %(date)s END AS date,
                   meeting.duration,
                   COALESCE(m.activity_channel, m.campaign_channel,
                            CASE WHEN m.is_marked_sent THEN 'other' END, 'email') AS channel,
                   CASE WHEN m.is_inbound AND NOT m.is_activity THEN 'in' ELSE 'out' END
                       AS direction,
                   COALESCE(m.subject, done.summary,
                            CASE WHEN m.is_marked_sent THEN m.order_name END) AS summary,
                   m.id AS message_id, meeting.id AS event_id, done.id AS activity_id,
                   m.campaign_id AS communication_id
              FROM mail m
              LEFT JOIN LATERAL (
                SELECT * FROM mail_activity WHERE m.is_activity AND id = (%(activity)s)
              ) done ON TRUE
              LEFT JOIN calendar_event meeting
                ON meeting.id = done.calendar_event_id AND meeting.active
            """,
            contact=self._get_contact_sql(),
            activity=self._get_done_activity_sql(),
            date=date,
            earliest=EARLIEST,
        )

    def _get_contact_sql(self):
        """Return the SQL of the person whom message ``m`` was with.

        That is the sender; else the one it is about, unless only others received it.
        """
        return SQL(
            """
            CASE WHEN m.is_inbound THEN COALESCE(m.author_id, m.sender_id)
                 WHEN m.about_id = ANY(m.people) OR m.people IS NULL THEN m.about_id
                 ELSE m.people[1] END
            """
        )

    def _get_is_contact_sql(self):
        """Return the SQL condition that message ``m`` was a contact."""
        return SQL(
            """
            m.is_activity OR m.is_inbound
            OR m.is_marked_sent AND NOT EXISTS (
                SELECT FROM mail_message mailed
                 WHERE mailed.model = m.model AND mailed.res_id = m.res_id
                   AND mailed.message_type IN ('comment', 'email_outgoing')
                   AND NOT COALESCE(mailed.is_internal, FALSE)
                   AND mailed.date BETWEEN m.date - %(same)s AND m.date + %(same)s)
            OR NOT m.is_marked_sent AND (
                m.campaign_id IS NOT NULL AND NOT m.is_undelivered
                OR m.alike <= %(most)s AND (
                    m.outside BETWEEN 1 AND %(most)s AND m.people IS NOT NULL
                    OR m.outgoing_email_to <> '' AND m.outside = 0
                        AND NOT m.is_undelivered))
            """,
            most=MAX_RECIPIENTS,
            same=SAME_SENDING,
        )

    def _get_messages_sql(self, after, until, is_mass=False):
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
                   CASE WHEN %(is_mass)s THEN %(most)s + 1
                        WHEN m.message_type = 'email_outgoing' THEN count(*) OVER (
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
               AND (%(may_be_contact)s)
            """,
            after=after,
            until=until,
            earliest=EARLIEST,
            is_mass=is_mass,
            most=MAX_RECIPIENTS,
            may_be_contact=self._get_may_be_contact_sql(),
        )

    def _get_may_be_contact_sql(self):
        """Return the SQL condition that message ``m``, by what it is, may be a contact.

        One emptied by its author is deleted, as the chatter does it.
        """
        return SQL(
            """
            CASE WHEN activity.id IS NOT NULL THEN activity.kam_channel IS NOT NULL
                 WHEN m.message_type = 'notification'
                 THEN m.model = 'sale.order' AND m.subtype_id = %s AND u.id IS NOT NULL
                 ELSE m.message_type IN ('email', 'comment', 'email_outgoing')
                      AND NOT COALESCE(m.is_internal, FALSE)
                      AND NOT COALESCE(subtype.internal, FALSE)
                      AND NOT (m.message_type = 'comment' AND m.body = ''
                               AND m.subject IS NULL AND NOT EXISTS (
                                   SELECT FROM message_attachment_rel file
                                    WHERE file.message_id = m.id))
            END
            """,
            self.env["ir.model.data"]._xmlid_to_res_id("sale.mt_order_sent"),
        )

    def _get_documents_sql(self):
        """Return the SQL of those rows of ``message`` that are written on a record.

        Adds whose company and which customer the record is of, and ``about_id``: the
        person, or company, that it names.
        """
        return SQL(
            """
            SELECT m.*, l.id AS lead_id, l.kam_account_id AS lead_account_id,
                   a.id AS own_account_id, o.name AS order_name,
                   COALESCE(o.company_id, p.company_id, l.company_id, team.company_id)
                       AS document_company_id,
                   COALESCE(entity.commercial_partner_id, p.commercial_partner_id)
                       AS document_customer_id,
                   about.id AS about_id,
                   COALESCE(a.partner_id, named.commercial_partner_id) AS customer_id
              FROM message m
              LEFT JOIN res_partner p ON m.model = 'res.partner' AND p.id = m.res_id
              LEFT JOIN crm_lead l ON m.model = 'crm.lead' AND l.id = m.res_id
              LEFT JOIN crm_team team ON team.id = l.team_id
              LEFT JOIN sale_order o ON m.model = 'sale.order' AND o.id = m.res_id
              LEFT JOIN res_partner entity ON entity.id = o.kam_commercial_partner_id
              LEFT JOIN kam_plan plan ON m.model = 'kam.plan' AND plan.id = m.res_id
              LEFT JOIN kam_account a
                ON a.id = CASE m.model WHEN 'kam.account' THEN m.res_id
                                       WHEN 'kam.plan' THEN plan.account_id END
             CROSS JOIN LATERAL (
                SELECT COALESCE(p.id, l.partner_id, o.partner_id) AS id
             ) about
              LEFT JOIN res_partner named ON named.id = about.id
             WHERE COALESCE(p.id, l.id, o.id, a.id) IS NOT NULL
            """
        )

    def _get_mails_sql(self):
        """Return the SQL of the rows of ``document`` with sender, receivers, campaign."""
        return SQL(
            """
            SELECT m.*, owner.company_id, sender.id AS sender_id,
                   sender.commercial_partner_id AS sender_customer_id,
                   recipient.outside, recipient.people, recipient.is_undelivered,
                   campaign.id AS campaign_id, campaign.channel AS campaign_channel
              FROM document m
             CROSS JOIN (
                SELECT min(id) AS id FROM res_company WHERE parent_id IS NULL AND active
             ) first
              LEFT JOIN LATERAL (%(sender)s) sender ON TRUE
             CROSS JOIN LATERAL (
                SELECT COALESCE(m.document_company_id, sender.company_id,
                                m.user_company_id, first.id) AS company_id
             ) owner
             CROSS JOIN LATERAL (%(recipients)s) recipient
              LEFT JOIN LATERAL (
                SELECT k.id, k.channel FROM kam_communication k
                 WHERE k.active AND k.company_id = owner.company_id
                   AND strpos(lower(m.subject), lower(k.name)) > 0
                 ORDER BY k.id LIMIT 1
              ) campaign ON NOT m.is_activity AND NOT m.is_inbound AND (
                m.alike > %(most)s OR recipient.outside > %(most)s)
            """,
            sender=self._get_unknown_sender_sql(),
            recipients=self._get_recipients_sql(),
            most=MAX_RECIPIENTS,
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
