import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { contains, defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";

class Plan extends models.Model {
    missing = fields.Json();
    owner = fields.Char();
    goal = fields.Char();
    _records = [
        {
            id: 1,
            missing: [
                { label: "the plan owner", page: null, field: "owner" },
                { label: "at least one goal", page: "evaluation", field: "goal" },
            ],
        },
    ];
}
defineMailModels();
defineModels([Plan]);

test("each missing part leads to the tab and the field where it is filled in", async () => {
    await mountView({
        type: "form",
        resModel: "plan",
        resId: 1,
        arch: `<form><sheet>
            <widget name="kam_plan_missing"/>
            <field name="owner"/>
            <notebook>
                <page name="situation" string="Situation"><field name="id"/></page>
                <page name="evaluation" string="Evaluation"><field name="goal"/></page>
            </notebook>
        </sheet></form>`,
    });
    expect(queryAllTexts(".alert a")).toEqual(["the plan owner", "at least one goal"]);
    await contains(".alert a:first").click();
    expect(".o_field_widget[name=owner] input").toBeFocused();
    expect(".o_field_widget[name=goal]").toHaveCount(0);
    await contains(".alert a:last").click();
    await animationFrame();
    await advanceTime(50);
    await animationFrame();
    expect(".o_field_widget[name=goal] input").toBeFocused();
});
