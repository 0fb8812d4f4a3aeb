import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("kam_account_tour", {
    url: "/odoo/key-accounts?view_type=list",
    steps: () => [
        {
            content: "search the customer",
            trigger: ".o_searchview_input",
            run: "edit Tour Machines",
        },
        {
            trigger: ".o_searchview_autocomplete .o-dropdown-item:first",
            run: "click",
        },
        {
            content: "open the account",
            trigger: ".o_data_row .o_data_cell[name=partner_id]:contains(Tour Machines)",
            run: "click",
        },
        {
            content: "he bought once: the ladder stands at new",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(New)",
        },
        {
            trigger: ".o_notebook .nav-link[name=history]",
            run: "click",
        },
        {
            content: "the history is drawn",
            trigger: ".o_kam_timeline .o_kam_stay_new",
        },
        {
            trigger: ".o_notebook .nav-link[name=communication]",
            run: "click",
        },
        {
            content: "log a touch in one line",
            trigger: ".o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: ".o_selected_row .o_data_cell[name=summary] input",
            run: "edit Asked for the second machine",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "it is saved",
            trigger: ".o_form_saved, .o_form_view .o_form_readonly, .o_form_view:not(:has(.o_form_button_save:visible))",
        },
        {
            trigger: ".o_data_cell[name=summary]:contains(Asked for the second machine)",
        },
    ],
});
