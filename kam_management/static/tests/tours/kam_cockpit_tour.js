import { registry } from "@web/core/registry";
import { talk } from "./kam_talk_tour";

const ONE_ROW = ".o_list_view:not(:has(.o_data_row ~ .o_data_row))";

registry.category("web_tour.tours").add("kam_cockpit_my_day_tour", {
    steps: () => [
        {
            content: "the app opens on My Day",
            trigger: ".o_kam_my_day [data-card=quota] .o_kam_quota_line[data-indicator=won]",
        },
        {
            content: "one customer should have heard from her",
            trigger: "[data-card=day] li:only-of-type .o_kam_row:contains(Tour Machines)",
            run: "click",
        },
        { trigger: ".o_form_view .o_kam_overview" },
        { trigger: ".o_back_button, .o_breadcrumb .breadcrumb-item a", run: "click" },
        ...talk(".o_kam_my_day [data-card=day] .o_kam_do"),
        {
            content: "the customer has heard from her: the line is gone",
            trigger: "body:not(:has(.modal)) .o_kam_my_day [data-card=day]:not(:has(.o_kam_row))",
        },
    ],
});

registry.category("web_tour.tours").add("kam_cockpit_head_tour", {
    steps: () => [
        {
            content: "one team",
            trigger: ".o_kam_my_managers select[aria-label='Sales team']",
            run: "selectByLabel Tour Team",
        },
        { trigger: ".o_kam_managers tbody tr:only-of-type" },
        {
            content: "months have no quota here",
            trigger: ".o_kam_my_managers .o_kam_no_quotas:contains(No quota runs in this period)",
        },
        { trigger: "[data-period=quarter]", run: "click" },
        {
            content: "open the facts of a figure of the quarter",
            trigger: ".o_kam_managers .o_kam_quota_line[data-indicator=touches]",
            run: "click",
        },
        {
            content: "the facts add up to the figure",
            trigger: `${ONE_ROW} .o_data_row`,
        },
        { trigger: ".o_back_button, .o_breadcrumb .breadcrumb-item a", run: "click" },
        {
            content: "the filter is as it was left",
            trigger: ".o_kam_my_managers [data-period=quarter].active",
        },
        { trigger: ".o_kam_managers tbody tr:only-of-type" },
        {
            content: "a figure of the work opens its records, too",
            trigger: ".o_kam_managers [data-figure=accounts]:contains(1)",
            run: "click",
        },
        {
            trigger:
                `${ONE_ROW} .o_data_cell:contains(Tour Machines)`,
        },
        { trigger: ".o_menu_sections [data-menu-xmlid='kam_management.kam_portfolio_menu']", run: "click" },
        { trigger: "[data-menu-xmlid='kam_management.kam_cockpit_menu_portfolio']", run: "click" },
        { trigger: ".o_kam_portfolio [data-card=funnel] canvas" },
        {
            content: "a cell of the matrix opens its customers",
            trigger: ".o_kam_portfolio .o_kam_matrix .o_kam_cell",
            run: "click",
        },
        { trigger: ".o_list_view .o_data_row" },
        { trigger: ".o_back_button, .o_breadcrumb .breadcrumb-item a", run: "click" },
        { trigger: ".o_kam_portfolio [data-card=matrix]" },
    ],
});
