import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("kam_proposal_tour", {
    steps: () => [
        {
            content: "the quotation leads to its proposal",
            trigger: "button[name=action_kam_proposal]",
            run: "click",
        },
        {
            content: "what its audience misses is said, and nothing is printed yet",
            trigger: ".alert .o_field_widget[name=hint]:contains(Judged by figures)",
        },
        {
            trigger: "button[name=action_propose]",
            run: "click",
        },
        {
            content: "an argument for who judges it",
            trigger: ".o_field_widget[name=argument_ids] .o_data_row:contains(Tour saving)",
        },
        {
            content: "it is in the preview",
            trigger: ".o_field_widget[name=preview_html] h4:contains(Tour saving)",
        },
        {
            trigger: ".o_notebook .nav-link[name=effect]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=effect_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=effect_ids] .o_selected_row [name=name] input",
            run: "edit Gas for the tour",
        },
        {
            trigger: ".o_field_widget[name=effect_ids] .o_selected_row [name=amount_today] input",
            run: "edit 24000",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "the effect is in the preview, with the payback",
            trigger: ".o_field_widget[name=preview_html] td:contains(6 months)",
        },
        {
            content: "nobody misses figures any more",
            trigger: "body:not(:has(.o_field_widget[name=hint]:contains(Judged by figures)))",
        },
        {
            content: "to the page of the customer",
            trigger: "button[name=action_open_portal]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "#kam_proposal h4:contains(Tour saving)",
        },
        {
            content: "it stands before the lines",
            trigger: "#kam_proposal:contains(Gas for the tour) ~ #details",
        },
    ],
});
