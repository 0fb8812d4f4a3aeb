import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import {
    defineModels,
    fields,
    models,
    mountWithCleanup,
    getService,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { utils } from "@web/core/ui/ui_service";
import { WebClient } from "@web/webclient/webclient";

class Plan extends models.Model {
    name = fields.Char();
    state = fields.Selection({
        selection: [
            ["draft", "Draft"],
            ["running", "Running"],
        ],
    });
    _records = [
        { id: 1, name: "Acme 2026", state: "running" },
        { id: 2, name: "Beta 2026", state: "running" },
    ];
    _views = {
        kanban: `
            <kanban js_class="kam_board" default_group_by="state">
                <templates><t t-name="card"><field name="name"/></t></templates>
            </kanban>`,
    };
}
defineMailModels();
defineModels([Plan]);

async function openBoard() {
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.act_window",
        res_model: "plan",
        views: [[false, "kanban"]],
    });
}

test("the desk shows a column for each state", async () => {
    await openBoard();
    expect(".o_kanban_group").toHaveCount(1);
    expect(".o_kanban_record:not(.o_kanban_ghost)").toHaveCount(2);
});

test("the phone shows one list, whatever the states are", async () => {
    patchWithCleanup(utils, { isSmall: () => true });
    await openBoard();
    expect(".o_kanban_group").toHaveCount(0);
    expect(".o_kanban_record:not(.o_kanban_ghost)").toHaveCount(2);
});
