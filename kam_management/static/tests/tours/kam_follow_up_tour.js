import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("kam_follow_up_tour", {
    steps: () => [
        {
            content: "the quotation is sent",
            trigger: ".o_form_view button[name=action_quotation_send]:visible",
            run: "click",
        },
        { trigger: ".modal button[name=action_send_mail]:enabled", run: "click" },
        {
            content: "its receipt is to be confirmed",
            trigger: "body:not(:has(.modal)) .o_field_widget[name=kam_follow_up]:contains(Receipt)",
        },
        { trigger: "button[name=action_kam_log_touch]", run: "click" },
        {
            content: "one question",
            trigger: ".modal [name=follow_up_question]:contains(arrived)",
        },
        {
            content: "one click answers it",
            trigger: ".modal [name=follow_up_answer] .o_selection_badge:contains(Yes)",
            run: "click",
        },
        {
            content: "the next step is proposed",
            trigger: ".modal [name=next_summary] input:value(agree on the next steps)",
        },
        { trigger: ".modal button[name=action_save]", run: "click" },
        {
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=kam_follow_up]:contains(Next Steps)",
        },
        { trigger: ".o-mail-Activity:contains(agree on the next steps)" },
    ],
});

registry.category("web_tour.tours").add("kam_follow_up_sign_tour", {
    steps: () => [
        {
            content: "the customer signs",
            trigger: "body[is-ready=true] .o_portal_sale_sidebar .btn-primary:contains(Sign)",
            run: "click",
        },
        {
            trigger: ".modal .o_web_sign_name_and_signature input",
            run: "fill Eva Meyer",
        },
        { trigger: ".modal canvas.o_web_sign_signature", run: "canvasNotEmpty" },
        {
            trigger: ".modal .o_portal_sign_submit:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "#quote_content:contains(Thank You)" },
    ],
});

registry.category("web_tour.tours").add("kam_concession_tour", {
    steps: () => [
        {
            content: "it concedes too much",
            trigger: ".alert[name=kam_approval]:contains(concedes more)",
        },
        { trigger: "button[name=action_kam_request_approval]", run: "click" },
        {
            content: "why comes before asking",
            trigger: ".modal .o_field_widget[name=reason] input, .modal .o_field_widget[name=reason] select",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains(Competing Offer)",
            run: "click",
        },
        {
            trigger: ".modal [name=in_return] input",
            run: "edit A reference letter",
        },
        { trigger: ".modal button[name=action_ask]", run: "click" },
        {
            trigger: "body:not(:has(.modal)) .alert[name=kam_approval]:contains(Waiting)",
        },
    ],
});

registry.category("web_tour.tours").add("kam_concession_approve_tour", {
    steps: () => [
        {
            content: "the head approves it where the day begins",
            trigger:
                ".o_kam_card[data-card=decisions] li:contains(Tour Machines) button:contains(Approve)",
            run: "click",
        },
        {
            trigger:
                ".o_kam_card[data-card=decisions]:not(:has(li:contains(Tour Machines)))",
        },
    ],
});
