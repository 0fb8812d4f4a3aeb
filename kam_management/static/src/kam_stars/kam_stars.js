import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { PriorityField, priorityField } from "@web/views/fields/priority/priority_field";

const BEST = 5;

/** Stars for a number from 1 to 5, 0 being none, so that it can be averaged. */
export class KamStarsField extends PriorityField {
    get options() {
        return Array.from({ length: BEST + 1 }, (_, stars) => [
            stars,
            stars ? _t("%s of 5", stars) : _t("Not rated"),
        ]);
    }
}

export const kamStarsField = {
    ...priorityField,
    component: KamStarsField,
    displayName: _t("Stars"),
    supportedTypes: ["integer"],
    extractProps: (fieldInfo, dynamicInfo) => ({
        ...priorityField.extractProps(fieldInfo, dynamicInfo),
        withCommand: false,
        autosave: false,
    }),
};

registry.category("fields").add("kam_stars", kamStarsField);
