import { Component, markup, useEffect, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/**
 * What Odoo knows of the customer, as the server lays it out. It is asked for when the
 * plan is on the screen, so that nobody waits for it; a figure opens its records.
 */
export class KamFacts extends Component {
    static template = "kam_management.KamFacts";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ html: "" });
        useEffect(
            (id) => {
                this.load(id);
            },
            () => [this.props.record.resId]
        );
    }

    async load(id) {
        this.state.html = "";
        if (id) {
            const fields = ["facts_html"];
            const [plan] = await this.orm.read("kam.plan", [id], fields);
            if (id === this.props.record.resId) {
                this.state.html = markup(plan.facts_html || "");
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
        this.action.doAction(await this.orm.call("kam.plan", "action_open_fact", args));
    }
}

registry.category("view_widgets").add("kam_facts", { component: KamFacts });
