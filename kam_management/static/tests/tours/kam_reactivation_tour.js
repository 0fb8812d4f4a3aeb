import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("kam_reactivation_tour", {
    steps: () => [
        {
            content: "a dormant customer is worth it",
            trigger: ".o_data_row:contains(Tour Presses) button[name=action_reactivate]",
            run: "click",
        },
        {
            content: "whose fault it was",
            trigger: ".o_field_widget[name=fault] .o_radio_item:contains(Ours) input",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=note] textarea",
            run: "edit Nobody called back",
        },
        {
            content: "a sequence of attempts is planned",
            trigger: "button[name=action_plan_attempts]",
            run: "click",
        },
        {
            trigger: ".modal:contains(Ask why they stopped buying) button[name=action_schedule_plan]",
            run: "click",
        },
        {
            content: "it was in vain, and is not closed without a reason",
            trigger: "body:not(:has(.modal)) button[name=action_lose]",
            run: "click",
        },
        { trigger: ".modal:contains(reason first) .btn-primary", run: "click" },
        {
            trigger: ".o_field_widget[name=lost_reason_id] input",
            run: "edit Tour reason",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Tour reason)",
            run: "click",
        },
        { trigger: "button[name=action_lose]", run: "click" },
        { trigger: ".o_arrow_button_current:contains(Not Won Back)" },
    ],
});
