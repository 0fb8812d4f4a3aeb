import { registry } from "@web/core/registry";
import { deserializeDate, serializeDate } from "@web/core/l10n/dates";
import { CalendarModel } from "@web/views/calendar/calendar_model";
import { calendarView } from "@web/views/calendar/calendar_view";

/** Tenders are months away: the calendar begins with the next submission, not today. */
export class TenderCalendarModel extends CalendarModel {
    async load(params = {}) {
        if (!this.meta.date && !params.date) {
            params = { ...params, date: await this.findFirstDay(params) };
        }
        return super.load(params);
    }

    /** The next submission of the tenders that are shown, else today. */
    async findFirstDay({ domain = [], context }) {
        const today = luxon.DateTime.local().startOf("day");
        const [next] = await this.orm.searchRead(
            this.meta.resModel,
            [...domain, ["date_submission", ">=", serializeDate(today)]],
            ["date_submission"],
            { context, limit: 1, order: "date_submission" }
        );
        return next ? deserializeDate(next.date_submission) : today;
    }
}

registry.category("views").add("kam_tender_calendar", {
    ...calendarView,
    Model: TenderCalendarModel,
});
