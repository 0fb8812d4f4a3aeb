import { Component, markup, useEffect, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/**
 * Facts as the server lays them out, in an HTML field of the record. It is asked for when
 * the record is on the screen, so that nobody waits for it; a figure opens its records.
 */
export class KamFacts extends Component {
    static template = "kam_management.KamFacts";
    static props = { ...standardWidgetProps, field: String };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ html: "" });
        useEffect(
            (id) => {
                this.load(id);
            },
            () => [this.props.record.resId, this.props.record.data.health]
        );
    }

    get model() {
        return this.props.record.resModel;
    }

    async load(id) {
        this.state.html = "";
        if (id) {
            const { field } = this.props;
            const [values] = await this.orm.read(this.model, [id], [field]);
            if (id === this.props.record.resId) {
                this.state.html = markup(values[field] || "<div></div>");
            }
        }
    }

    async onClick(ev) {
        const figure = ev.target.closest("[data-kam-fact]");
        if (!figure) {
            return;
        }
        ev.preventDefault();
        const { kamFact, kamKey } = figure.dataset;
        const args = [[this.props.record.resId], kamFact, kamKey || false];
        this.action.doAction(await this.orm.call(this.model, "action_open_fact", args));
    }
}

registry.category("view_widgets").add("kam_facts", {
    component: KamFacts,
    extractProps: ({ attrs }) => ({ field: attrs.field || "facts_html" }),
});
