import { ActivityMarkAsDone } from "@mail/core/web/activity_markasdone_popover";
import { patch } from "@web/core/utils/patch";

/** How a contact with a customer went, and what comes next, is asked in one dialog. */
patch(ActivityMarkAsDone.prototype, {
    /** What was written in the popover goes along; saved there, the activity is done. */
    async onClickKamTalk() {
        const { activity, close, onActivityChanged } = this.props;
        const { id, res_id, res_model, feedback } = activity;
        const { action, orm, "mail.store": store } = this.env.services;
        const thread = store.Thread.insert({ model: res_model, id: res_id });
        const request = await orm.call("mail.activity", "action_kam_log_touch", [[id]]);
        if (feedback) {
            request.context.default_note = feedback;
        }
        close?.();
        await action.doAction(request, {
            onClose: async () => {
                onActivityChanged(thread);
                await thread.fetchNewMessages();
            },
        });
    },
});
