import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("kam_person_erasure_tour", {
    steps: () => [
        { trigger: "button[name=action_erase_person]", run: "click" },
        {
            content: "The dialog shows what goes",
            trigger: ".modal div[name=traces_html] td:contains('Call Tina Tour')",
        },
        { trigger: ".modal li:contains('Privacy Lookup')" },
        { trigger: ".modal button[name=action_erase]", run: "click" },
        {
            content: "The dossier is there, without the judgement",
            trigger: "body:not(:has(.modal)) .o_form_view div[name=goals] textarea:not(:value('Grow'))",
        },
    ],
});
