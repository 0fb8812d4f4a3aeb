import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("kam_plan_start_tour", {
    steps: () => [
        {
            trigger: ".o-form-buttonbox .o_button_more",
            run: "click",
        },
        {
            content: "the account has no plan: the dialog suggests one",
            trigger: "button[name=action_open_plan]:contains(No plan yet)",
            run: "click",
        },
        {
            content: "a template is suggested, and what it is for",
            trigger: ".modal .o_field_widget[name=template_description]:contains(Tour template)",
        },
        {
            trigger: ".modal button[name=action_create_plan]",
            run: "click",
        },
        {
            content: "the plan says what Odoo knows",
            trigger: ".o_kam_facts a[data-kam-fact=deals]:contains(1 open)",
            run: "click",
        },
        {
            content: "the figure opens its records",
            trigger: ".o_data_row:contains(Second pump), .o_kanban_record:contains(Second pump)",
        },
        {
            trigger: ".o_breadcrumb .o_back_button a",
            run: "click",
        },
        {
            content: "the goals of the template are there",
            trigger: ".o_notebook .nav-link[name=evaluation]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=goal_ids]:contains(He stays)",
        },
        {
            trigger: "button[name=action_open_page]",
            run: "click",
        },
        {
            content: "on a page",
            trigger: ":iframe .o_kam_page h1:contains(Tour Machines)",
        },
    ],
});
