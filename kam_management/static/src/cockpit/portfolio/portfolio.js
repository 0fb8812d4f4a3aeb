import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { CockpitChart } from "../chart/cockpit_chart";
import { CockpitLayout } from "../cockpit_layout";
import { formatAmount, formatAsOf, formatShare } from "../format";
import { useCockpit } from "../use_cockpit";
import { drawBars, drawConcentration, drawPareto } from "./pictures";

const VIEWS = [
    [false, "list"],
    [false, "kanban"],
    [false, "form"],
];

/** What our revenue hangs on, and where customers stand. */
export class Portfolio extends Component {
    static template = "kam_management.Portfolio";
    static components = { CockpitChart, CockpitLayout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.cockpit = useCockpit(this.props, {
            filters: { period: "year", previous: false, team_id: false },
            calls: ({ period, previous, team_id }) => ({
                accounts: ["get_portfolio_accounts", { team_id }],
                pareto: ["get_portfolio_pareto", { team_id }],
                concentration: ["get_portfolio_concentration", {}],
                funnel: ["get_portfolio_funnel", { period, previous, team_id }],
            }),
        });
        this.state = this.cockpit.state;
        Object.assign(this, { drawPareto, drawConcentration, drawBars });
        Object.assign(this, { formatAmount, formatAsOf, formatShare });
        this.segments = { a: "A", b: "B", c: "C", false: _t("None") };
    }

    get accounts() {
        return this.state.parts.accounts;
    }

    get levels() {
        return this.accounts.levels;
    }

    isLoaded(part) {
        return part in this.state.parts && !this.state.errors[part];
    }

    // Pareto

    /** The share of the revenue that the best fifth of the customers brings. */
    get paretoSentence() {
        const { points, accounts } = this.state.parts.pareto;
        const fifth = points.find(([share]) => share >= 0.2) || [1, 1];
        return _t("The best %(share)s of %(accounts)s customers with revenue bring %(part)s of it.", {
            share: formatShare(fifth[0]),
            accounts,
            part: formatShare(fifth[1]),
        });
    }

    /** Customers with revenue, as everywhere segments are counted. */
    openSegment(segment) {
        return this.openAccounts([
            ["segment", "=", segment],
            ["revenue", ">", 0],
        ]);
    }

    // Segments and levels

    get heads() {
        return this.levels.filter(([level]) => this.count({ level }));
    }

    cells(match) {
        return this.accounts.cells.filter((cell) =>
            Object.entries(match).every(([name, value]) => cell[name] === value)
        );
    }

    count(match) {
        return this.cells(match).reduce((sum, cell) => sum + cell.count, 0);
    }

    revenue(match) {
        return this.cells(match).reduce((sum, cell) => sum + cell.revenue, 0);
    }

    share(match) {
        return this.revenue(match) / (this.revenue({}) || 1);
    }

    openCell(match) {
        const leaves = Object.entries(match).map(([name, value]) => [name, "=", value]);
        return this.openAccounts(leaves);
    }

    openAccounts(leaves = []) {
        return this.cockpit.open({
            type: "ir.actions.act_window",
            name: _t("Accounts"),
            res_model: "kam.account",
            views: VIEWS,
            domain: [...leaves, ...this.accounts.domain],
        });
    }

    // The ladder

    get ladder() {
        const { came, up } = this.state.parts.funnel;
        return this.levels.map(([level, label]) => ({
            level,
            label,
            count: this.count({ level }),
            came: came[level] || 0,
            up: up[level] || 0,
        }));
    }

    get ladderBars() {
        // as old as its data: drawn again only when they are new
        const { accounts } = this.state.parts;
        if (this.drawnLadder?.accounts !== accounts) {
            const bars = this.levels.map(([level, label]) => [label, this.count({ level })]);
            this.drawnLadder = { accounts, bars };
        }
        return this.drawnLadder;
    }

    openCame(level) {
        return this.openTransitions([["to_level", "=", level]]);
    }

    openUp(level) {
        const names = this.levels.map(([name]) => name).filter((name) => name !== "dormant");
        const higher = names.slice(names.indexOf(level) + 1);
        return this.openTransitions([
            ["from_level", "=", level],
            ["to_level", "in", higher],
        ]);
    }

    openTransitions(leaves) {
        return this.cockpit.open({
            type: "ir.actions.act_window",
            name: _t("Level Transitions"),
            res_model: "kam.level.transition",
            views: [[false, "list"]],
            domain: [...leaves, ...this.state.parts.funnel.domain],
        });
    }

    openFunnel() {
        return this.cockpit.open("kam_management.kam_funnel_report_action");
    }

    // Health

    get healthBars() {
        const { accounts } = this.state.parts;
        if (this.drawnHealth?.accounts !== accounts) {
            const bars = accounts.health.map(({ start, end, count }) => [
                `${start}–${end}`,
                count,
            ]);
            bars.push([_t("Unknown"), accounts.health_unknown || 0]);
            this.drawnHealth = { accounts, bars };
        }
        return this.drawnHealth;
    }

    get healthCount() {
        return this.accounts.health.reduce((sum, band) => sum + band.count, 0);
    }

    openHealth(index) {
        if (index === this.accounts.health.length) {
            return this.openAccounts([["health_band", "=", false]]);
        }
        const { start, end } = this.accounts.health[index];
        return this.openAccounts([
            ["health_band", "!=", false],
            ["health", ">=", start],
            ["health", "<=", end],
        ]);
    }

    openRisk() {
        return this.openAccounts([["is_at_risk", "=", true]]);
    }

    // Concentration

    get concentration() {
        return this.state.parts.concentration;
    }

    openPartner(which) {
        return this.cockpit.openRecord({ model: "kam.account", id: which.id });
    }
}

registry.category("actions").add("kam_management.portfolio", Portfolio);
