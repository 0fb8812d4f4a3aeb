import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    makeServerError,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class Account extends models.Model {
    _name = "kam.account";
    name = fields.Char();
    _records = [{ id: 1, name: "Acme" }];

    get_power_map() {
        return {
            people: this.env["kam.stakeholder"].map(({ id, name, influence, attitude }) => ({
                ...{ id, name, influence, attitude },
                partner_id: false,
            })),
            influences: [
                ["1", "Low"],
                ["2", "High"],
            ],
            attitudes: [
                ["opponent", "Opponent"],
                ["neutral", "Neutral"],
            ],
            editable: this.env.context.editable !== false,
        };
    }
}
class Stakeholder extends models.Model {
    _name = "kam.stakeholder";
    name = fields.Char();
    influence = fields.Char();
    attitude = fields.Char();
    _records = [
        { id: 7, name: "Ines", influence: "2", attitude: "neutral" },
        { id: 8, name: "Otto", influence: "0", attitude: false },
    ];
}
defineMailModels();
defineModels([Account, Stakeholder]);

const cell = (influence, attitude) =>
    `.o_kam_cell[data-influence='${influence}'][data-attitude='${attitude}']`;
const person = (id) => `.o_kam_person[data-id='${id}']`;

async function mountMap() {
    await mountView({
        type: "form",
        resModel: "kam.account",
        resId: 1,
        arch: `<form><field name="name"/><widget name="kam_power_map"/></form>`,
    });
    // the server's answer
    await animationFrame();
}

test("people stand where they are judged, the mighty on top", async () => {
    await mountMap();
    expect(queryAllTexts(".o_kam_row_label")).toEqual(["Influence", "High", "Low"]);
    expect(`${cell("2", "neutral")} ${person(7)}`).toHaveCount(1);
    expect(`.o_kam_cell:not([data-influence]) ${person(8)}`).toHaveCount(1);
});

test("who is dropped on a place is written there", async () => {
    onRpc("kam.stakeholder", "write", ({ args, parent }) => {
        expect.step(args);
        return parent();
    });
    await mountMap();
    await contains(person(8)).dragAndDrop(cell("1", "opponent"));
    await animationFrame();
    expect.verifySteps([[[8], { influence: "1", attitude: "opponent" }]]);
    expect(`${cell("1", "opponent")} ${person(8)}`).toHaveCount(1);
});

test("who may not be moved goes back where he was", async () => {
    expect.errors(1);
    onRpc("kam.stakeholder", "write", () => {
        throw makeServerError({ message: "Not yours" });
    });
    await mountMap();
    await contains(person(7)).dragAndDrop(cell("1", "opponent"));
    await animationFrame();
    await animationFrame();
    expect.verifyErrors(["Not yours"]);
    expect(`${cell("2", "neutral")} ${person(7)}`).toHaveCount(1);
});

test("a click opens the dossier", async () => {
    mockService("action", {
        doAction({ res_model, res_id }) {
            expect.step([res_model, res_id]);
        },
    });
    await mountMap();
    await contains(person(7)).click();
    expect.verifySteps([["kam.stakeholder", 7]]);
});
