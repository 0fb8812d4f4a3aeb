from odoo import api, models
from odoo.tools import SQL

from .colleagues import FREE_MAIL, is_colleague, is_own_address
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
            "account.move": SQL(
                """
                SELECT bill.id, entity.commercial_partner_id AS customer_id,
                       bill.company_id, bill.partner_id AS about_id, bill.name AS title,
                       NULL::int AS lead_id, NULL::int AS account_id
                  FROM account_move bill
                  LEFT JOIN res_partner entity ON entity.id = bill.commercial_partner_id
                 WHERE bill.move_type IN ('out_invoice', 'out_refund')
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

        Adds what ``_get_contact_records`` says of it, ``about_customer_id`` (the customer
        whose people the message is for), and of who wrote ``writer_customer_id`` (their
        commercial entity), ``address`` and ``is_colleague``, though they have no login.
        """
        return SQL(
            """
            SELECT written.*, COALESCE(about.commercial_partner_id, written.customer_id)
                       AS about_customer_id,
                   writer.commercial_partner_id AS writer_customer_id, mail.address,
                   written.is_inbound AND CASE WHEN writer.id IS NULL THEN %(is_own_address)s
                                               ELSE %(is_colleague)s END AS is_colleague
              FROM (%(written)s) written
              LEFT JOIN res_partner about ON about.id = written.about_id
              LEFT JOIN res_partner writer
                ON writer.id = written.author_id AND written.is_inbound
             CROSS JOIN LATERAL (
                SELECT CASE WHEN written.is_inbound THEN COALESCE(
                    writer.email_normalized,
                    lower(COALESCE(substring(written.email_from FROM '<([^<>]+)>'),
                                   trim(written.email_from)))) END AS address
             ) mail
            """,
            is_own_address=is_own_address(SQL("mail.address")),
            is_colleague=is_colleague(SQL("writer")),
            written=SQL(" UNION ALL ").join(
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
        """Return the SQL of who wrote message ``m``, if its author does not say it.

        Somebody of the record's customer first, by their address; else the customer
        itself, when it is an address of its domain; on a record of no customer anybody
        with that address.
        Columns: id, commercial_partner_id, company_id.
        """
        return SQL(
            """
            SELECT CASE WHEN writer.email_normalized = m.address THEN writer.id
                        ELSE writer.commercial_partner_id END AS id,
                   writer.commercial_partner_id, writer.company_id
              FROM res_partner writer
             WHERE m.is_inbound AND NOT m.is_colleague AND NOT COALESCE(%(is_theirs)s, FALSE)
               AND (m.author_id IS NULL OR m.about_customer_id IS NOT NULL)
               AND (writer.email_normalized = m.address OR %(is_of_domain)s)
               AND (m.about_customer_id IS NULL OR %(is_of_customer)s)
               AND writer.active AND NOT %(is_colleague)s
             ORDER BY writer.email_normalized <> m.address, writer.id LIMIT 1
            """,
            is_theirs=is_of_customer(SQL("m.writer_customer_id")),
            is_of_domain=is_of_domain("writer", SQL("m.address")),
            is_of_customer=is_of_customer(SQL("writer.commercial_partner_id")),
            is_colleague=is_colleague(SQL("writer")),
        )

    @api.model
    def _get_recipients_sql(self):
        """Return the SQL of who outside message ``m`` of ours was sent to.

        Columns: outside (how many customers), people (ids of those it reached, as far as
        Odoo knows and they are of the customer whose record it is on, or NULL),
        is_undelivered (no mail of it has left).
        """
        return SQL(
            """
            SELECT count(DISTINCT receiver.customer_id) AS outside,
                   array_agg(receiver.id ORDER BY
                             receiver.customer_id IS DISTINCT FROM m.about_customer_id,
                             receiver.id)
                       FILTER (WHERE receiver.is_reached
                                 AND (m.about_customer_id IS NULL
                                      OR %(is_of_customer)s OR %(is_known)s)) AS people,
                   COALESCE(bool_and(mail.is_undelivered), FALSE) AS is_undelivered
              FROM (
                SELECT COALESCE(bool_and(state IN %(unsent_mails)s), FALSE)
                           AS is_undelivered
                  FROM mail_mail WHERE mail_message_id = m.id
              ) mail
              LEFT JOIN LATERAL (
                SELECT outside.id, outside.commercial_partner_id AS customer_id,
                       outside.email_normalized AS address,
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
                 WHERE NOT %(is_colleague)s
                 GROUP BY outside.id
              ) receiver ON TRUE
             WHERE NOT m.is_activity AND NOT m.is_inbound
            """,
            is_colleague=is_colleague(SQL("outside")),
            is_of_customer=is_of_customer(SQL("receiver.customer_id")),
            is_known=is_known_address(SQL("receiver.address")),
            unsent=UNSENT,
            unsent_mails=UNSENT_MAILS,
        )


def is_of_customer(entity):
    """Return the SQL condition that somebody is of the customer of message ``m``.

    :param SQL entity: an expression that yields their commercial entity
    """
    return SQL("%s IN (m.customer_id, m.about_customer_id)", entity)


def is_of_domain(partner, address):
    """Return the SQL condition that a partner of the customer of message ``m`` has an
    address of the same domain; one where anybody may have an address proves nothing.

    :param str partner: the alias of a row of ``res_partner``
    :param SQL address: an expression that yields a normalized address
    """
    partner = SQL.identifier(partner)
    return SQL(
        """
        (%(is_of_customer)s
         AND split_part(%(partner)s.email_normalized, '@', 2)
             = split_part(%(address)s, '@', 2)
         AND split_part(%(address)s, '@', 2) NOT IN (%(free)s))
        """,
        is_of_customer=is_of_customer(SQL("%s.commercial_partner_id", partner)),
        partner=partner,
        address=address,
        free=FREE_MAIL,
    )


def is_known_address(address):
    """Return the SQL condition that an address is one of the customer of message ``m``.

    :param SQL address: an expression that yields a normalized address, or NULL
    """
    return SQL(
        """
        EXISTS (SELECT FROM res_partner known
                 WHERE %(is_of_domain)s
                    OR %(is_of_customer)s AND known.email_normalized = %(address)s)
        """,
        is_of_domain=is_of_domain("known", address),
        is_of_customer=is_of_customer(SQL("known.commercial_partner_id")),
        address=address,
    )
