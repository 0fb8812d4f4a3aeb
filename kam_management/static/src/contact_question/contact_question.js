import { Composer } from "@mail/core/common/composer";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";

/** Records on which a message goes to a customer. */
const MODELS = ["kam.account", "res.partner", "crm.lead", "sale.order"];

/** Writing to a customer who has asked for silence asks before. */
patch(Composer.prototype, {
    setup() {
        super.setup();
        this.kamOrm = useService("orm");
        this.kamDialog = useService("dialog");
    },

    async sendMessage() {
        if (await this.isContactWanted()) {
            return super.sendMessage();
        }
    },

    /** Ask the user where the customer wants silence; true where he does not. */
    async isContactWanted() {
        const { composer, type } = this.props;
        const thread = composer.thread;
        if (type === "note" || composer.message || !MODELS.includes(thread?.model)) {
            return true;
        }
        const silence = await this.kamOrm.call("kam.account", "get_silence", [
            thread.model,
            thread.id,
        ]);
        if (!silence) {
            return true;
        }
        return new Promise((resolve) => {
            this.kamDialog.add(
                ConfirmationDialog,
                {
                    title: _t("Do Not Contact"),
                    body: _t("Asked not to be contacted: %s.", silence),
                    confirmLabel: _t("Contact Anyway"),
                    confirm: () => resolve(true),
                    cancel: () => resolve(false),
                },
                { onClose: () => resolve(false) }
            );
        });
    },
});
