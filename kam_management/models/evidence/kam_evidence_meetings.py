from odoo import api, models
from odoo.tools import SQL

from .contacts import EARLIEST, get_guests_sql
from .customers import FIRST_COMPANY


class KamEvidence(models.AbstractModel):
    """What counts as a contact among meetings: for each customer who came."""

    _inherit = "kam.evidence"

    @api.model
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
                   COALESCE(u.company_id, first_company.id) AS company_id,
                   -- what a private meeting is about is nobody's business
                   CASE WHEN COALESCE(e.privacy, setting.calendar_default_privacy)
                             IS DISTINCT FROM 'private' THEN e.name END AS name
              FROM calendar_event e
             CROSS JOIN %(first_company)s
              LEFT JOIN res_users u ON u.id = e.user_id
              LEFT JOIN res_users_settings setting ON setting.user_id = e.user_id
             WHERE e.stop > %(since)s OR e.write_date > %(since)s
                OR e.id IN (SELECT event_id FROM calendar_attendee
                             WHERE write_date > %(since)s)
            """,
            first_company=FIRST_COMPANY,
            since=since,
        )

    @api.model
    def _get_meeting_contacts_sql(self, since, until):
        """Return the SQL of the customers and leads of meetings, one row each.

        Columns: see ``_get_message_contacts_sql``.

        :param datetime since: meetings that ended, or were written down, after this
        :param datetime until: meetings that ended by then
        """
        return SQL(
            """
            WITH meeting AS (
                SELECT * FROM (%(meetings)s) e
                 WHERE e.active AND e.stop <= %(until)s AND e.start >= %(earliest)s
            ),
            guest AS (%(guests)s)
            SELECT g.company_id, g.partner_id, NULL::int AS account_id,
                   NULL::int AS lead_id, g.contact_id, m.user_id, m.start AS date,
                   m.duration, 'meeting' AS channel, 'out' AS direction,
                   m.name AS summary, NULL::int AS message_id, m.id AS event_id,
                   NULL::int AS activity_id, NULL::int AS communication_id
              FROM meeting m
              JOIN guest g ON g.event_id = m.id
            UNION ALL
            %(leads)s
            """,
            meetings=self._get_meetings_sql(since),
            guests=self._get_meeting_guests_sql(),
            leads=self._get_meeting_leads_sql(),
            until=until,
            earliest=EARLIEST,
        )

    @api.model
    def _get_meeting_guests_sql(self):
        """Return the SQL of the customers who came to each row of ``meeting``."""
        return SQL(
            """
            SELECT m.id AS event_id, COALESCE(p.company_id, m.company_id) AS company_id,
                   p.commercial_partner_id AS partner_id, min(p.id) AS contact_id
              FROM meeting m
             CROSS JOIN LATERAL (%(guests)s) p
             -- who was captured is not so again, at a company they have gone to since
             WHERE NOT EXISTS (
                SELECT FROM (%(captured)s) captured
                 WHERE captured.event_id = m.id AND captured.partner_id = p.id)
             GROUP BY 1, 2, 3
            """,
            guests=get_guests_sql(SQL("m.id")),
            captured=self._get_captured_guests_sql(),
        )

    @api.model
    def _get_meeting_leads_sql(self):
        """Return the SQL of the contacts of those rows of ``meeting`` with a lead."""
        return SQL(
            """
            SELECT COALESCE(l.company_id, m.company_id), NULL, l.account_id, l.lead_id,
                   COALESCE(present.id, l.about_id), m.user_id, m.start, m.duration,
                   'meeting', 'out', m.name, NULL, m.id, NULL, NULL
              FROM meeting m
              JOIN (%(leads)s) l ON l.id = m.opportunity_id
              LEFT JOIN res_partner customer ON customer.id = l.about_id
              LEFT JOIN LATERAL (
                -- the one the lead is about, unless only colleagues of theirs came
                SELECT p.id FROM calendar_attendee guest
                  JOIN res_partner p ON p.id = guest.partner_id
                 WHERE guest.event_id = m.id AND guest.state IS DISTINCT FROM 'declined'
                   AND p.commercial_partner_id = customer.commercial_partner_id
                 ORDER BY p.id <> customer.id, p.id LIMIT 1
              ) present ON TRUE
            """,
            leads=self._get_contact_records()["crm.lead"],
        )
