import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { click, queryAllAttributes } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    clickSave,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class Touch extends models.Model {
    quality = fields.Integer();
    _records = [{ id: 1, quality: 2 }];
}
defineMailModels();
defineModels([Touch]);

async function mountStars() {
    await mountView({
        type: "form",
        resModel: "touch",
        resId: 1,
        arch: `<form><field name="quality" widget="kam_stars"/></form>`,
    });
}

test("a number is shown as that many of five stars", async () => {
    await mountStars();
    expect(".o_priority_star").toHaveCount(5);
    expect(".o_priority_star.fa-star").toHaveCount(2);
    expect(queryAllAttributes(".o_priority_star", "aria-label").at(-1)).toBe("5 of 5");
});

test("a star is written as a number, when the form is saved", async () => {
    onRpc("touch", "web_save", ({ args }) => expect.step(args[1].quality));
    await mountStars();
    await click(".o_priority_star:eq(3)");
    await animationFrame();
    expect(".o_priority_star.fa-star").toHaveCount(4);
    expect.verifySteps([]);
    await clickSave();
    expect.verifySteps([4]);
});

test("the last star taken back is no rating", async () => {
    onRpc("touch", "web_save", ({ args }) => expect.step(args[1].quality));
    await mountStars();
    await click(".o_priority_star:eq(1)");
    await animationFrame();
    expect(".o_priority_star.fa-star").toHaveCount(0);
    await clickSave();
    expect.verifySteps([0]);
});
