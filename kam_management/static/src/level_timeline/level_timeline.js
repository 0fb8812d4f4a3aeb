import { registry } from "@web/core/registry";
import { toLocaleDateString } from "@web/core/l10n/dates";
import { X2ManyField, x2ManyField } from "@web/views/fields/x2many/x2many_field";

const { DateTime } = luxon;

/**
 * The history of levels as a bar: one stretch per stay in a level, as long as it
 * lasted, above the list of the transitions.
 */
export class LevelTimeline extends X2ManyField {
    static template = "kam_management.LevelTimeline";

    /** The stays from the first transition to today: level, label, days, tooltip. */
    get stays() {
        const labels = Object.fromEntries(this.list.fields.to_level.selection);
        const steps = this.list.records
            .map((record) => record.data)
            .filter((step) => step.date && step.to_level)
            .sort((one, other) => one.date - other.date);
        return steps.map((step, index) => {
            const end = steps[index + 1]?.date || DateTime.local();
            return {
                level: step.to_level,
                label: labels[step.to_level],
                days: Math.max(1, Math.round(end.diff(step.date, "days").days)),
                from: toLocaleDateString(step.date),
            };
        });
    }
}

registry.category("fields").add("kam_level_timeline", {
    ...x2ManyField,
    component: LevelTimeline,
});
