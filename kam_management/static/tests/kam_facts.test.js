import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { animationFrame, Deferred } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class Page extends models.Model {
    name = fields.Char();
    facts_html = fields.Html();
    _records = [{ id: 1, name: "Acme" }];
}
defineMailModels();
defineModels([Page]);

test("facts that come later than newer ones are not shown", async () => {
    const answers = [];
    onRpc("page", "read", () => {
        answers.push(new Deferred());
        return answers.at(-1);
    });
    await mountView({
        type: "form",
        resModel: "page",
        resId: 1,
        arch: `<form><field name="name"/><widget name="kam_facts"/></form>`,
    });
    await contains(".o_field_widget[name=name] input").edit("Acme Works");
    await contains(".o_form_button_save").click();
    await animationFrame();
    expect(answers).toHaveLength(2);
    answers[1].resolve([{ id: 1, facts_html: "<p class='fact'>new</p>" }]);
    await animationFrame();
    expect(".fact").toHaveText("new");
    answers[0].resolve([{ id: 1, facts_html: "<p class='fact'>old</p>" }]);
    await animationFrame();
    expect(".fact").toHaveText("new");
});
