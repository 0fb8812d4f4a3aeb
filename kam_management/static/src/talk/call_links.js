import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** The phone numbers of people, one tap to call each. */
export class CallLinks extends Component {
    static template = "kam_management.CallLinks";
    static props = { ...standardFieldProps };

    get people() {
        return this.props.record.data[this.props.name] || [];
    }

    href({ phone }) {
        return `tel:${phone.replace(/\s+/g, "")}`;
    }
}

registry.category("fields").add("kam_call_links", {
    component: CallLinks,
    supportedTypes: ["json"],
});
