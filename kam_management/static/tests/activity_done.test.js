import {
    click,
    contains,
    defineMailModels,
    start,
    startServer,
} from "@mail/../tests/mail_test_helpers";
import { describe, test } from "@odoo/hoot";
import {
    asyncStep,
    mockService,
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
    onRpc("mail.activity", "action_kam_log_touch", ({ args }) => {
        asyncStep(["ask", args[0][0] === id]);
        return { type: "ir.actions.act_window", context: { default_activity_id: id } };
    });
    mockService("action", {
        doAction({ context }, { onClose }) {
            asyncStep(["open", context.default_note]);
            return onClose();
        },
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
    await contains(".o_kam_talk_open", { count: 0 });
});

test("a contact opens the dialog, with what was written so far", async () => {
    await openPopover({ feedback: "She signs" });
    await click(".o_kam_talk_open");
    await waitForSteps([["ask", true], ["open", "She signs"], "changed"]);
});
