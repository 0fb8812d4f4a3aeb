import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { Record } from "@web/model/relational_model/record";

/** Odoo says that something is missing; on our records it also says what. */
patch(Record.prototype, {
    _displayInvalidFieldNotification() {
        if (!this.resModel.startsWith("kam.")) {
            return super._displayInvalidFieldNotification();
        }
        const labels = [...this._invalidFields].map((name) => this.kamLabel(name));
        const missing = [...new Set(labels)].join(", ");
        return this.model.notification.add(_t("Fill in: %s", missing), { type: "danger" });
    },

    /** What a field is called in this view, else in the model. */
    kamLabel(name) {
        const { string } = this.activeFields[name] || {};
        return string || this.fields[name].string;
    },
});
