import { registry } from "@web/core/registry";

/**
 * From a customer to a saved next step: four clicks, the first one opens the dialog.
 *
 * @param {string} button what opens it
 */
export function talk(button) {
    return [
        { content: "talk to the customer", trigger: button, run: "click" },
        { content: "the only contact is chosen", trigger: ".modal .o_kam_chips button.active:contains(Eva)" },
        {
            content: "what was said: no click, it has the focus",
            trigger: ".modal [name=note] textarea:focus, .modal [name=note] textarea",
            run: "edit Asked how the pump runs",
        },
        {
            trigger: ".modal [name=outcome] .o_selection_badge:contains(Agreed)",
            run: "click",
        },
        {
            content: "the next step, its date and owner are proposed",
            trigger: ".modal [name=next_summary] input",
            run: "edit Send the offer",
        },
        { trigger: ".modal button[name=action_save]", run: "click" },
    ];
}

registry.category("web_tour.tours").add("kam_talk_tour", {
    steps: () => [
        ...talk(".o_form_view button[name=action_log_touch]:visible"),
        {
            content: "the account shows it at once",
            trigger: "body:not(:has(.modal)) .o_form_view .o_arrow_button_current:contains(Engaged)",
        },
        { trigger: ".o-mail-Activity:contains(Send the offer)" },
    ],
});
