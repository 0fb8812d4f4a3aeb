import { registry } from "@web/core/registry";

const { DateTime } = luxon;

registry.category("web_tour.tours").add("kam_tender_tour", {
    steps: () => [
        {
            content: "the deal answers a call for bids",
            trigger: "button[name=action_kam_tender]",
            run: "click",
        },
        {
            content: "the last day",
            trigger: ".o_field_widget[name=date_submission] button, .o_field_widget[name=date_submission] input",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=date_submission] input",
            run: `edit ${DateTime.now().plus({ days: 100 }).toFormat("MM/dd/yyyy")} && press Escape`,
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "it is late to begin, and said so",
            trigger: ".alert .o_field_widget[name=hint]:contains(It is late)",
        },
        {
            trigger: "button[name=action_plan_preparation]",
            run: "click",
        },
        {
            content: "the milestones are there, with their owners",
            trigger: ".o_field_widget[name=milestone_ids] .o_data_row:contains(First version of the bid)",
        },
        {
            trigger: ".o_notebook .nav-link[name=documents]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=document_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=document_ids] .o_selected_row [name=name] input",
            run: "edit Bid form",
        },
        {
            trigger: "button[name=action_submit]",
            run: "click",
        },
        {
            content: "it is asked first, as it calls milestones off",
            trigger: ".modal:contains(called off) .modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "what is missing is named",
            trigger: ".modal:contains(Bid form)",
        },
        {
            trigger: ".modal:contains(Bid form) .modal-footer button",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=document_ids] [name=is_ready] input",
            run: "click",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: "body:not(:has(.o_form_button_save:visible)) button[name=action_submit]",
            run: "click",
        },
        {
            trigger: ".modal:contains(called off) .modal-footer .btn-primary",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Submitted)",
        },
        {
            content: "back to the deal, which decides",
            trigger: ".o_back_button a, .o_back_button",
            run: "click",
        },
        {
            trigger: "button[name=action_set_won_rainbowman]",
            run: "click",
        },
        {
            trigger: "button[name=action_kam_tender]",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Won)",
        },
    ],
});
