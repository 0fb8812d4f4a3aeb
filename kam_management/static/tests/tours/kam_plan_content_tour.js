import { registry } from "@web/core/registry";

const CELL = ".o_kam_white_space tr:contains('Tour North') .o_kam_space";

registry.category("web_tour.tours").add("kam_plan_content_tour", {
    steps: () => [
        { trigger: "a[name=services]", run: "click" },
        { content: "Nobody knows what the branch needs", trigger: `${CELL}_unknown`, run: "click" },
        { trigger: ".o-dropdown-item:contains('No need')", run: "click" },
        { content: "Now it is known", trigger: `${CELL}_no_need`, run: "click" },
        { trigger: ".o-dropdown-item:contains('Buys elsewhere')", run: "click" },
        { trigger: ".modal div[name=competitor] input", run: "edit Airtec" },
        { trigger: ".modal .o_form_button_save", run: "click" },
        { content: "The competitor has a name", trigger: `${CELL}_competitor:contains('Airtec')`, run: "click" },
        { trigger: ".o-dropdown-item:contains('Add need')", run: "click" },
        { trigger: ".modal div[name=name] input, .modal div[name=name] textarea", run: "edit Dry air" },
        { trigger: ".modal .o_form_button_save", run: "click" },
        { trigger: "body:not(:has(.modal)) a[name=needs]", run: "click" },
        { trigger: "div[name=need_ids] .o_data_row:contains('Dry air')" },
        { trigger: "a[name=delivery]", run: "click" },
        { trigger: "button[name=action_plan_action]", run: "click" },
        { trigger: ".modal div[name=summary] input", run: "edit Measure the air" },
        { trigger: ".modal button[name=action_schedule_activities]", run: "click" },
        {
            content: "What is planned is an action of the plan, closed where it is seen",
            trigger: "body:not(:has(.modal)) div[name=action_ids] .o_data_row:contains('Measure the air') button[name=action_done]",
            run: "click",
        },
        { trigger: "div[name=action_ids] .o_data_row:contains('Measure the air'):contains('Done')" },
        { trigger: "a[name=services]", run: "click" },
        { trigger: `${CELL}_competitor`, run: "click" },
        { trigger: ".o-dropdown-item:contains('Create opportunity')", run: "click" },
        {
            content: "The opportunity opens",
            trigger: ".o_form_view .o_field_widget[name=kam_plan_id], .o_form_view div[name=kam_plan_id]",
        },
    ],
});
