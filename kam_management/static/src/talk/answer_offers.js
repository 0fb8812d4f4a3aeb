import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Answers that worked elsewhere, one click to take one over. */
export class AnswerOffers extends Component {
    static template = "kam_management.AnswerOffers";
    static props = { ...standardFieldProps };

    get offers() {
        return this.props.record.data[this.props.name] || [];
    }

    use({ answer }) {
        return this.props.record.update({ objection_answer: answer });
    }
}

registry.category("fields").add("kam_answer_offers", {
    component: AnswerOffers,
    supportedTypes: ["json"],
    fieldDependencies: [{ name: "objection_answer", type: "text" }],
});
