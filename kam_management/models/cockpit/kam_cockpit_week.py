from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..common import clock
from ..stakeholder.kam_remembered_date import get_next_occurrence

# What is to come within these days is on the screen, too.
DAYS = 7
ROWS = 12


class KamCockpit(models.AbstractModel):
    """My Day: the meetings of today, and what the week brings."""

    _inherit = "kam.cockpit"

    @api.model
    @api.readonly
    def get_my_week(self):
        """Return the meetings of today and what comes within a week.

        :return: ``{"meetings": [{model, id, title, time, place, account_id}], "week":
            [{model, id, title, note, date}], the soonest first}``
        """
        today = clock.here(self)
        end = today + timedelta(days=DAYS)
        week = [
            *self._find_coming_contacts(today, end),
            *self._find_coming_activities(today, end),
            *self._find_coming_meetings(today, end),
            *self._find_remembered_dates(today),
        ]
        week.sort(key=lambda row: (row["date"], row["title"]))
        return {"meetings": self._find_meetings(today), "week": week[:ROWS]}

    @api.model
    def _find_meetings(self, today):
        """Return the meetings of the user today, in the order of their times."""
        meetings = self._search_meetings(today, today + timedelta(days=1))
        accounts = self._find_met(meetings)
        return [
            {
                **self._prepare_coming(meeting, meeting.display_name, today),
                "time": ""
                if meeting.allday
                else fields.Datetime.to_string(meeting.start),
                "place": " · ".join(
                    filter(
                        None,
                        (self._tell_met(accounts[meeting.id]), meeting.location),
                    )
                ),
                "account_id": accounts[meeting.id].id,
            }
            for meeting in meetings
        ]

    @api.model
    def _find_coming_meetings(self, today, end):
        meetings = self._search_meetings(
            today + timedelta(days=1), end + timedelta(days=1)
        )
        accounts = self._find_met(meetings)
        return [
            self._prepare_coming(
                meeting,
                meeting.display_name,
                meeting.start_date
                if meeting.allday
                else fields.Datetime.context_timestamp(self, meeting.start).date(),
                self._tell_met(accounts[meeting.id]) or self.env._("Meeting"),
            )
            for meeting in meetings
        ]

    @api.model
    def _search_meetings(self, start, end):
        """Return the meetings of the user that begin from a day on, before another."""
        # days of the user's zone: Odoo takes them so
        timed = Domain("allday", "=", False)
        timed &= Domain("start", ">=", start) & Domain("start", "<", end)
        whole = Domain("allday", "=", True)
        whole &= Domain("start_date", ">=", start) & Domain("start_date", "<", end)
        mine = Domain("partner_ids", "in", self.env.user.partner_id.ids)
        return self.env["calendar.event"].search(
            mine & (timed | whole), order="start, id", limit=ROWS
        )

    @api.model
    def _find_met(self, meetings):
        """Return {meeting id: the account of a customer who takes part, maybe none}."""
        # sudo: whose customers the guests are, of a meeting of the user
        guests = meetings.sudo().partner_ids.commercial_partner_id
        accounts = self.env["kam.account"].search(
            [
                ("partner_id", "in", guests.ids),
                ("company_id", "in", self.env.companies.ids),
            ],
            order="id",
        )
        of_customer = {account.partner_id.id: account for account in accounts}
        return {
            meeting.id: next(
                (
                    of_customer[guest.id]
                    for guest in meeting.sudo().partner_ids.commercial_partner_id
                    if guest.id in of_customer
                ),
                accounts.browse(),
            )
            for meeting in meetings
        }

    @api.model
    def _tell_met(self, account):
        """Return the customer one meets, in a word or none."""
        return self._get_title(account) if account else ""

    @api.model
    def _find_coming_contacts(self, today, end):
        """Return whom the user is to contact within days."""
        accounts = self.env["kam.account"].search(
            [
                ("manager_id", "=", self.env.uid),
                ("next_touch_date", ">", str(today)),
                ("next_touch_date", "<=", str(end)),
            ],
            order="next_touch_date, revenue desc, id",
            limit=ROWS,
        )
        return [
            self._prepare_coming(
                account,
                self._get_title(account),
                account.next_touch_date,
                self.env._("Contact due"),
            )
            for account in accounts
        ]

    @api.model
    def _find_coming_activities(self, today, end):
        activities = self.env["mail.activity"].search(
            [
                ("user_id", "=", self.env.uid),
                ("date_deadline", ">", str(today)),
                ("date_deadline", "<=", str(end)),
                ("kam_has_card", "=", False),
            ],
            order="date_deadline, id",
            limit=ROWS,
        )
        accounts = self._find_accounts(activities)
        return [
            self._prepare_coming_activity(activity, accounts.get(activity.id))
            for activity in activities
        ]

    @api.model
    def _prepare_coming_activity(self, activity, account):
        """Return the line of an activity: the customer first, then what is to be done."""
        place = activity.res_name or activity.display_name
        customer = self._get_title(account) if account else place
        what = [activity.summary or activity.activity_type_id.name, place]
        note = " · ".join(part for part in what if part and part != customer)
        return self._prepare_coming(activity, customer, activity.date_deadline, note)

    @api.model
    def _find_remembered_dates(self, today):
        """Return birthdays and the like, for who may see personal facts."""
        if not self.env.user.has_group("kam_management.group_kam_personal"):
            return []
        domain = self._get_dates_domain(self._get_months(today, DAYS))
        dates = self.env["kam.remembered.date"].search(domain)
        kinds = dict(dates._fields["kind"]._description_selection(self.env))
        return [
            self._prepare_coming(
                remembered.stakeholder_id,
                # sudo: of the dossier that the user sees
                remembered.stakeholder_id.partner_id.sudo().name
                or remembered.stakeholder_id.display_name,
                get_next_occurrence(today, int(remembered.month), remembered.day),
                f"{kinds[remembered.kind]} · "
                + self._get_title(remembered.stakeholder_id.account_id),
            )
            for remembered in dates
        ]

    @api.model
    def _prepare_coming(self, record, title, day, note=""):
        return {
            "model": record._name,
            "id": record.id,
            "title": title,
            "note": note or "",
            "date": str(day),
        }

    @api.model
    def _get_months(self, today, days):
        """Return the days from today on, by month: [(month, [day, ...]), ...].

        Who was born on the 29th of February celebrates on the 28th, mostly.
        """
        months = {}
        for ahead in range(days + 1):
            day = today + timedelta(days=ahead)
            months.setdefault(day.month, []).append(day.day)
            if (day.month, day.day) == (2, 28) and (day + timedelta(days=1)).day == 1:
                months[day.month].append(29)
        return list(months.items())

    @api.model
    def _get_dates_domain(self, months):
        """Return the dates on some days, of people the user looks after.

        :param list months: see ``_get_months``
        """
        mine = Domain("stakeholder_id.user_id", "=", self.env.uid) | (
            Domain("stakeholder_id.user_id", "=", False)
            & Domain("stakeholder_id.account_id.manager_id", "=", self.env.uid)
        )
        return (
            mine
            & Domain("stakeholder_id.active", "=", True)
            & Domain.OR(
                Domain("month_number", "=", month) & Domain("day", "in", days)
                for month, days in months
            )
        )
