import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { CockpitCard } from "../card/cockpit_card";
import { CockpitLayout } from "../cockpit_layout";
import { formatPeriod } from "../format";
import { ManagersTable } from "../managers_table/managers_table";
import { useCockpit } from "../use_cockpit";

/** The one screen of a head of sales: who needs help, and what he is to decide. */
export class MyManagers extends Component {
    static template = "kam_management.MyManagers";
    static components = { CockpitCard, CockpitLayout, ManagersTable };
    static props = { ...standardActionServiceProps };

    setup() {
        this.cockpit = useCockpit(this.props, {
            filters: { period: "month", previous: false, team_id: false },
            calls: ({ period, previous, team_id }) => ({
                quotas: ["get_managers_quotas", { period, previous, team_id }],
                work: ["get_managers_work", { period, previous, team_id }],
                keys: ["get_managers_key_accounts", { period, previous, team_id }],
                todo: ["get_managers_cards", { period, previous, team_id }],
            }),
        });
        this.state = this.cockpit.state;
        this.formatPeriod = formatPeriod;
    }

    get hasManagers() {
        const { quotas, work } = this.state.parts;
        return Boolean(quotas?.managers.length || work?.managers.length);
    }
}

registry.category("actions").add("kam_management.my_managers", MyManagers);
