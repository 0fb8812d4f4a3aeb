from odoo import api, models
from odoo.tools import SQL

from .contacts import EARLIEST, MAX_RECIPIENTS
from .customers import FIRST_COMPANY
from .kam_evidence_contacts import is_known_address, is_of_customer

# A mail was written, by the clock of its sender, before it arrived: else it is wrong.
SENT = SQL(
    """COALESCE(m.kam_arrival_date, CASE WHEN m.message_type = 'email'
                    THEN LEAST(m.date, m.create_date) ELSE m.date END)"""
)
# Quotation marked as sent and mailed within this time: one sending.
SAME_SENDING = SQL("INTERVAL '1 day'")


class KamEvidence(models.AbstractModel):
    """What counts as a contact among messages: done activities, mails in and out."""

    _inherit = "kam.evidence"

    @api.model
    def _get_message_contacts_sql(self, after, until, messages=None, is_mass=False):
        """Return the SQL of the contacts among messages, one row each.

        - A done activity is a touch when its type has a channel.
        - A mail or comment of somebody of the customer came in: of a contact of theirs,
          or from an address known for them; on a record of no customer, of whoever is no
          colleague. What a program wrote did not.
        - A comment or mail of ours that somebody of the customer received went out, unless
          it waits to be sent, or sending it failed.
        - So did a quotation marked as sent, unless it was mailed at the time.
        - Internal notes, notifications, deleted comments and mass mails are no contacts;
          a mass mail whose subject names a planned communication is one.

        Columns: company_id, partner_id (commercial entity), account_id, lead_id,
        contact_id, user_id, date, duration, channel, direction, summary, message_id,
        event_id, activity_id, communication_id. What has an account needs no partner.

        :param int after: messages with a greater id
        :param int until: up to this id
        :param messages: only these ``mail.message``, which have gone out just now
        :param bool is_mass: whether these are of many alike, seen no more
        """
        return SQL(
            """
            WITH message AS (%(messages)s),
            -- the record it was written on, who that is about, and who wrote; kept, so that
            -- this is worked out once
            document AS MATERIALIZED (%(documents)s),
            -- who is known by his address only, who received it, what it was part of
            mail AS (%(mails)s)
            %(contacts)s
             WHERE %(chosen)s AND (%(is_contact)s)
            """,
            messages=self._get_messages_sql(after, until, is_mass),
            documents=self._get_message_records_sql(),
            mails=self._get_mails_sql(),
            contacts=self._get_mail_contacts_sql(
                SQL("now() AT TIME ZONE 'UTC'") if messages else SQL("m.date")
            ),
            chosen=SQL("m.id IN %s", tuple(messages.ids)) if messages else SQL("TRUE"),
            is_contact=self._get_is_contact_sql(),
        )

    @api.model
    def _get_mail_contacts_sql(self, date):
        """Return the SQL of the rows of ``mail`` as contacts.

        :param SQL date: when they were sent; a meeting was when it took place
        """
        return SQL(
            """
            SELECT m.company_id,
                   CASE WHEN m.account_id IS NULL
                        THEN COALESCE(m.customer_id, m.sender_customer_id) END
                       AS partner_id,
                   m.account_id, m.lead_id, %(contact)s AS contact_id, m.user_id,
                   CASE WHEN meeting.stop <= now() AT TIME ZONE 'UTC'
                         AND meeting.start >= %(earliest)s THEN meeting.start
                        ELSE %(date)s END AS date,
                   meeting.duration,
                   COALESCE(m.activity_channel, m.campaign_channel,
                            CASE WHEN m.is_marked_sent THEN 'other' END, 'email') AS channel,
                   CASE WHEN m.is_inbound AND NOT m.is_activity THEN 'in' ELSE 'out' END
                       AS direction,
                   COALESCE(m.subject, done.summary,
                            CASE WHEN m.is_marked_sent THEN m.title END) AS summary,
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

    @api.model
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

    @api.model
    def _get_is_contact_sql(self):
        """Return the SQL condition that message ``m`` was a contact."""
        return SQL(
            """
            m.is_activity
            OR m.is_inbound AND NOT m.is_colleague AND (
                m.about_customer_id IS NULL OR %(is_of_customer)s
                OR m.sender_id IS NOT NULL)
            OR m.is_marked_sent AND NOT EXISTS (
                SELECT FROM mail_message mailed
                 WHERE mailed.model = m.model AND mailed.res_id = m.res_id
                   AND mailed.message_type IN ('comment', 'email_outgoing')
                   AND NOT COALESCE(mailed.is_internal, FALSE)
                   AND mailed.date BETWEEN m.date - %(same)s AND m.date + %(same)s)
            OR NOT m.is_marked_sent AND NOT m.is_inbound AND (
                m.campaign_id IS NOT NULL AND NOT m.is_undelivered
                OR m.alike <= %(most)s AND (
                    m.outside BETWEEN 1 AND %(most)s AND m.people IS NOT NULL
                    OR m.outgoing_email_to <> '' AND m.outside = 0
                        AND NOT m.is_undelivered
                        AND (m.about_customer_id IS NULL OR %(is_known)s)))
            """,
            is_of_customer=is_of_customer(SQL("m.writer_customer_id")),
            is_known=self._get_knows_bare_address_sql(),
            most=MAX_RECIPIENTS,
            same=SAME_SENDING,
        )

    @api.model
    def _get_knows_bare_address_sql(self):
        """Return the SQL condition that message ``m`` went to an address of the customer
        that Odoo knows no contact for.
        """
        return SQL(
            """
            EXISTS (
                SELECT FROM regexp_matches(
                    lower(m.outgoing_email_to), '[^<>,;[:space:]"]+@[^<>,;[:space:]"]+',
                    'g') bare
                 WHERE %s)
            """,
            is_known_address(SQL("bare[1]")),
        )

    @api.model
    def _get_messages_sql(self, after, until, is_mass=False):
        """Return the SQL of the messages that may be contacts, with what they are."""
        return SQL(
            """
            SELECT m.id, m.model, m.res_id, %(sent)s AS date, m.author_id, m.subject,
                   m.email_from, m.outgoing_email_to, m.mail_activity_type_id,
                   u.id AS user_id, u.company_id AS user_company_id,
                   activity.kam_channel AS activity_channel,
                   activity.id IS NOT NULL AS is_activity,
                   m.message_type IN ('email', 'comment') AND u.id IS NULL AS is_inbound,
                   m.message_type = 'notification' AS is_marked_sent,
                   %(alike)s AS alike
              FROM mail_message m
              LEFT JOIN res_users u
                ON u.partner_id = m.author_id AND NOT u.share
              LEFT JOIN mail_message_subtype subtype ON subtype.id = m.subtype_id
              LEFT JOIN mail_activity_type activity
                ON activity.id = m.mail_activity_type_id
             WHERE m.id > %(after)s AND m.id <= %(until)s
               AND %(sent)s BETWEEN %(earliest)s AND clock_timestamp() AT TIME ZONE 'UTC'
               AND m.model IN %(models)s
               AND (%(may_be_contact)s)
            """,
            after=after,
            until=until,
            models=tuple(self._get_contact_records()),
            earliest=EARLIEST,
            sent=SENT,
            alike=SQL("%s", MAX_RECIPIENTS + 1) if is_mass else self._get_alike_sql(),
            may_be_contact=self._get_may_be_contact_sql(),
        )

    @api.model
    def _get_alike_sql(self):
        """Return the SQL of how many there are of message ``m``, itself included.

        Mails with the same subject within an hour, or whatever else their author sent in
        one go: where each has a subject of its own, it names the receiver. One mail of a
        newsletter is one of many, however few there are.
        """
        return SQL(
            """
            GREATEST(
                CASE WHEN m.kam_is_automatic THEN %(many)s END,
                CASE WHEN m.message_type = 'email_outgoing' THEN count(*) OVER (
                     PARTITION BY m.message_type, m.author_id, date_trunc('hour', m.date),
                                  m.subject) END,
                CASE WHEN m.message_type IN ('comment', 'email_outgoing')
                     THEN count(*) OVER (
                     PARTITION BY m.message_type, m.author_id, date_trunc('hour', m.date),
                                  m.create_date) END, 1)
            """,
            many=MAX_RECIPIENTS + 1,
        )

    @api.model
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
                      -- a newsletter may be what was planned, see campaigns
                      AND (m.kam_is_automatic IS NOT TRUE
                           OR m.message_type = 'email_outgoing')
                      AND NOT (m.message_type = 'comment' AND m.body = ''
                               AND m.subject IS NULL AND NOT EXISTS (
                                   SELECT FROM message_attachment_rel file
                                    WHERE file.message_id = m.id))
            END
            """,
            self.env["ir.model.data"]._xmlid_to_res_id("sale.mt_order_sent"),
        )

    @api.model
    def _get_mails_sql(self):
        """Return the SQL of the rows of ``document`` with sender, receivers, campaign."""
        return SQL(
            """
            SELECT m.*, owner.company_id, sender.id AS sender_id,
                   sender.commercial_partner_id AS sender_customer_id,
                   recipient.outside, recipient.people, recipient.is_undelivered,
                   campaign.id AS campaign_id, campaign.channel AS campaign_channel
              FROM document m
             CROSS JOIN %(first_company)s
              LEFT JOIN LATERAL (%(sender)s) sender ON TRUE
             CROSS JOIN LATERAL (
                SELECT COALESCE(m.record_company_id, sender.company_id,
                                m.user_company_id, first_company.id) AS company_id
             ) owner
             CROSS JOIN LATERAL (%(recipients)s) recipient
              LEFT JOIN LATERAL (
                SELECT k.id, k.channel FROM (%(campaigns)s) k
                 WHERE k.company_id = owner.company_id
                   AND strpos(lower(m.subject), lower(k.name)) > 0
                 ORDER BY k.id LIMIT 1
              ) campaign ON NOT m.is_activity AND NOT m.is_inbound AND (
                m.alike > %(most)s OR recipient.outside > %(most)s)
            """,
            first_company=FIRST_COMPANY,
            sender=self._get_unknown_sender_sql(),
            recipients=self._get_recipients_sql(),
            campaigns=self._get_campaigns_sql(),
            most=MAX_RECIPIENTS,
        )

    @api.model
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
