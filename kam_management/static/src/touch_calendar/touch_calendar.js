import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { CalendarModel } from "@web/views/calendar/calendar_model";
import { calendarView } from "@web/views/calendar/calendar_view";

// More than these nobody reads, and a browser takes minutes to draw thousands.
export const MOST_TOUCHES = 500;

/**
 * A head of sales may see thousands of touches a week: the calendar draws the last ones
 * of its days, and says so.
 */
export class TouchCalendarModel extends CalendarModel {
    setup(params, services) {
        super.setup(params, services);
        this.notification = services.notification;
    }

    async fetchRecords(data) {
        const { context, fieldNames, resModel } = this.meta;
        const records = await this.orm.searchRead(
            resModel,
            this.computeDomain(data),
            [...new Set([...fieldNames, ...Object.keys(this.meta.activeFields)])],
            { context, limit: MOST_TOUCHES + 1, order: "date desc, id desc" }
        );
        if (records.length > MOST_TOUCHES) {
            records.pop();
            this.notification.add(
                _t("Only the last %s touches are shown. Filter them to see the others.", MOST_TOUCHES),
                { type: "info" }
            );
        }
        return records;
    }
}

registry.category("views").add("kam_touch_calendar", {
    ...calendarView,
    Model: TouchCalendarModel,
});
