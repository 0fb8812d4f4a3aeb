import { Component, markup, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { useReloaded } from "../reloaded/reloaded";

/**
 * Facts as the server lays them out, in an HTML field of the record. It is asked for when
 * the record is on the screen, so that nobody waits for it; a figure opens its records,
 * a name the record itself.
 */
export class KamFacts extends Component {
    static template = "kam_management.KamFacts";
    static props = { ...standardWidgetProps, field: String };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ id: 0, html: "" });
        this.asked = 0;
        useReloaded((id) => this.load(id));
    }

    get model() {
        return this.props.record.resModel;
    }

    /** An answer that comes after the next question is not shown. */
    async load(id) {
        const turn = ++this.asked;
        if (id !== this.state.id) {
            Object.assign(this.state, { id, html: "" });
        }
        if (id) {
            const { field } = this.props;
            const [values] = await this.orm.read(this.model, [id], [field]);
            if (turn === this.asked && id === this.props.record.resId) {
                this.state.html = markup(values[field] || "<div></div>");
            }
        }
    }

    async onClick(ev) {
        const figure = ev.target.closest("[data-kam-fact], [data-kam-record]");
        if (!figure) {
            return;
        }
        ev.preventDefault();
        const { kamFact, kamKey, kamRecord } = figure.dataset;
        if (kamRecord) {
            const [model, id] = kamRecord.split(",");
            return this.action.doAction({
                type: "ir.actions.act_window",
                res_model: model,
                res_id: Number(id),
                views: [[false, "form"]],
            });
        }
        const args = [[this.props.record.resId], kamFact, kamKey || false];
        this.action.doAction(await this.orm.call(this.model, "action_open_fact", args));
    }
}

registry.category("view_widgets").add("kam_facts", {
    component: KamFacts,
    extractProps: ({ attrs }) => ({ field: attrs.field || "facts_html" }),
});
