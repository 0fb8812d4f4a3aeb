import { registry } from "@web/core/registry";
import { SearchModel } from "@web/search/search_model";
import { kanbanView } from "@web/views/kanban/kanban_view";

/**
 * A board with a column for each level or state is for the desk. On the phone one column
 * fills the screen, maybe an empty one: there the cards are one list, in their own order.
 */
export class BoardSearchModel extends SearchModel {
    async load(config) {
        const defaultGroupBy = this.env.isSmall ? undefined : config.defaultGroupBy;
        return super.load({ ...config, defaultGroupBy });
    }
}

registry.category("views").add("kam_board", { ...kanbanView, SearchModel: BoardSearchModel });
