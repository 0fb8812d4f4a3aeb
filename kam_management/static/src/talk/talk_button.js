import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";

/** Within reach of the thumb on every screen of ours: Talk, with the customer shown. */
export class TalkButton extends Component {
    static template = "kam_management.TalkButton";
    static props = {};

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.ui = useService("ui");
        this.state = useState({ isOurs: false });
        useBus(this.env.bus, "ACTION_MANAGER:UI-UPDATED", ({ detail: mode }) => {
            if (mode !== "new") {
                this.state.isOurs = this.isOurs();
            }
        });
    }

    get controller() {
        return this.action.currentController;
    }

    isOurs() {
        const { action = {}, props = {} } = this.controller || {};
        return Boolean(
            props.resModel?.startsWith("kam.") || action.tag?.startsWith("kam_management.")
        );
    }

    /** Asks for the customer where none is known; then, the screen shows what was saved. */
    async talk() {
        const { props, currentState, view } = this.controller;
        const id = view?.type === "form" && (currentState?.resId || props.resId);
        const args = [props.resModel || false, id || false];
        const dialog = await this.orm.call("kam.talk", "get_dialog", args);
        return this.action.doAction(dialog, {
            onClose: () => this.action.doAction("soft_reload"),
        });
    }
}

registry.category("main_components").add("kam_management.TalkButton", {
    Component: TalkButton,
});
