import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("kam_complaint_portal_tour", {
    url: "/my/home",
    steps: () => [
        {
            content: "the card is there for who has reported nothing, too",
            trigger: "a[href='/my/complaints']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "a[href='/my/complaints/new']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_kam_complaint_form input[name=name]",
            run: "edit The fan is loud",
        },
        {
            trigger: ".o_kam_complaint_form textarea[name=description]",
            run: "edit Since Monday nobody can talk beside it.",
        },
        {
            trigger: ".o_kam_complaint_form textarea[name=expectation]",
            run: "edit A technician",
        },
        {
            trigger: ".o_kam_complaint_form button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "it was received, and what was written is there",
            trigger: ".badge:contains(Received)",
        },
        {
            trigger: ".o_kam_portal_message:contains(Since Monday)",
        },
    ],
});

registry.category("web_tour.tours").add("kam_complaint_solve_tour", {
    steps: () => [
        {
            content: "it waits for a first answer",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(New)",
        },
        {
            trigger: "button[name=action_answer]",
            run: "click",
        },
        {
            content: "listening comes first: who said what",
            trigger: ".modal .o_field_widget[name=note] textarea",
            run: "edit A technician comes tomorrow",
        },
        {
            trigger: ".modal button[name=action_save]",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(In Progress)",
        },
        {
            trigger: ".o_field_widget[name=agreement] textarea",
            run: "edit Technician on Thursday",
        },
        {
            trigger: ".o_field_widget[name=solution] textarea",
            run: "edit Bearing changed",
        },
        {
            trigger: "button[name=action_solve]:visible",
            run: "click",
        },
        {
            content: "who reported it was asked",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Solved)",
        },
        {
            trigger: ".o_field_widget[name=date_asked]",
        },
    ],
});

registry.category("web_tour.tours").add("kam_complaint_mail_tour", {
    url: "/odoo/key-account-unassigned-complaints",
    steps: () => [
        {
            trigger: ".o_data_row .o_data_cell:contains(Fan stops)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=account_id] input",
            run: "edit Meyer",
        },
        {
            trigger: ".o_field_widget[name=account_id] .dropdown-item:contains(Meyer Machines)",
            run: "click",
        },
        {
            trigger: "button[name=action_assign]:contains(Create Complaint)",
            run: "click",
        },
        {
            content: "it is a complaint now",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(New)",
        },
        {
            trigger: ".o_field_widget[name=name] input:value('Fan stops')",
        },
    ],
});
