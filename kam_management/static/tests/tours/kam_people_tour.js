import { registry } from "@web/core/registry";

const PERSON = ".o_kam_person:contains('Tour Tina')";

registry.category("web_tour.tours").add("kam_people_tour", {
    steps: () => [
        { trigger: "a[name=people]", run: "click" },
        {
            content: "No stakeholders yet",
            trigger: "div[name=coverage_checklist]:contains('find out who it is')",
        },
        {
            trigger: "div[name=stakeholder_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: "div[name=stakeholder_ids] .o_selected_row div[name=partner_id] input",
            run: "edit Tour Tina",
        },
        {
            content: "A new contact of the customer is made on the way",
            trigger: ".o-autocomplete--dropdown-item:contains('Create \"Tour Tina\"')",
            run: "click",
        },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved a[name=people]", run: "click" },
        {
            content: "Who is not judged yet is dragged to where she stands",
            trigger: PERSON,
            run: "drag_and_drop .o_kam_cell[data-influence='4'][data-attitude='sponsor']",
        },
        {
            trigger: `.o_kam_cell[data-influence='4'][data-attitude='sponsor'] ${PERSON}`,
            run: "click",
        },
        {
            content: "A click opens the dossier",
            trigger: ".o_form_view div[name=attitude]:contains('Sponsor'), div[name=attitude] input:value('Sponsor')",
        },
        { trigger: "a[name=history]", run: "click" },
        {
            content: "The move is part of the history",
            trigger: "div[name=history_ids] .o_data_row:contains('Sponsor')",
        },
    ],
});
