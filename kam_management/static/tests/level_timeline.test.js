import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAll, queryAllTexts } from "@odoo/hoot-dom";
import { mockDate } from "@odoo/hoot-mock";
import { defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";

class Account extends models.Model {
    transition_ids = fields.One2many({ relation: "transition" });
    _records = [
        { id: 1, transition_ids: [1, 2, 3] },
        { id: 2, transition_ids: [] },
    ];
}
class Transition extends models.Model {
    date = fields.Date();
    to_level = fields.Selection({
        selection: [
            ["potential", "Potential"],
            ["engaged", "Engaged"],
            ["new", "New"],
        ],
    });
    // as the list has them: the latest first
    _records = [
        { id: 1, date: "2026-03-01", to_level: "new" },
        { id: 2, date: "2026-01-31", to_level: "engaged" },
        { id: 3, date: "2026-01-01", to_level: "potential" },
    ];
}
defineMailModels();
defineModels([Account, Transition]);

async function mountTimeline(resId) {
    mockDate("2026-03-11 12:00:00", 0);
    await mountView({
        type: "form",
        resModel: "account",
        resId,
        arch: `
            <form>
                <field name="transition_ids" widget="kam_level_timeline">
                    <list><field name="date"/><field name="to_level"/></list>
                </field>
            </form>`,
    });
}

test("levels follow each other in time, each as long as it lasted", async () => {
    await mountTimeline(1);
    expect(queryAllTexts(".o_kam_stay .fw-bold")).toEqual(["Potential", "Engaged", "New"]);
    expect(queryAll(".o_kam_stay").map((stay) => stay.style.flexGrow)).toEqual([
        "30",
        "29",
        "11",
    ]);
});

test("the list of the transitions stays below", async () => {
    await mountTimeline(1);
    expect(".o_data_row").toHaveCount(3);
});

test("without a history there is no bar", async () => {
    await mountTimeline(2);
    expect(".o_kam_timeline").toHaveCount(0);
});
