import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { CockpitCard } from "../card/cockpit_card";
import { CockpitLayout } from "../cockpit_layout";
import { formatAsOf, formatPercent, formatPeriod } from "../format";
import { QuotaBars } from "../quota_bars/quota_bars";
import { useCockpit } from "../use_cockpit";

/** The one screen of a key account manager: what to do today, and where he stands. */
export class MyDay extends Component {
    static template = "kam_management.MyDay";
    static components = { CockpitCard, CockpitLayout, QuotaBars };
    static props = { ...standardActionServiceProps };

    setup() {
        this.cockpit = useCockpit(this.props, {
            filters: { quota: false },
            calls: () => ({
                contacts: ["get_my_contacts", {}],
                requests: ["get_my_requests", {}],
                quotas: ["get_my_quotas", {}],
                accounts: ["get_my_accounts", {}],
            }),
        });
        this.state = this.cockpit.state;
        Object.assign(this, { formatAsOf, formatPercent, formatPeriod });
        this.periods = {
            month: _t("Month"),
            quarter: _t("Quarter"),
            year: _t("Year"),
            free: _t("Other Period"),
        };
    }

    get quotas() {
        return this.state.parts.quotas.quotas;
    }

    get quota() {
        const chosen = this.state.filters.quota;
        return this.quotas.find((quota) => quota.id === chosen) || this.quotas[0];
    }

    get counts() {
        return this.quota.lines.filter((line) => line.is_count);
    }

    get otherLines() {
        return this.quota.lines.filter((line) => !line.is_count);
    }

    /** Those with something to do come first. */
    get cards() {
        const { contacts, requests, accounts } = this.state.parts;
        const cards = [contacts, requests, accounts].flatMap((part) => part?.cards || []);
        return [...cards.filter((card) => card.count), ...cards.filter((card) => !card.count)];
    }

    choose(quota) {
        this.state.filters.quota = quota.id;
    }
}

registry.category("actions").add("kam_management.my_day", MyDay);
