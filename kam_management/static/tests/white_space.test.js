import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { beforeEach, expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

let editable, units;

class Account extends models.Model {
    _name = "kam.account";
    name = fields.Char();
    _records = [{ id: 1, name: "Acme" }];

    get_white_space() {
        return {
            units,
            categories: [
                { id: 5, name: "Compressors" },
                { id: 6, name: "Maintenance" },
                { id: 0, name: "Without a category" },
            ],
            cells: {
                "0-5": { state: "bought", amount: 1200, lead_id: 9 },
                "3-5": { state: "competitor", competitor: "Atlas", note: "until May" },
                "3-6": { state: "no_need" },
            },
            currency_id: false,
            months: 12,
            editable,
        };
    }
}
class Plan extends models.Model {
    account_id = fields.Many2one({ relation: "kam.account" });
    state = fields.Char();
    _records = [
        { id: 1, account_id: 1, state: "running" },
        { id: 2, account_id: 1, state: "closed" },
    ];
}
defineMailModels();
defineModels([Account, Plan]);

beforeEach(() => {
    editable = true;
    units = [
        { id: 0, name: "Head office", kind: "office" },
        { id: 3, name: "Munich", kind: "branch" },
    ];
});

/** Show the matrix of a plan; what it asks of the server is a step. */
async function mountMatrix(resId = 1) {
    for (const method of ["mark_white_space", "make_white_space_lead", "note_white_space_need"]) {
        onRpc("kam.account", method, ({ args, kwargs }) => {
            // without what Hoot marks the arguments with
            const { unit_id, categ_id, context, ...rest } = JSON.parse(JSON.stringify(kwargs));
            expect.step([method, args[0][0], unit_id, categ_id, rest]);
            return method === "mark_white_space" ? 42 : { type: "ir.actions.act_window" };
        });
    }
    mockService("action", {
        doAction(action, { onClose } = {}) {
            expect.step(action.res_model || "action");
            onClose?.();
        },
    });
    await mountView({
        type: "form",
        resModel: "plan",
        resId,
        arch: `<form><field name="account_id"/><widget name="kam_white_space"/></form>`,
    });
}

const cell = (row, column) =>
    `.o_kam_white_space tbody tr:eq(${row}) td:eq(${column}) .o_kam_space`;

/** Open the menu of a cell and choose what starts with a text. */
async function choose(row, column, text) {
    await contains(cell(row, column)).click();
    await contains(`.o-dropdown-item:contains(${text})`).click();
    await animationFrame();
}

test("each cell shows what a branch buys, or why not", async () => {
    await mountMatrix();
    expect(queryAllTexts(".o_kam_white_space thead th")).toEqual([
        "",
        "Compressors",
        "Maintenance",
        "Without a category",
    ]);
    expect(queryAllTexts(".o_kam_white_space tbody th")).toEqual(["Head office", "Munich"]);
    expect(cell(0, 0)).toHaveClass("o_kam_space_bought");
    expect(cell(0, 0)).toHaveText(/^1.*k.*★$/s);
    expect(cell(0, 1)).toHaveClass("o_kam_space_unknown");
    expect(cell(1, 0)).toHaveText("Atlas");
    expect(cell(1, 0)).toHaveAttribute(
        "title",
        "Munich, Compressors: Buys elsewhere\nAtlas\nuntil May"
    );
    expect(cell(1, 1)).toHaveClass("o_kam_space_no_need");
});

test("a click says why a branch does not buy", async () => {
    await mountMatrix();
    await choose(0, 1, "No need");
    expect.verifySteps([["mark_white_space", 1, 0, 6, { state: "no_need" }]]);
});

test("who sells there is asked for on a form, the known one is kept", async () => {
    await mountMatrix();
    await choose(1, 0, "Buys elsewhere");
    expect.verifySteps([
        ["mark_white_space", 1, 3, 5, { state: "competitor", competitor: "Atlas" }],
        "kam.white.space",
    ]);
});

test("an empty cell becomes an opportunity or a need of the plan", async () => {
    await mountMatrix();
    await choose(1, 1, "Create opportunity");
    expect.verifySteps([["make_white_space_lead", 1, 3, 6, { plan_id: 1 }], "action"]);
    await choose(1, 1, "Add need");
    expect.verifySteps([["note_white_space_need", 1, 3, 6, { plan_id: 1 }], "action"]);
});

test("what has no category cannot be marked", async () => {
    await mountMatrix();
    expect(`${cell(0, 2)}:is(button)`).toHaveCount(0);
});

test("nothing is changed in a closed plan", async () => {
    await mountMatrix(2);
    expect(".o_kam_white_space td button").toHaveCount(0);
    expect(cell(1, 0)).toHaveText("Atlas");
});

test("who may only read the account changes nothing", async () => {
    editable = false;
    await mountMatrix();
    expect(".o_kam_white_space td button").toHaveCount(0);
});

test("a customer without branches is asked for them", async () => {
    units = units.slice(0, 1);
    onRpc("kam.account", "action_take_over_branches", ({ args }) => {
        expect.step(["branches", args[0][0]]);
        units = [...units, { id: 3, name: "Munich", kind: "branch" }];
        return true;
    });
    await mountMatrix();
    await contains("button:contains(Import Branches)").click();
    await animationFrame();
    expect.verifySteps([["branches", 1]]);
    expect(queryAllTexts(".o_kam_white_space tbody th")).toEqual(["Head office", "Munich"]);
    expect("button:contains(Import Branches)").toHaveCount(0);
});
