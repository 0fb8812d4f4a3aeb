import { registry } from "@web/core/registry";
import {
    Many2ManyCheckboxesField,
    many2ManyCheckboxesField,
} from "@web/views/fields/many2many_checkboxes/many2many_checkboxes_field";

/** People as chips; choosing one leaves the focus where somebody types. */
export class PeopleChips extends Many2ManyCheckboxesField {
    static template = "kam_management.PeopleChips";

    /** Unlike boxes, chips show at once who is chosen. */
    toggle(item) {
        this.onChange(item[0], !this.isSelected(item));
        return this.commitChanges();
    }
}

registry.category("fields").add("kam_people_chips", {
    ...many2ManyCheckboxesField,
    component: PeopleChips,
});
