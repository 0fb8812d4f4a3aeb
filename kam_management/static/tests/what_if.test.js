import { click, edit, queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame, runAllTimers } from "@odoo/hoot-mock";
import { expect, test } from "@odoo/hoot";
import { contains, getService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { WebClient } from "@web/webclient/webclient";

defineMailModels();

const CUSTOMERS = [
    { id: 1, name: "Dairy", revenue: 60, share: 0.6, segment: "a", is_key: true },
    { id: 2, name: "Cheese", revenue: 30, share: 0.3, segment: "b", group: true },
    { id: 3, name: "Whey", revenue: 10, share: 0.1, segment: "c", group: true },
].map((customer) => ({
    manager: "Anna",
    ...customer,
    group: customer.group ? { id: 9, name: "Holding" } : false,
}));

function figures(customers) {
    const revenue = customers.reduce((sum, customer) => sum + customer.revenue, 0);
    return {
        revenue,
        customers: customers.length,
        active: customers.length,
        key_accounts: 1,
        key_revenue: 60,
        key_share: 0.6,
        largest_account: false,
        largest_group: false,
        segments: { a: { count: 0, from: 0 }, b: { count: 0, from: 0 }, c: { count: 1, from: 10 } },
    };
}

async function mountWhatIf(quotas = []) {
    onRpc("kam.account", "get_what_if", ({ kwargs }) => {
        const { account_ids: accounts, group_ids: groups, name } = kwargs;
        const left = CUSTOMERS.filter(
            ({ id, group }) => accounts.includes(id) || (group && groups.includes(group.id))
        );
        expect.step(`accounts ${accounts}, groups ${groups}, name ${name}`);
        return {
            customers: CUSTOMERS.filter((customer) => customer.name.includes(name)),
            more: false,
            leaving: {
                accounts: left.filter(({ id }) => accounts.includes(id)),
                groups: groups.map((id) => ({ id, name: "Holding", count: 2 })),
            },
            before: figures(CUSTOMERS),
            after: figures(CUSTOMERS.filter((customer) => !left.includes(customer))),
            managers: [],
            quotas,
            currency_id: 1,
            band: [30, 55],
            limit: 75,
        };
    });
    await mountWithCleanup(WebClient);
    await getService("action").doAction({ type: "ir.actions.client", tag: "kam_what_if" });
}

test("ticking a customer shows the company without him, and back", async () => {
    await mountWhatIf();
    expect(".o_kam_comparison thead th").toHaveCount(2);
    expect(".o_kam_comparison .text-danger").toHaveText("60.0%");
    await contains("#kam_leaves_1").click();
    expect(".o_kam_comparison thead th").toHaveCount(3);
    expect(".o_kam_figures .fs-4").toHaveText("60.0% of revenue would be gone");
    expect(queryAllTexts(".o_kam_figures .badge")[0]).toInclude("Dairy");
    await contains("button:contains(Clear selection)").click();
    expect(".o_kam_comparison thead th").toHaveCount(2);
    expect.verifySteps([
        "accounts , groups , name ",
        "accounts 1, groups , name ",
        "accounts , groups , name ",
    ]);
});

test("a group takes all its customers along, ticked or not", async () => {
    await mountWhatIf();
    await contains("#kam_leaves_2").click();
    await click("a.badge:first");
    await animationFrame();
    expect("#kam_leaves_2").toBeChecked();
    expect("#kam_leaves_3").toBeChecked();
    expect("#kam_leaves_3").not.toBeEnabled();
    expect("#kam_leaves_1").not.toBeChecked();
    expect.verifySteps([
        "accounts , groups , name ",
        "accounts 2, groups , name ",
        "accounts , groups 9, name ",
    ]);
});

test("the list is searched while typing, what is ticked stays", async () => {
    await mountWhatIf();
    await contains("#kam_leaves_1").click();
    await click("#kam_what_if_name");
    await edit("Whey");
    await runAllTimers();
    await animationFrame();
    expect("tbody input[type=checkbox]").toHaveCount(1);
    expect(".o_kam_figures .badge").toHaveText("Dairy×");
    expect.verifySteps([
        "accounts , groups , name ",
        "accounts 1, groups , name ",
        "accounts 1, groups , name Whey",
    ]);
});

test("quotas that lose are shown by kind of period, the shortest first", async () => {
    const line = (quota_id, period, line_id, is_money) => ({
        quota: `Quota ${quota_id}`,
        indicator: is_money ? "Revenue" : "Customers",
        target: 1000,
        actual: 900,
        forecast: 1200,
        actual_without: 300,
        forecast_without: 400,
        quota_id,
        period,
        line_id,
        is_money,
    });
    await mountWhatIf([
        line(1, "year", 1, true),
        line(2, "quarter", 2, true),
        line(2, "quarter", 3, false),
    ]);
    expect(queryAllTexts(".o_kam_figures .btn-group button")).toEqual(["Quarters", "Years"]);
    expect(queryAllTexts(".o_kam_quotas tbody th")).toEqual(["Quota 2"]);
    expect(queryAllTexts(".o_kam_quotas tbody td:first-child")).toEqual(["Revenue", "Customers"]);
    expect(".o_kam_quotas td.text-danger").toHaveCount(2);
    await contains(".btn-group button:contains(Years)").click();
    expect(queryAllTexts(".o_kam_quotas tbody th")).toEqual(["Quota 1"]);
    expect.verifySteps(["accounts , groups , name "]);
});
