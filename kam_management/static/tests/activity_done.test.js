import {
    click,
    contains,
    defineMailModels,
    start,
    startServer,
} from "@mail/../tests/mail_test_helpers";
import { describe, test } from "@odoo/hoot";
import { queryAll } from "@odoo/hoot-dom";
import {
    asyncStep,
    mountWithCleanup,
    onRpc,
    waitForSteps,
} from "@web/../tests/web_test_helpers";

import { ActivityMarkAsDone } from "@mail/core/web/activity_markasdone_popover";

describe.current.tags("desktop");
defineMailModels();

/** Show the popover of an activity; what it does on the server is a step. */
async function openPopover(activity = {}) {
    const pyEnv = await startServer();
    const partnerId = pyEnv["res.partner"].create({});
    const id = pyEnv["mail.activity"].create({
        can_write: true,
        res_id: partnerId,
        res_model: "res.partner",
    });
    onRpc("mail.activity", "write", ({ args }) => {
        asyncStep(["write", args[1]]);
        return true;
    });
    await start();
    await mountWithCleanup(ActivityMarkAsDone, {
        props: {
            activity: {
                id,
                res_id: partnerId,
                res_model: "res.partner",
                kam_is_touch: true,
                chaining_type: "suggest",
                markAsDone: async () => asyncStep("done"),
                edit: async () => asyncStep("edit"),
                ...activity,
            },
            close: () => {},
            onActivityChanged: () => asyncStep("changed"),
        },
    });
}

test("what is no contact asks for nothing more", async () => {
    await openPopover({ kam_is_touch: false });
    await contains(".o-mail-ActivityMarkAsDone");
    await contains(".o_kam_done", { count: 0 });
});

test("stars and outcome are written before it is done", async () => {
    await openPopover();
    await click(".o_kam_done .o_priority_star:eq(3)");
    await contains(".o_kam_done .o_priority_star.fa-star", { count: 4 });
    const [outcome] = queryAll(".o_kam_outcome");
    outcome.value = "talked";
    outcome.dispatchEvent(new Event("change", { bubbles: true }));
    await click(".o-mail-ActivityMarkAsDone button[aria-label='Done']");
    await waitForSteps([["write", { kam_quality: 4, kam_outcome: "talked" }], "done", "changed"]);
});

test("a star clicked twice is none, and nothing is written", async () => {
    await openPopover();
    await click(".o_kam_done .o_priority_star:eq(2)");
    await contains(".o_kam_done .o_priority_star.fa-star", { count: 3 });
    await click(".o_kam_done .o_priority_star:eq(2)");
    await contains(".o_kam_done .o_priority_star.fa-star", { count: 0 });
    await click(".o-mail-ActivityMarkAsDone button[aria-label='Done']");
    await waitForSteps(["done", "changed"]);
});

test("resources are typed in on the form, which keeps the feedback", async () => {
    await openPopover({ feedback: "She signs" });
    await click(".o_kam_resources");
    await waitForSteps([["write", { feedback: "She signs" }], "edit", "changed"]);
});
