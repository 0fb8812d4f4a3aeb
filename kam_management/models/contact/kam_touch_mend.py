from odoo import api, fields, models
from odoo.tools import SQL

from ..evidence.contacts import EARLIEST, get_guests_sql

# Somebody rated or commented touch ``t``, or gave resources, see ``_is_judged``.
IS_JUDGED = SQL(
    """
    (COALESCE(t.quality, 0) <> 0 OR t.outcome IS NOT NULL OR COALESCE(t.note, '') <> ''
     OR EXISTS (SELECT FROM kam_touch_resource line WHERE line.touch_id = t.id))
    """
)


class KamTouch(models.Model):
    """Touches follow their sources: a meeting is moved, called off, or deleted."""

    _inherit = "kam.touch"

    is_called_off = fields.Boolean(
        readonly=True,
        copy=False,
        help="Archived because its meeting did not take place; restored with it.",
    )

    @api.model
    def _mend_meetings(self, since, until):
        """Bring the touches of meetings up to date and report them to the engine.

        - A meeting that was moved or renamed takes its touch along. What somebody wrote
          on the touch after that stays.
        - One that was called off, moved into the future, or whose guest declined is no
          touch, unless an activity says that it was done. Nor did the one guest of
          several come who declined. What somebody said of the touch stays with it, and is
          there again when the meeting is on again.
        - One with a lead whose customer was corrected goes to that customer, unless
          somebody of the former one came.

        A guest who changed his company since was still there for the former one.

        :param datetime since: meetings that ended, or were changed, after this
        :param datetime until: meetings that ended by then
        """
        self._mend_customers(since)
        self.env.cr.execute(
            SQL(
                """
                WITH meeting AS (%(meetings)s),
                declined AS (%(declined)s),
                gone AS (%(gone)s),
                called_off AS (%(called_off)s),
                moved AS (%(moved)s)
                INSERT INTO kam_account_event (company_id, partner_id)
                SELECT a.company_id, a.partner_id
                  FROM (SELECT account_id FROM gone UNION SELECT account_id FROM moved
                        UNION SELECT account_id FROM declined
                        UNION SELECT account_id FROM called_off) news
                  JOIN kam_account a ON a.id = news.account_id
                """,
                meetings=self.env["kam.evidence"]._get_meetings_sql(since),
                declined=self._get_delete_declined_sql(),
                gone=self._get_delete_gone_sql(until),
                called_off=self._get_call_off_sql(until),
                moved=self._get_update_moved_sql(until),
            )
        )
        self.invalidate_model()

    def _get_delete_declined_sql(self):
        """Return the SQL that takes guests who declined out of the people met."""
        return SQL(
            """
            DELETE FROM kam_touch_partner_rel met
             USING kam_touch t, meeting m, calendar_attendee guest
             WHERE t.id = met.touch_id AND t.event_id = m.id
               AND guest.event_id = m.id AND guest.state = 'declined'
               AND guest.partner_id = met.partner_id
               AND met.partner_id IS DISTINCT FROM t.partner_id
            RETURNING t.account_id
            """
        )

    def _get_delete_gone_sql(self, until):
        """Return the SQL that removes touches of meetings that did not take place."""
        return SQL(
            """
            DELETE FROM kam_touch t
             USING meeting m
             WHERE m.id = t.event_id AND t.message_id IS NULL AND t.active
               AND t.is_called_off IS NOT TRUE AND NOT %(took_place)s AND NOT %(is_judged)s
            RETURNING t.account_id
            """,
            took_place=self._get_took_place_sql(until),
            is_judged=IS_JUDGED,
        )

    def _get_call_off_sql(self, until):
        """Return the SQL that archives touches of meetings that did not take place, but
        that somebody said something of, and restores them when the meeting is on again.

        They are archived once: who restores one by hand knows better.
        """
        return SQL(
            """
            UPDATE kam_touch t
               SET active = t.is_called_off IS TRUE,
                   is_called_off = t.is_called_off IS NOT TRUE,
                   write_date = now() AT TIME ZONE 'UTC'
              FROM meeting m
             WHERE m.id = t.event_id AND t.message_id IS NULL
               AND CASE WHEN t.is_called_off THEN %(took_place)s
                        ELSE t.active AND NOT %(took_place)s AND %(is_judged)s END
            RETURNING t.account_id
            """,
            took_place=self._get_took_place_sql(until),
            is_judged=IS_JUDGED,
        )

    def _get_took_place_sql(self, until):
        """Return the SQL condition that meeting ``m`` took place with the customer of
        touch ``t``.
        """
        return SQL(
            """
            (m.active AND m.stop <= %(until)s AND m.start >= %(earliest)s
             AND (COALESCE(t.lead_id = m.opportunity_id, FALSE) OR EXISTS (%(guests)s)))
            """,
            guests=self._get_guest_sql(),
            until=until,
            earliest=EARLIEST,
        )

    def _get_update_moved_sql(self, until):
        """Return the SQL that takes touches along with meetings moved or renamed."""
        return SQL(
            """
            UPDATE kam_touch t
               SET date = m.start,
                   duration = CASE WHEN news THEN m.duration ELSE t.duration END,
                   summary = CASE WHEN news THEN m.name ELSE t.summary END,
                   write_date = now() AT TIME ZONE 'UTC'
              FROM (
                SELECT m.*, t.id AS touch_id,
                       m.write_date > COALESCE(t.write_date, '-infinity') AS news
                  FROM meeting m
                  JOIN kam_touch t ON t.event_id = m.id
              ) m
             WHERE t.id = m.touch_id AND m.active AND m.stop <= %(until)s
               AND m.start >= %(earliest)s AND t.is_called_off IS NOT TRUE
               AND (t.date <> m.start OR news
                    AND (t.duration IS DISTINCT FROM m.duration
                         OR t.summary IS DISTINCT FROM m.name))
            RETURNING t.account_id
            """,
            until=until,
            earliest=EARLIEST,
        )

    def _mend_customers(self, since):
        """Move touches of meetings to the customer their lead belongs to by now."""
        self.env.cr.execute(
            SQL(
                """
                WITH moved AS (
                    UPDATE kam_touch t
                       SET account_id = a.id, company_id = a.company_id,
                           write_date = now() AT TIME ZONE 'UTC'
                      FROM (%(meetings)s) m, crm_lead l, kam_account a, kam_touch old
                     WHERE m.id = t.event_id AND t.message_id IS NULL
                       AND l.id = t.lead_id AND l.id = m.opportunity_id
                       AND a.id = l.kam_account_id AND a.id <> t.account_id
                       AND old.id = t.id
                       AND NOT EXISTS (%(guests)s)
                       AND NOT EXISTS (SELECT FROM kam_touch twin
                                        WHERE twin.event_id = m.id
                                          AND twin.account_id = a.id)
                    RETURNING old.account_id AS before, t.account_id AS after
                )
                INSERT INTO kam_account_event (company_id, partner_id)
                SELECT a.company_id, a.partner_id
                  FROM (SELECT before AS account_id FROM moved
                        UNION SELECT after FROM moved) news
                  JOIN kam_account a ON a.id = news.account_id
                """,
                meetings=self.env["kam.evidence"]._get_meetings_sql(since),
                guests=self._get_guest_sql(),
            )
        )

    def _get_guest_sql(self):
        """Return the SQL of who came to meeting ``m`` for the customer of touch ``t``."""
        return SQL(
            """
            SELECT FROM (%s) p
             WHERE EXISTS (SELECT FROM kam_touch_partner_rel met
                            WHERE met.touch_id = t.id AND met.partner_id = p.id)
                OR p.commercial_partner_id = (
                    SELECT partner_id FROM kam_account WHERE id = t.account_id)
            """,
            get_guests_sql(SQL("m.id")),
        )

    def _get_without_guests(self):
        """Return those of these touches whose meeting nobody of the customer came to."""
        return self.filtered(
            lambda touch: (
                touch.account_id.partner_id
                not in touch.event_id.attendee_ids.filtered(
                    lambda guest: guest.state != "declined"
                ).partner_id.commercial_partner_id
            )
        )

    @api.model
    def _forget_sources(self, messages=None, events=None):
        """Remove the touches whose message or meeting is about to be deleted.

        A meeting that an activity reports as done stays a touch without the meeting.
        What somebody said of a touch stays with it, archived.
        """
        # sudo: the touch goes with its source, whoever may delete that
        Touch = self.sudo().with_context(active_test=False)
        if messages:
            touches = Touch.search([("message_id", "in", messages.ids)])
        else:
            touches = Touch.search([("event_id", "in", events.ids)])
            done = touches.filtered("message_id")
            done.event_id = False
            touches -= done
        judged = touches.filtered(lambda touch: touch._is_judged())
        judged.action_archive()
        (touches - judged).unlink()

    def _is_judged(self):
        """Return whether somebody rated or commented this touch, or gave resources."""
        self.ensure_one()
        return bool(self.quality or self.outcome or self.note or self.resource_ids)

    @api.model
    def _outlive_records(self, records):
        """Keep the touches of messages on documents that are about to be deleted: the
        customer was contacted, whatever becomes of the quotation.
        """
        # sudo: who may delete the document need not see the touches on it
        touches = self.sudo().with_context(active_test=False)
        touches.search(
            [
                ("message_id.model", "=", records._name),
                ("message_id.res_id", "in", records.ids),
            ]
        ).message_id = False

    @api.model
    def _archive_emptied(self, message):
        """Archive the touch of a message that its author emptied: he deleted it."""
        # sudo: the touch goes with its source, whoever may delete that
        self.sudo().search([("message_id", "in", message.ids)]).action_archive()
