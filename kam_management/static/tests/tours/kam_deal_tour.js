import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("kam_deal_tour", {
    steps: () => [
        {
            content: "a telemarketer qualifies the lead",
            trigger: "button[name=action_kam_qualify]",
            run: "click",
        },
        {
            trigger: ".modal [name=fit] .o_selection_badge:contains(Fits)",
            run: "click",
        },
        {
            trigger: ".modal [name=need] .o_selection_badge:contains(Yes)",
            run: "click",
        },
        {
            content: "the sales type is that of the customer, the result is proposed",
            trigger: ".modal:has([name=sales_type] .o_selection_badge.active:contains(Transactional)) button[name=action_apply]:contains(Convert):visible",
            run: "click",
        },
        {
            content: "Odoo's own conversion follows",
            trigger: ".modal button[name=action_apply]:contains(Create Opportunity)",
            run: "click",
        },
        {
            content: "the opportunity has the steps of its type",
            trigger: "body:not(:has(.modal)) .o_notebook .nav-link[name=kam_steps]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=kam_done_step_ids] .o-checkbox:contains(Tour: confirm) input",
            run: "click",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=kam_step_progress]:contains(50)",
        },
        {
            trigger: "button[name=action_kam_plan_steps]",
            run: "click",
        },
        {
            content: "who does what by when",
            trigger:
                ".modal .o_mail_activity_schedule_summary:contains(Tour: quotation)",
        },
        {
            trigger: ".modal button[name=action_schedule_plan]:visible",
            run: "click",
        },
        {
            content: "what is left is planned",
            trigger: ".o-mail-Activity:contains(Tour: quotation)",
        },
        {
            content: "they object",
            trigger: "button[name=action_kam_log_touch]",
            run: "click",
        },
        {
            content: "with the contact of the lead",
            trigger: ".modal:has(.o_kam_chips button:contains(Eva)) [name=outcome] .o_selection_badge:contains(Objection)",
            run: "click",
        },
        {
            trigger: ".modal [name=objection] input",
            run: "edit Costs too much",
        },
        {
            trigger: ".modal [name=objection_category_id] input",
            run: "edit Tour price",
        },
        {
            trigger: ".modal .ui-autocomplete a:contains(Tour price)",
            run: "click",
        },
        {
            content: "an answer that worked elsewhere is one click away",
            trigger: ".modal [name=objection_offers] button:contains(Energy pays it)",
            run: "click",
        },
        {
            trigger: ".modal [name=objection_worked] .o_selection_badge:contains(Yes)",
            run: "click",
        },
        {
            trigger: ".modal button[name=action_save]",
            run: "click",
        },
        {
            content: "it is kept, the test says how",
            trigger: "body:not(:has(.modal)) .o_form_view .o_notebook",
        },
    ],
});
