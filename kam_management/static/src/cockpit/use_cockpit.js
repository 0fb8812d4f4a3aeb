import { onWillStart, useRef, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";

/**
 * What every screen of the cockpit does: it asks the server for its parts, all at once,
 * shows each as it comes, and keeps the filters for who comes back from a list.
 *
 * @param {Object} props of the client action
 * @param {Object} params
 * @param {Object} [params.filters] what they are at first
 * @param {(filters: Object) => Object} params.calls {part: [method, arguments]}, maybe
 *  as a promise
 * @returns {Object} state and what can be done with it
 */
export function useCockpit(props, { filters = {}, calls }) {
    const orm = useService("orm");
    const action = useService("action");
    const state = useState({
        filters: { ...filters, ...props.state?.filters },
        parts: {},
        errors: {},
        loading: {},
        asked: 0,
    });
    let asked = 0;

    async function loadPart(part, method, args, turn) {
        state.loading[part] = true;
        try {
            const data = await orm.call("kam.cockpit", method, [], args);
            if (turn === asked) {
                state.parts[part] = data;
                delete state.errors[part];
            }
        } catch (error) {
            if (turn === asked) {
                state.errors[part] = error.data?.message || error.message;
            }
        } finally {
            if (turn === asked) {
                state.loading[part] = false;
            }
        }
    }

    /** An answer that comes after the next question is not shown. */
    async function load() {
        const turn = ++asked;
        const parts = Object.entries(await calls(state.filters));
        state.asked = parts.length;
        await Promise.all(
            parts.map(([part, [method, args]]) => loadPart(part, method, args, turn))
        );
    }

    async function setFilters(changes) {
        Object.assign(state.filters, changes);
        await load();
    }

    /** Opens a list; after a dialog, the figures may be others. */
    function open(request) {
        return action.doAction(request, { onClose: load });
    }

    function openRecord({ model, id }) {
        return open({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
            target: "current",
        });
    }

    const openAccounts = () => open("kam_management.kam_account_action");
    const makeCustomer = () => open("kam_management.kam_customer_new_action");
    const planQuotas = () => open("kam_management.kam_quota_planning_table_action");

    /** Does what a button says: opens its action, or calls its method. */
    async function run(button) {
        const request =
            button.action || (await orm.call(button.model, button.method, [[button.id]]));
        if (request?.type) {
            return open(request);
        }
        return load();
    }

    const rootRef = useRef("root");
    useSetupAction({ rootRef, getLocalState: () => ({ filters: { ...state.filters } }) });
    onWillStart(() => {
        // the screen is there at once, its parts follow
        load();
    });
    return {
        state,
        load,
        setFilters,
        open,
        openRecord,
        openAccounts,
        makeCustomer,
        planQuotas,
        run,
    };
}
