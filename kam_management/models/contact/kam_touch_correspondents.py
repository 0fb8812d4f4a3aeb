from odoo import models
from odoo.tools import SQL

# A mail that is in this state has not reached anybody: it waits, or it failed.
UNSENT = ("bounce", "canceled", "exception", "process", "ready")
UNSENT_MAILS = ("cancel", "exception", "outgoing")


class KamTouch(models.Model):
    """Who wrote a message, and whom it reached."""

    _inherit = "kam.touch"

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
                       COALESCE(m.document_customer_id, (
                           SELECT partner_id FROM kam_account
                            WHERE id = COALESCE(m.own_account_id, m.lead_account_id)
                       )) AS customer_id
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

        Those of the customer it is about come first.

        Columns: outside (how many), people (ids of those it reached, as far as Odoo
        knows, or NULL), is_undelivered (no mail of it has left).
        """
        return SQL(
            """
            SELECT count(receiver.id) AS outside,
                   array_agg(receiver.id ORDER BY
                             receiver.customer_id IS DISTINCT FROM m.customer_id,
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
