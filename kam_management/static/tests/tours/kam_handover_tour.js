import { registry } from "@web/core/registry";

function tickOff(name) {
    return [
        {
            content: `${name} is done`,
            trigger: `.o_field_widget[name=step_ids] .o_data_row:contains(${name}) .o_boolean_toggle input`,
            run: "click",
        },
    ];
}

registry.category("web_tour.tours").add("kam_handover_deal_tour", {
    steps: () => [
        {
            content: "the deal is won: others serve the customer",
            trigger: "button[name=action_kam_hand_over]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=manager_id] input",
            run: "edit Boris",
        },
        {
            trigger: ".o_field_widget[name=manager_id] .dropdown-item:contains(Boris)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=reason] input",
            run: "edit Deal won",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "the successor is named, the briefing is next",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Preparation)",
        },
        ...tickOff("Briefing Read"),
        ...tickOff("Joint Meeting Held"),
        ...tickOff("Introduced to Ada"),
        ...tickOff("Open Promises Gone Through"),
        ...tickOff("Acknowledged by the Customer"),
        ...tickOff("First Contact Without Predecessor"),
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Ready)",
        },
        {
            trigger: "button[name=action_complete].btn-primary",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Completed)",
        },
        {
            content: "what moved is on record",
            trigger: ".o_notebook .nav-link:contains(What Moved)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=move_ids] .o_data_row:contains(Key Account Manager)",
        },
    ],
});
