import { Component } from "@odoo/owl";
import { Layout } from "@web/search/layout";
import { _t } from "@web/core/l10n/translation";
import { FirstSteps } from "./first_steps/first_steps";

/** The frame of a screen: Odoo's control panel with the filters, and the cards. */
export class CockpitLayout extends Component {
    static template = "kam_management.CockpitLayout";
    static components = { FirstSteps, Layout };
    static props = {
        cockpit: Object,
        periods: { type: Boolean, optional: true },
        teams: { type: Array, optional: true },
        slots: Object,
    };
    static defaultProps = { periods: false, teams: [] };

    periods = [
        ["month", _t("Month")],
        ["quarter", _t("Quarter")],
        ["year", _t("Year")],
    ];

    get filters() {
        return this.props.cockpit.state.filters;
    }

    /** What keeps every part from coming, such as missing rights, is said once. */
    get problem() {
        const { errors, asked } = this.props.cockpit.state;
        const problems = Object.values(errors);
        return problems.length === asked && problems[0];
    }

    get isLoading() {
        return Object.values(this.props.cockpit.state.loading).some(Boolean);
    }

    setPeriod(period) {
        this.props.cockpit.setFilters({ period });
    }

    togglePrevious() {
        this.props.cockpit.setFilters({ previous: !this.filters.previous });
    }

    onTeam(ev) {
        this.props.cockpit.setFilters({ team_id: Number(ev.target.value) || false });
    }
}
