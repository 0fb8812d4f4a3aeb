import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAllTexts, queryAllValues } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

const won = { label: "Won", digits: 0, is_money: false, is_summed: true, is_added_up: true };
const quality = { label: "Quality", digits: 1, is_money: false };

class Target extends models.Model {
    owner_key = fields.Char();
    column_key = fields.Char();
    date_start = fields.Date();
    scope = fields.Char();
    quota_id = fields.Integer();
    last = fields.Float();
    run_rate = fields.Float();
    rolled = fields.Float();
    target = fields.Float();
    _records = [
        ["manager-1", "won", "2026-12-01", 3, 2.5, 4],
        ["manager-1", "quality", "2026-12-01", 4.5, 4, 4.5],
        ["manager-2", "won", "2026-12-01", 0, 0, 0],
        ["manager-3", "won", "2026-12-01", 1, 1, 2, 9],
        ["team-1", "won", "2026-12-01", 4, 4, 10, 8, 6],
        ["manager-1", "won", "2027-01-01", 1, 2.5, 6],
    ].map(([owner_key, column_key, date_start, last, run_rate, target, quota_id, rolled], i) => ({
        id: i + 1,
        owner_key,
        column_key,
        date_start,
        last,
        run_rate,
        target,
        quota_id,
        rolled,
    }));
}
class Planning extends models.Model {
    table = fields.Json();
    sum_up = fields.Boolean();
    way = fields.Char();
    target_ids = fields.One2many({ relation: "target" });
    _records = [
        {
            id: 1,
            sum_up: true,
            way: "facts",
            target_ids: [1, 2, 3, 4, 5, 6],
            table: {
                columns: [
                    { key: "won", ...won },
                    { key: "quality", ...quality },
                ],
                periods: [
                    { start: "2026-12-01", label: "Dec 26" },
                    { start: "2027-01-01", label: "Jan 27" },
                ],
                owners: [
                    { key: "manager-1", scope: "manager", name: "Anna", customers: 9, quotas: {} },
                    { key: "manager-2", scope: "manager", name: "Lena", customers: 0, quotas: {} },
                    {
                        key: "manager-3",
                        scope: "manager",
                        name: "Viktor",
                        customers: 1,
                        quotas: { "2026-12-01": { id: 9, label: "Begins on 12/01/2026" } },
                    },
                    {
                        key: "team-1",
                        scope: "team",
                        name: "North",
                        quotas: { "2026-12-01": { id: 8, label: "Draft" } },
                    },
                ],
                whole_label: "Together",
                last_label: "Dec 2025",
                run_label: "Aug – Oct 2026",
            },
        },
    ];
}
defineMailModels();
defineModels([Planning, Target]);

const mount = () =>
    mountView({
        type: "form",
        resModel: "planning",
        resId: 1,
        arch: `<form>
            <field name="target_ids" widget="kam_quota_table">
                <list editable="bottom" limit="1000">
                    <field name="owner_key"/><field name="column_key"/><field name="date_start"/>
                    <field name="scope"/><field name="quota_id"/><field name="last"/>
                    <field name="run_rate"/><field name="rolled"/><field name="target"/>
                </list>
            </field>
        </form>`,
    });
const row = (key) => queryAllTexts(`tr[data-owner=${key}] td`);

test("a row shows last year, run rate and target; sums leave averages out", async () => {
    await mount();
    expect(row("manager-1").slice(0, 2)).toEqual(["3", "2.5"]);
    expect(queryAllValues("tr[data-owner=manager-1] input")).toEqual(["4", "4.5"]);
    expect(row("sum")).toEqual(["4", "3.5", "6", "", "", "", "10"]);
});

test("who has no customers has empty cells, what is planned already is no input", async () => {
    await mount();
    expect("tr[data-owner=manager-2]").toHaveText(/nothing is proposed/);
    expect(queryAllValues("tr[data-owner=manager-2] input")).toEqual([""]);
    expect("tr[data-owner=manager-3] input").toHaveCount(0);
    expect("tr[data-owner=manager-3] .badge").toHaveText("Begins on 12/01/2026");
    expect("tr[data-owner=team-1] .o_kam_rolled").toHaveText("6");
    expect("tr[data-owner=team-1] .o_kam_rolled").toHaveClass("text-danger");
});

test("a changed target counts in the sum and is saved; nonsense is refused", async () => {
    onRpc("planning", "web_save", ({ args }) => {
        expect.step(JSON.stringify(args[1].target_ids));
    });
    await mount();
    const input = "tr[data-owner=manager-1] input[data-column=won]";
    await contains(input).edit("7", { confirm: "blur" });
    expect(row("sum")[2]).toBe("9");
    for (const nonsense of ["many", "-1"]) {
        await contains(input).edit(nonsense, { confirm: "blur" });
        expect(input).toHaveValue("7");
    }
    expect(".o_notification").toHaveCount(2);
    await contains(".o_form_button_save").click();
    expect.verifySteps([JSON.stringify([[1, 1, { target: 7 }]])]);
});

test("one period at a time, and all of them together", async () => {
    await mount();
    await contains("button:contains(Jan 27)").click();
    expect(queryAllValues("tr[data-owner=manager-1] input")).toEqual(["6"]);
    await contains("button:contains(Together)").click();
    await animationFrame();
    expect("input[data-column]").toHaveCount(0);
    expect(row("manager-1")).toEqual(["4", "5", "10", "", "", "", "9 customers"]);
});
