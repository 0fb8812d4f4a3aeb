import { registry } from "@web/core/registry";

const NO_DIALOG = "body:not(:has(.modal))";
const WON = "tr:contains(Tour Anna) input[data-column^=won]";

registry.category("web_tour.tours").add("kam_quota_planning_tour", {
    steps: () => [
        {
            content: "plan the quotas of the next period",
            trigger: ".o_control_panel button:contains(Plan Quotas)",
            run: "click",
        },
        {
            content: "type a target into the table",
            trigger: `.modal .o_kam_quota_table ${WON}`,
            run: "edit 7 && press Tab",
        },
        {
            content: "it is added up at once",
            trigger: ".modal .o_kam_quota_table [data-owner=sum]:contains(7)",
        },
        {
            content: "choose something else, and come back",
            trigger: ".modal button[name=action_back]",
            run: "click",
        },
        { trigger: ".modal button[name=action_preview]", run: "click" },
        {
            trigger: `.modal .o_kam_quota_table ${WON}`,
            run: "edit 6 && press Tab",
        },
        { trigger: ".modal button[name=action_start_quotas]", run: "click" },
        {
            content: "they stay in sight, and say when they begin",
            trigger: `${NO_DIALOG} .o_view_controller:contains(Tour Anna):contains(Begins on)`,
        },
    ],
});

registry.category("web_tour.tours").add("kam_quota_deciding_tour", {
    steps: () => [
        {
            content: "the deviations of a manager are one list, with their figures",
            trigger: ".o_list_view .o_group_header:contains(Tour Anna)",
        },
        {
            trigger: ".o_data_row:contains(New customers won) .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains(Touches) .o_list_record_selector input",
            run: "click",
        },
        { trigger: ".o_control_panel button[name=action_decide_many]", run: "click" },
        {
            content: "what is true of all is said once",
            trigger: ".modal [name=cause_id] input",
            run: "edit Tour cause",
        },
        { trigger: ".o-autocomplete--dropdown-item:contains(Tour cause)", run: "click" },
        { trigger: ".modal [name=decision] textarea", run: "edit Two visits a week" },
        { trigger: ".modal [name=date_due] button, .modal [name=date_due] input", run: "click" },
        { trigger: ".modal [name=date_due] input", run: "edit 12/31/2099 && press Enter" },
        { trigger: ".modal button[name=action_apply]", run: "click" },
        {
            content: "both are decided",
            trigger: `${NO_DIALOG} .o_data_row:contains(New customers won):contains(Decided)`,
        },
        { trigger: ".o_data_row:contains(Touches):contains(Decided)" },
    ],
});
