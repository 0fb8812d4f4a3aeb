import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    getService,
    mockService,
    models,
    mountView,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { utils } from "@web/core/ui/ui_service";
import { WebClient } from "@web/webclient/webclient";

const VIEWS = {
    list: `<list><field name="name"/></list>`,
    kanban: `<kanban><t t-name="card"><field name="name"/></t></kanban>`,
    search: `<search/>`,
};

class Person extends models.Model {
    name = fields.Char();
    _records = [
        { id: 1, name: "Eva" },
        { id: 2, name: "Otto" },
    ];
}

class Talk extends models.Model {
    _name = "kam.talk";
    name = fields.Char({ required: true, string: "What Was Said" });
    partner_ids = fields.Many2many({ relation: "person" });
    phones = fields.Json();
    _records = [
        {
            id: 1,
            name: "Hello",
            partner_ids: [],
            phones: [
                { id: 1, name: "Eva", phone: "+41 31 55" },
                { id: 2, name: "Otto", phone: "+41 32" },
            ],
        },
    ];
    _views = VIEWS;
}

class Plain extends models.Model {
    name = fields.Char({ required: true, string: "Subject" });
    _records = [{ id: 1, name: "Plain" }];
    _views = VIEWS;
}

defineMailModels();
defineModels([Person, Talk, Plain]);

function mountTalk(resModel = "kam.talk") {
    const people = `<field name="partner_ids" widget="kam_people_chips"/>
        <field name="phones" widget="kam_call_links"/>`;
    return mountView({
        type: "form",
        resModel,
        resId: 1,
        arch: `<form><field name="name"/>${resModel === "kam.talk" ? people : ""}</form>`,
    });
}

test("choosing a person leaves the focus where somebody types", async () => {
    await mountTalk();
    await contains("[name=name] input").click();
    await contains(".o_kam_chip:contains(Eva)").click();
    expect(".o_kam_chip:contains(Eva)").toHaveAttribute("aria-pressed", "true");
    expect(".o_kam_chip:contains(Otto)").toHaveAttribute("aria-pressed", "false");
    expect("[name=name] input").toBeFocused();
    await contains(".o_kam_chip:contains(Eva)").click();
    expect(".o_kam_chip.active").toHaveCount(0);
});

test("numbers are one tap away, with the names of several people", async () => {
    await mountTalk();
    expect("[name=phones] a:first").toHaveAttribute("href", "tel:+413155");
    expect("[name=phones] a:first").toHaveText("Eva: +41 31 55");
});

test("what is missing is named, on our records alone", async () => {
    mockService("notification", { add: (message) => expect.step(message) && (() => {}) });
    await mountTalk();
    await contains("[name=name] input").edit("");
    await contains(".o_form_button_save").click();
    await mountTalk("plain");
    await contains(".o_form_view:last [name=name] input").edit("");
    await contains(".o_form_view:last .o_form_button_save").click();
    expect.verifySteps(["Fill in: What Was Said", "Missing required fields"]);
});

test("Talk is on our screens alone, and asks the server for the customer", async () => {
    patchWithCleanup(utils, { isSmall: () => true });
    onRpc("kam.talk", "get_dialog", ({ args }) => {
        expect.step(args);
        return { type: "ir.actions.act_window_close" };
    });
    await mountWithCleanup(WebClient);
    const open = (res_model) =>
        getService("action").doAction({
            type: "ir.actions.act_window",
            res_model,
            views: [[false, "list"]],
        });
    await open("plain");
    expect(".o_kam_talk_button").toHaveCount(0);
    await open("kam.talk");
    await animationFrame();
    await contains(".o_kam_talk_button").click();
    expect.verifySteps([["kam.talk", false]]);
});
