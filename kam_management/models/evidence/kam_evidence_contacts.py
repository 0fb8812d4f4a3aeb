from odoo import api, models
from odoo.tools import SQL

from .contacts import UNSENT, UNSENT_MAILS


class KamEvidence(models.AbstractModel):
    """What counts as a contact: what has to be known for it, from whatever room.

    A touch needs a person on both sides: see ``_get_message_contacts_sql`` for messages,
    ``_get_meeting_contacts_sql`` for meetings.
    """

    _inherit = "kam.evidence"

    @api.model
    def _get_contact_records(self):
        """Return on which records messages may be contacts; each room adds its own.

        :return: {model: query of its records} of columns

            - id
            - customer_id: whose record it is (commercial entity), NULL where that follows
              from who wrote
            - company_id: the company of ours it is a record of, if it says so
            - about_id: the person, or company, that it names
            - title: what it is called, where that may stand for the subject
            - lead_id, account_id: the lead and the account it belongs to
        """
        return {
            "res.partner": SQL(
                """
                SELECT id, commercial_partner_id AS customer_id, company_id,
                       id AS about_id, NULL::varchar AS title,
                       NULL::int AS lead_id, NULL::int AS account_id
                  FROM res_partner
                """
            ),
            "sale.order": SQL(
                """
                SELECT o.id, entity.commercial_partner_id AS customer_id, o.company_id,
                       o.partner_id AS about_id, o.name AS title,
                       NULL::int AS lead_id, NULL::int AS account_id
                  FROM sale_order o
                  LEFT JOIN res_partner entity ON entity.id = o.kam_commercial_partner_id
                """
            ),
            "crm.lead": SQL(
                """
                SELECT l.id, NULL::int AS customer_id,
                       COALESCE(l.company_id, team.company_id) AS company_id,
                       l.partner_id AS about_id, NULL::varchar AS title,
                       l.id AS lead_id, NULL::int AS account_id
                  FROM crm_lead l
                  LEFT JOIN crm_team team ON team.id = l.team_id
                """
            ),
        }

    @api.model
    def _get_campaigns_sql(self):
        """Return the SQL of planned mass mails, known by their names in the subject.

        Columns: id, company_id, name, channel. None here: the room that plans them says.
        """
        return SQL(
            """
            SELECT NULL::int AS id, NULL::int AS company_id, NULL::varchar AS name,
                   NULL::varchar AS channel WHERE FALSE
            """
        )

    @api.model
    def _get_captured_guests_sql(self):
        """Return the SQL of whose presence is noted already: event_id, partner_id.

        Nobody's here: the room that keeps contacts says.
        """
        return SQL("SELECT NULL::int AS event_id, NULL::int AS partner_id WHERE FALSE")

    @api.model
    def _get_message_records_sql(self):
        """Return the SQL of those rows of ``message`` that are written on a record.

        Adds what ``_get_contact_records`` says of it, and ``about_customer_id``: the
        customer whose people the message is for.
        """
        return SQL(
            """
            SELECT written.*, COALESCE(about.commercial_partner_id, written.customer_id)
                       AS about_customer_id
              FROM (%s) written
              LEFT JOIN res_partner about ON about.id = written.about_id
            """,
            SQL(" UNION ALL ").join(
                SQL(
                    """
                    SELECT m.*, r.customer_id, r.company_id AS record_company_id,
                           r.about_id, r.title, r.lead_id, r.account_id
                      FROM message m
                      JOIN (%s) r ON r.id = m.res_id
                     WHERE m.model = %s
                    """,
                    records,
                    model,
                )
                for model, records in self._get_contact_records().items()
            ),
        )

    @api.model
    def _get_unknown_sender_sql(self):
        """Return the SQL of who wrote message ``m``, if it came from nobody Odoo knows.

        Somebody of the record's customer first, by their address; else the customer
        itself, when it is an address of its domain; else anybody with that address.
        Columns: id, commercial_partner_id, company_id.
        """
        return SQL(
            """
            SELECT writer.id, writer.commercial_partner_id, writer.company_id
              FROM (
                SELECT lower(COALESCE(substring(m.email_from FROM '<([^<>]+)>'),
                                      trim(m.email_from))) AS address
              ) mail
              JOIN res_partner writer
                ON writer.email_normalized = mail.address
                OR writer.id = m.customer_id
                   AND split_part(writer.email_normalized, '@', 2)
                       = split_part(mail.address, '@', 2)
             WHERE m.is_inbound AND m.author_id IS NULL
               AND writer.active AND writer.partner_share
               AND (m.customer_id IS NULL
                    OR writer.commercial_partner_id = m.customer_id)
             ORDER BY writer.email_normalized <> mail.address, writer.id LIMIT 1
            """
        )

    @api.model
    def _get_recipients_sql(self):
        """Return the SQL of who outside message ``m`` of ours was sent to.

        Those of the customer it is about come first.

        Columns: outside (how many), people (ids of those it reached, as far as Odoo
        knows, or NULL), is_undelivered (no mail of it has left).
        """
        return SQL(
            """
            SELECT count(receiver.id) AS outside,
                   array_agg(receiver.id ORDER BY
                             receiver.customer_id IS DISTINCT FROM m.about_customer_id,
                             receiver.id)
                       FILTER (WHERE receiver.is_reached) AS people,
                   COALESCE(bool_and(mail.is_undelivered), FALSE) AS is_undelivered
              FROM (
                SELECT COALESCE(bool_and(state IN %(unsent_mails)s), FALSE)
                           AS is_undelivered
                  FROM mail_mail WHERE mail_message_id = m.id
              ) mail
              LEFT JOIN LATERAL (
                SELECT outside.id, outside.commercial_partner_id AS customer_id,
                       CASE WHEN bool_or(addressed.status IS NOT NULL)
                            THEN bool_or(addressed.status NOT IN %(unsent)s)
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
            unsent=UNSENT,
            unsent_mails=UNSENT_MAILS,
        )
