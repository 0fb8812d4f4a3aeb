import {
    click,
    contains,
    defineMailModels,
    insertText,
    openFormView,
    start,
    startServer,
} from "@mail/../tests/mail_test_helpers";
import { beforeEach, describe, test } from "@odoo/hoot";
import { asyncStep, onRpc, waitForSteps } from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");
defineMailModels();

let silence;
beforeEach(() => {
    silence = "Acme (no calls)";
    onRpc("kam.account", "get_silence", ({ args }) => {
        asyncStep(args[0]);
        return silence;
    });
    onRpc("/mail/message/post", () => asyncStep("posted"));
});

/** Write a message, or a note, on a contact. */
async function write(button) {
    const pyEnv = await startServer();
    const partnerId = pyEnv["res.partner"].create({ name: "Ines" });
    await start();
    await openFormView("res.partner", partnerId);
    await click("button", { text: button });
    await insertText(".o-mail-Composer-input", "Hello");
    await click(".o-mail-Composer-send:enabled");
}

test("who asked for silence is written to only when one insists", async () => {
    await write("Send message");
    await contains(".modal-body", { text: "Asked not to be contacted: Acme (no calls)." });
    await waitForSteps(["res.partner"]);
    await click(".modal button", { text: "Contact Anyway" });
    await waitForSteps(["posted"]);
});

test("the message stays unsent when one thinks better of it", async () => {
    await write("Send message");
    await click(".modal button.btn-secondary");
    await contains(".modal", { count: 0 });
    await contains(".o-mail-Composer-input", { value: "Hello" });
    await waitForSteps(["res.partner"]);
});

test("who did not is written to without a question", async () => {
    silence = "";
    await write("Send message");
    await waitForSteps(["res.partner", "posted"]);
    await contains(".modal", { count: 0 });
});

test("a note reaches nobody, and asks nothing", async () => {
    await write("Log note");
    await waitForSteps(["posted"]);
});
