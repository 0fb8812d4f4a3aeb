import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("kam_reference_tour", {
    steps: () => [
        {
            content: "who rated us well may be asked",
            trigger: "button[name=action_ask_reference]",
            run: "click",
        },
        {
            content: "the app says that this is the moment",
            trigger: "div[name=ready]:contains(Good moment)",
        },
        {
            trigger: ".o_field_widget[name=partner_id] input",
            run: "edit Ines",
        },
        {
            trigger: ".o_field_widget[name=partner_id] .dropdown-item:contains(Ines)",
            run: "click",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: "button[name=action_give]",
            run: "click",
        },
        {
            trigger: "button[name=action_new_lead]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=contact_name] input",
            run: "edit Zoe Zenith",
        },
        {
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            content: "the lead knows who recommended us",
            trigger: ".o_form_view:has([name=kam_reference_id])",
        },
    ],
});
