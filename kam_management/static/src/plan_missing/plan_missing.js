import { Component, useRef } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** What a plan lacks before it can be submitted: a click leads to where it is filled in. */
export class PlanMissing extends Component {
    static template = "kam_management.PlanMissing";
    static props = { ...standardWidgetProps };

    setup() {
        this.root = useRef("root");
    }

    get missing() {
        return this.props.record.data.missing || [];
    }

    /** Open the tab, then bring the field into view and let it be typed in. */
    async goTo({ page, field }) {
        const form = this.root.el.closest(".o_form_renderer");
        if (page) {
            form.querySelector(`.o_notebook .nav-link[name="${page}"]`)?.click();
            await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
        }
        const widget = form.querySelector(`.o_field_widget[name="${field}"]`);
        widget?.scrollIntoView({ block: "center" });
        widget?.querySelector("input, textarea, [role=button], a, button, [tabindex]")?.focus();
    }
}

registry.category("view_widgets").add("kam_plan_missing", {
    component: PlanMissing,
    fieldDependencies: [{ name: "missing", type: "json", readonly: true }],
});
