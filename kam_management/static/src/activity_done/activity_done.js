import { useState } from "@odoo/owl";

import { ActivityMarkAsDone } from "@mail/core/web/activity_markasdone_popover";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

/** Marking a contact with a customer as done asks how good it was. */
patch(ActivityMarkAsDone.prototype, {
    setup() {
        super.setup();
        this.kam = useState({ quality: 0, outcome: "" });
        this.kamStars = [1, 2, 3, 4, 5];
        this.kamOutcomes = [
            ["talked", _t("Talked")],
            ["next_step", _t("Agreed Next Step")],
            ["later", _t("Asked to Come Back Later")],
            ["not_reached", _t("Not Reached")],
            ["refused", _t("Refused")],
        ];
    },

    kamStarLabel(stars) {
        return _t("%s of 5", stars);
    },

    onClickKamStar(stars) {
        this.kam.quality = this.kam.quality === stars ? 0 : stars;
    },

    /** Resources take a list: that is what the form of the activity is for. */
    async onClickKamResources() {
        const { activity, onActivityChanged } = this.props;
        const { res_id: id, res_model: model, feedback } = activity;
        const thread = this.env.services["mail.store"].Thread.insert({ model, id });
        await this.saveKam(feedback ? { feedback } : {});
        this.props.close?.();
        await activity.edit();
        // it may have been marked as done there
        onActivityChanged(thread);
        await thread.fetchNewMessages();
    },

    async onClickDone() {
        await this.saveKam();
        return super.onClickDone();
    },

    async onClickDoneAndScheduleNext() {
        await this.saveKam();
        return super.onClickDoneAndScheduleNext();
    },

    async saveKam(values = {}) {
        if (this.kam.quality) {
            values.kam_quality = this.kam.quality;
        }
        if (this.kam.outcome) {
            values.kam_outcome = this.kam.outcome;
        }
        if (Object.keys(values).length) {
            const orm = this.env.services.orm;
            await orm.write("mail.activity", [this.props.activity.id], values);
        }
    },
});
