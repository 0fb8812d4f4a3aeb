import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAllTexts, queryOne } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    getService,
    makeServerError,
    models,
    mountWebClient,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";

import { CockpitCard } from "@kam_management/cockpit/card/cockpit_card";
import { CockpitChart } from "@kam_management/cockpit/chart/cockpit_chart";
import { drawConcentration } from "@kam_management/cockpit/portfolio/pictures";
import { QuotaBars } from "@kam_management/cockpit/quota_bars/quota_bars";

class Cockpit extends models.Model {
    _name = "kam.cockpit";
}
defineMailModels();
defineModels([Cockpit]);

const ROW = { model: "kam.account", id: 3, title: "Acme", note: "Active", date: "2026-05-01" };
const CARD = {
    key: "touches",
    title: "Touches Due",
    icon: "fa-phone",
    count: 7,
    late: 1,
    rows: [
        {
            ...ROW,
            days: -3,
            late: true,
            is_due: true,
            button: { model: "kam.account", id: 3, method: "log", label: "Log", icon: "fa-phone" },
        },
        { ...ROW, id: 4, title: "Bolt", days: 0, late: false, is_due: true, button: null },
    ],
    action: { res_model: "kam.account", domain: [["id", ">", 0]] },
    empty: { text: "All heard from you", label: "See them", action: { res_model: "all" } },
};
const LINE = {
    id: 1,
    indicator: "won",
    name: "New customers",
    is_count: true,
    is_amount: false,
    target: 10,
    actual: 4,
    expected: 5,
    forecast: 8,
    attainment: 40,
    deviation: -20,
    standing: "behind",
};

/** What a screen gives to its parts, each call a step. */
const cockpit = Object.fromEntries(
    ["open", "openRecord", "run"].map((name) => [
        name,
        (what) => expect.step([name, what.res_model || what.method || what.id]),
    ])
);

const mountCard = (card) => mountWithCleanup(CockpitCard, { props: { card, cockpit } });

test("a card opens its list, its records, and does in one click what can be done so", async () => {
    await mountCard(CARD);
    expect(queryAllTexts(".o_kam_row .fw-bold")).toEqual(["Acme", "Bolt"]);
    expect("li:first small.text-danger").toHaveText("3 days late");
    await contains(".o_kam_count").click();
    await contains(".o_kam_all").click();
    await contains(".o_kam_row:first").click();
    await contains(".o_kam_do").click();
    expect.verifySteps([
        ["open", "kam.account"],
        ["open", "kam.account"],
        ["openRecord", 3],
        ["run", "log"],
    ]);
});

test("an empty card says so, and what to do", async () => {
    await mountCard({ ...CARD, count: 0, late: 0, rows: [] });
    expect(".o_kam_count").toHaveProperty("disabled", true);
    expect(".o_kam_late").toHaveCount(0);
    expect("p").toHaveText(/All heard from you/);
    await contains("p button").click();
    expect.verifySteps([["open", "all"]]);
});

test("bars are as long as what is reached, and open the facts", async () => {
    const lines = [LINE, { ...LINE, id: 2, actual: 30, standing: "ahead" }];
    await mountWithCleanup(QuotaBars, { props: { lines, currencyId: 1, cockpit } });
    const style = (selector) => queryOne(selector).getAttribute("style");
    expect(style("button:first .o_kam_fill")).toBe("width: 40%");
    expect(style("button:first .o_kam_expected")).toBe("inset-inline-start: 50%");
    // more than the target does not burst the bar
    expect(style("button:last .o_kam_fill")).toBe("width: 100%");
    // not by colour alone
    expect("button:first .fa-arrow-down").toHaveCount(1);
    expect("button:first").toHaveAttribute("aria-label", /4 of 10.*behind/);
    await contains("button:first").click();
    expect.verifySteps([["run", "action_open_facts"]]);
});

test("a picture is said in words and drawn in the colours of the theme", async () => {
    const month = { date: "2026-04-30", key_share: 0.4, largest_account: { share: 0.2 } };
    const data = { months: [month], band: [30, 55], limit: 75 };
    const draw = (...args) => {
        const config = drawConcentration(...args);
        expect.step(config.data.datasets.map(({ data }) => data[0]));
        expect.step(/^rgb/.test(config.data.datasets[0].borderColor));
        return config;
    };
    await mountWithCleanup(CockpitChart, { props: { data, draw, label: "40 % key accounts" } });
    expect.verifySteps([[40, 20, NaN, 75, 30, 55], true]);
    expect("canvas").toHaveAttribute("aria-label", "40 % key accounts");
    expect("canvas").toHaveAttribute("role", "img");
});

async function openScreen(tag, answers) {
    const all = { get_home: { is_home: false }, get_first_steps: false, ...answers };
    for (const [method, answer] of Object.entries(all)) {
        onRpc("kam.cockpit", method, ({ kwargs }) =>
            typeof answer === "function" ? answer(kwargs) : answer
        );
    }
    await mountWebClient();
    await getService("action").doAction({ type: "ir.actions.client", tag });
    await animationFrame();
}

const WEEK = { meetings: [], week: [] };
const REASON = { text: "Contact 3 days late", late: true, model: "kam.account", id: 3 };
const DAY_LINE = {
    model: "kam.account",
    id: 3,
    title: "Acme",
    money: 1000,
    reasons: [REASON, { ...REASON, text: "Quotation S1", late: false, model: "sale.order" }],
    button: { model: "kam.account", id: 3, method: "log", label: "Talk", icon: "fa-phone" },
};
const DAY = {
    lines: [DAY_LINE],
    clear: ["complaints"],
    leads_accounts: true,
    done: 2,
    currency_id: 1,
    all: { type: "ir.actions.act_window_close" },
};

test("a part that cannot be loaded says so, and can be tried again", async () => {
    let fails = true;
    onRpc("res.users", "has_group", () => false);
    await openScreen("kam_management.my_day", {
        get_my_day: DAY,
        get_my_week: WEEK,
        get_my_quotas: () => {
            if (fails) {
                throw makeServerError({ message: "Out of order" });
            }
            return { quotas: [], is_head: false };
        },
    });
    expect(".alert-danger").toHaveText(/Out of order/);
    expect("[data-card=day]").toHaveCount(1);
    fails = false;
    await contains(".alert-danger button").click();
    expect(".alert-danger").toHaveCount(0);
    expect("[data-card=quota]").toHaveText(/planned by your head of sales/);
});

test("my day is one list: who, how much, why, and the next action", async () => {
    const lines = Array.from({ length: 12 }, (_, n) => ({ ...DAY_LINE, id: n + 1, money: 100 - n }));
    onRpc("res.users", "has_group", () => false);
    onRpc("kam.account", "log", ({ args }) => {
        expect.step(args[0]);
        return false;
    });
    await openScreen("kam_management.my_day", {
        get_my_day: { ...DAY, lines },
        get_my_week: WEEK,
        get_my_quotas: { quotas: [], is_head: false },
    });
    expect("[data-card=day] li").toHaveCount(10);
    expect("[data-card=day] li:first .o_kam_reasons a").toHaveCount(2);
    expect("[data-card=day] li:first .text-danger").toHaveText("Contact 3 days late");
    expect(".o_kam_clear").toHaveText("Nothing due: complaints.");
    expect(".o_kam_all").toHaveText(/^2 more, up to/);
    await contains(".o_kam_do:first").click();
    expect.verifySteps([[3]]);
    await contains(".o_kam_all").click();
    expect("[data-card=day] li").toHaveCount(12);
});

test("a head of sales decides first, then sees who needs help", async () => {
    onRpc("res.users", "has_group", () => true);
    await openScreen("kam_management.my_day", {
        get_my_day: { ...DAY, lines: [], leads_accounts: false },
        get_my_week: WEEK,
        get_my_quotas: { quotas: [], is_head: true },
        get_my_decisions: {
            rows: [
                {
                    model: "kam.plan",
                    id: 7,
                    icon: "fa-map-o",
                    title: "Acme 2026",
                    note: "",
                    date: "2026-05-01",
                    buttons: [{ ...DAY_LINE.button, label: "Approve" }],
                },
            ],
        },
        get_managers_quotas: { managers: [{ id: 2, name: "Bo" }], quotas: [] },
        get_managers_work: { managers: [], columns: {} },
        get_managers_key_accounts: { columns: {} },
    });
    expect("[data-card=decisions] button").toHaveText("Approve");
    expect("[data-card=managers]").toHaveText(/Nobody needs help/);
    expect(".alert-info").toHaveCount(0);
    expect("[data-card=quota] button").toHaveText("Plan Quotas");
});

test("the deviations of a manager are one line that opens in place", async () => {
    onRpc("res.users", "has_group", () => true);
    const deviation = (id, group, title) => ({
        model: "kam.quota.decision",
        id,
        group,
        title,
        icon: "fa-gavel",
        note: "",
        date: "2026-05-01",
        buttons: [{ ...DAY_LINE.button, label: "Decide" }],
    });
    await openScreen("kam_management.my_day", {
        get_my_day: { ...DAY, lines: [], leads_accounts: false },
        get_my_week: WEEK,
        get_my_quotas: { quotas: [], is_head: true },
        get_my_decisions: {
            rows: [
                deviation(1, "Bo", "Bo, May"),
                deviation(2, "", "North, May"),
                deviation(3, "Bo", "Bo, 2026"),
                deviation(4, "Cy", "Cy, May"),
                deviation(5, "", "South, May"),
            ],
        },
        get_managers_quotas: { managers: [], quotas: [] },
        get_managers_work: { managers: [], columns: {} },
        get_managers_key_accounts: { columns: {} },
    });
    expect("[data-card=decisions] li").toHaveCount(4);
    expect("[data-card=decisions] summary").toHaveText("Bo 2 deviations to decide about");
    expect("[data-card=decisions] details .o_kam_do").toHaveCount(2);
});

test("Odoo opens with my day for who pins it", async () => {
    onRpc("res.users", "has_group", () => false);
    onRpc("kam.cockpit", "set_home", ({ args }) => ({ is_home: args[0] }));
    await openScreen("kam_management.my_day", {
        get_my_day: DAY,
        get_my_week: WEEK,
        get_my_quotas: { quotas: [], is_head: false },
    });
    await contains(".o_kam_home[aria-pressed=false]").click();
    await contains(".o_kam_home[aria-pressed=true]").click();
    expect(".o_kam_home[aria-pressed=false]").toHaveCount(1);
});

test("who leads nobody is told what to do", async () => {
    onRpc("res.users", "has_group", () => false);
    await openScreen("kam_management.my_day", {
        get_my_day: { ...DAY, lines: [], leads_accounts: false },
        get_my_week: WEEK,
        get_my_quotas: { quotas: [], is_head: false },
    });
    expect(".alert-info button").toHaveText("Open Accounts");
});

test("the first steps lead on until they are dismissed", async () => {
    const step = { title: "Step", note: "Why", label: "Do It", can_open: true };
    await openScreen("kam_management.my_day", {
        get_first_steps: {
            done: 1,
            total: 3,
            steps: [
                { ...step, key: "a", done: true },
                { ...step, key: "b", done: false, can_open: false },
                { ...step, key: "c", done: false },
            ],
        },
        dismiss_first_steps: () => {
            expect.step("dismissed");
            return true;
        },
        get_my_day: DAY,
        get_my_week: WEEK,
        get_my_decisions: { rows: [] },
        get_managers_quotas: { managers: [], quotas: [] },
        get_managers_work: { managers: [], columns: {} },
        get_managers_key_accounts: { columns: {} },
        get_my_quotas: { quotas: [], is_head: true },
    });
    expect(".o_kam_first_steps .o_kam_count").toHaveText("1 of 3 done");
    expect("[data-step=a] button").toHaveCount(0);
    expect("[data-step=b]").toHaveText(/An administrator does this/);
    expect("[data-step=c] button").toHaveClass("btn-primary");
    await contains(".o_kam_first_steps header button").click();
    expect.verifySteps(["dismissed"]);
    expect(".o_kam_first_steps").toHaveCount(0);
});

test("who needs help comes first, and filters ask anew", async () => {
    const measured_at = "2020-05-14 10:00:00";
    const quota = { id: 5, user_id: 2, currency_id: 1, balance: 50, measured_at, lines: [LINE] };
    const figures = (key) => ({
        title: key,
        field: "manager_id",
        action: { domain: [] },
        figures: key === "accounts" ? { 1: 9, 2: 4 } : {},
    });
    const columns = (...keys) => Object.fromEntries(keys.map((key) => [key, figures(key)]));
    await openScreen("kam_management.my_managers", {
        get_managers_quotas: ({ period, previous, team_id }) => {
            expect.step([period, previous, team_id]);
            return {
                date_start: "2026-05-01",
                date_end: "2026-05-31",
                teams: [{ id: 8, name: "Metal" }],
                managers: [{ id: 2, name: "Bo" }],
                quotas: [quota],
            };
        },
        get_managers_work: {
            managers: [
                { id: 1, name: "Al" },
                { id: 2, name: "Bo" },
            ],
            columns: columns("accounts", "overdue", "touches", "quality", "reaction"),
            as_of: "2020-05-15 10:00:00",
        },
        get_managers_key_accounts: {
            columns: columns("key", "unplanned", "uncovered"),
            as_of: null,
        },
        get_managers_cards: { cards: [] },
    });
    expect(queryAllTexts(".o_kam_manager .o_kam_name")).toEqual(["Bo", "Al"]);
    expect("[data-user='2'] .o_kam_alarm").toHaveText("Behind in 1 of 1");
    expect("[data-user='1'] [data-figure=accounts]").toHaveText("9");
    // what was worked out before says so, what is looked up now does not
    expect(queryAllTexts(".o_kam_as_of").map((text) => text.replace(/ 2020.*/, ""))).toEqual([
        "as of May 14,",
        "Work as of May 15,",
    ]);
    await contains("[data-period=quarter]").click();
    await contains(".o_kam_previous").click();
    await contains("select[aria-label='Sales team']").select("8");
    expect.verifySteps([
        ["month", false, false],
        ["quarter", false, false],
        ["quarter", true, false],
        ["quarter", true, 8],
    ]);
});
