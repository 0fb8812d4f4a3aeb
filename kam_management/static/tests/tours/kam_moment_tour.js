import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("kam_moment_confirm_tour", {
    steps: () => [
        {
            content: "the customer has ordered",
            trigger: ".o_form_view button[name=action_confirm]:visible",
            run: "click",
        },
        { trigger: ".o_arrow_button_current:contains(Sales Order)" },
    ],
});

registry.category("web_tour.tours").add("kam_moment_chosen_tour", {
    steps: () => [
        {
            content: "My Day says why, and what to do",
            trigger: ".o_kam_my_day [data-card=day] li:contains(You chose right)",
        },
        { trigger: ".o_kam_my_day [data-card=day] .o_kam_do:contains(Talk)", run: "click" },
        {
            content: "what to say is shown",
            trigger: ".modal [name=talking_points]:contains(Name two of their reasons)",
        },
        {
            trigger: ".modal [name=note] textarea",
            run: "edit They look forward to it",
        },
        { trigger: ".modal button[name=action_save]", run: "click" },
        {
            content: "one save, and it is done",
            trigger:
                "body:not(:has(.modal)) .o_kam_my_day [data-card=day]:not(:has(li:contains(You chose right)))",
        },
    ],
});

registry.category("web_tour.tours").add("kam_moment_delivered_tour", {
    steps: () => [
        {
            content: "the order has its moments",
            trigger: ".o_form_view button[name=action_kam_moments]",
            run: "click",
        },
        {
            content: "one is done, one is open",
            trigger: ".o_list_view .o_data_row:contains(Done)",
        },
        {
            trigger: ".o_data_row:contains(Promises kept) button[name=action_log_touch]",
            run: "click",
        },
        {
            content: "how do they see what they were promised?",
            trigger: ".modal [name=expectation_ids] .o_data_row:contains(Quiet) td[name=perceived]",
            run: "click",
        },
        {
            trigger: ".modal [name=expectation_ids] td[name=perceived] .o_priority_star:eq(1)",
            run: "click",
        },
        {
            trigger: ".modal [name=note] textarea",
            run: "edit Louder than they thought",
        },
        { trigger: ".modal button[name=action_save]", run: "click" },
        {
            trigger: "body:not(:has(.modal)) .o_list_view:not(:has(.o_data_row:contains(Open)))",
        },
    ],
});
