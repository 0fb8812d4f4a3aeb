import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** HTML from the server; a click on one of its figures opens the records behind it. */
export class KamFactsField extends Component {
    static template = "kam_management.KamFactsField";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    async onClick(ev) {
        const figure = ev.target.closest("[data-kam-fact]");
        if (!figure) {
            return;
        }
        ev.preventDefault();
        const { resModel, resId } = this.props.record;
        if (!resId) {
            return;
        }
        const { kamFact, kamKey } = figure.dataset;
        const action = await this.orm.call(resModel, "action_open_fact", [
            [resId],
            kamFact,
            kamKey || false,
        ]);
        this.action.doAction(action);
    }
}

registry.category("fields").add("kam_facts", {
    component: KamFactsField,
    supportedTypes: ["html"],
});
