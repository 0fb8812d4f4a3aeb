import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";

/** Above the people found by a name: contacts of that name who are not among them yet. */
export class ContactOffers extends Component {
    static template = "kam_management.ContactOffers";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ offers: [] });
        this.asked = 0;
        useBus(this.env.searchModel, "update", () => this.load());
        onWillStart(() => {
            // the people do not wait for it
            this.load();
        });
    }

    /** The names that are searched for. */
    get names() {
        const { query, searchItems } = this.env.searchModel;
        return query
            .filter(({ searchItemId }) => searchItems[searchItemId].fieldName === "partner_id")
            .map(({ autocompleteValue }) => autocompleteValue?.value)
            .filter((value) => typeof value === "string");
    }

    /** An answer that comes after the next question is not shown. */
    async load() {
        const turn = ++this.asked;
        const names = this.names;
        const offers = names.length
            ? await this.orm.silent.call("kam.account", "get_contact_offers", [names])
            : [];
        if (turn === this.asked) {
            this.state.offers = offers;
        }
    }

    add({ account_id, contact_id }) {
        const context = { default_account_id: account_id, kam_contact_id: contact_id };
        return this.action.doAction(
            {
                type: "ir.actions.act_window",
                name: _t("Add from Contacts"),
                res_model: "kam.stakeholder.add",
                views: [[false, "form"]],
                target: "new",
                context,
            },
            { onClose: () => this.env.searchModel.search() }
        );
    }
}

class PeopleKanbanController extends KanbanController {
    static template = "kam_management.PeopleKanban";
    static components = { ...KanbanController.components, ContactOffers };
}

class PeopleListController extends ListController {
    static template = "kam_management.PeopleList";
    static components = { ...ListController.components, ContactOffers };
}

const views = registry.category("views");
views.add("kam_people_kanban", { ...kanbanView, Controller: PeopleKanbanController });
views.add("kam_people_list", { ...listView, Controller: PeopleListController });
