import { Component, onWillStart, useState } from "@odoo/owl";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";

/** What to do first in a new company, for who sets it up; nothing when it is done. */
export class FirstSteps extends Component {
    static template = "kam_management.FirstSteps";
    static props = { cockpit: Object };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ first: null });
        onWillStart(() => {
            // the screen does not wait for it
            this.load();
        });
    }

    async load() {
        const setsUp =
            user.isSystem || (await user.hasGroup("kam_management.group_kam_manager"));
        this.state.first = setsUp && (await this.call("get_first_steps"));
    }

    /** What to do next: the first step that is neither done nor somebody else's. */
    get next() {
        return this.state.first.steps.find((step) => !step.done && step.can_open);
    }

    call(method, ...args) {
        return this.orm.silent.call("kam.cockpit", method, args);
    }

    async open(step) {
        const { action, options } = await this.call("open_first_step", step.key);
        // of a dialog
        const onClose = () => Promise.all([this.load(), this.props.cockpit.load()]);
        return this.action.doAction(action, { ...options, onClose });
    }

    async dismiss() {
        await this.call("dismiss_first_steps");
        this.state.first = null;
    }
}
