import { registry } from "@web/core/registry";
import { SearchModel } from "@web/search/search_model";
import { kanbanView } from "@web/views/kanban/kanban_view";

/**
 * The board of levels is for the desk. On the phone one column fills the screen, maybe
 * an empty one: there the accounts are one list, those to be touched first on top.
 */
export class AccountSearchModel extends SearchModel {
    async load(config) {
        const defaultGroupBy = this.env.isSmall ? undefined : config.defaultGroupBy;
        return super.load({ ...config, defaultGroupBy });
    }
}

registry.category("views").add("kam_account_kanban", {
    ...kanbanView,
    SearchModel: AccountSearchModel,
});
