from odoo import models
from odoo.tools import SQL

from .kam_touch import EARLIEST


class KamTouch(models.Model):
    """Where contacts are found: the meetings that may become touches."""

    _inherit = "kam.touch"

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

    def _get_meeting_guests_sql(self):
        """Return the SQL of the customers who came to each row of ``meeting``."""
        return SQL(
            """
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
            """
        )

    def _get_meeting_leads_sql(self):
        """Return the SQL of the candidates of those rows of ``meeting`` with a lead."""
        return SQL(
            """
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
            """
        )
