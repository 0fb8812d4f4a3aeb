import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/views/fields/formatters";
import { formatAsOf, formatPercent } from "../format";
import { QuotaBars, STANDINGS } from "../quota_bars/quota_bars";

/** Managers side by side, who needs help first: their quotas, alarms and work. */
export class ManagersTable extends Component {
    static template = "kam_management.ManagersTable";
    static components = { QuotaBars };
    static props = {
        parts: Object, // quotas, work, keys: as the server answers, each maybe still to come
        cockpit: Object,
        inNeed: { type: Boolean, optional: true }, // no others
    };
    static defaultProps = { inNeed: false };

    setup() {
        Object.assign(this, { formatAsOf, formatPercent });
        this.standings = Object.values(STANDINGS);
        this.balanceText = _t(
            "Balance: the worst of the counts of customers against the best, each compared with what is expected by today."
        );
    }

    get columns() {
        const { work, keys } = this.props.parts;
        return { ...work?.columns, ...keys?.columns };
    }

    /** What was worked out before, with the moment it is of; quotas say so in their row. */
    get moments() {
        const { work, keys } = this.props.parts;
        return [
            [_t("Work"), work?.as_of],
            [_t("Key accounts"), keys?.as_of],
        ].filter(([, moment]) => moment);
    }

    /** One row a manager, who needs help first. */
    get rows() {
        const { quotas, work } = this.props.parts;
        const users = new Map();
        for (const user of [...(quotas?.managers || []), ...(work?.managers || [])]) {
            users.set(user.id, user);
        }
        return [...users.values()]
            .map((user) => this.prepareRow(user, quotas?.quotas || []))
            .filter((row) => row.need || !this.props.inNeed)
            .sort((a, b) => b.need - a.need || a.worst - b.worst);
    }

    /** Where nobody has a quota, that is said once, and needs no columns. */
    get hasQuotas() {
        return this.rows.some((row) => row.quota);
    }

    prepareRow(user, quotas) {
        const quota = quotas.find((quota) => quota.user_id === user.id);
        const lines = quota?.lines || [];
        const behind = lines.filter((line) => line.standing === "behind");
        const alarms = this.getAlarms(user);
        if (behind.length) {
            alarms.unshift({
                text: _t("Behind in %(behind)s of %(all)s", {
                    behind: behind.length,
                    all: lines.length,
                }),
                open: () => this.props.cockpit.openRecord({ model: "kam.quota", id: quota.id }),
            });
        }
        return {
            user,
            quota,
            alarms,
            counts: lines.filter((line) => line.is_count),
            others: lines.filter((line) => !line.is_count),
            need: alarms.length + behind.length,
            worst: Math.min(0, ...behind.map((line) => line.deviation)),
        };
    }

    /** What asks for a word with a manager, each with the way to its records. */
    getAlarms(user) {
        const texts = {
            risk: (count) => _t("Customers at risk: %s", count),
            overdue: (count) => _t("Overdue touches: %s", count),
            silent: (count) => _t("Silent quotations: %s", count),
            moments: (count) => _t("Late key moments: %s", count),
            unplanned: (count) => _t("Key accounts without an up-to-date plan: %s", count),
            uncovered: (count) => _t("Key accounts with coverage gaps: %s", count),
        };
        return Object.entries(texts)
            .map(([key, text]) => [key, text, this.figure(key, user)])
            .filter(([, , count]) => count)
            .map(([key, text, count]) => ({
                text: text(count),
                open: () => this.openFigure(key, user),
            }));
    }

    figure(key, user) {
        return this.columns[key]?.figures[user.id] || 0;
    }

    hasLine(row, indicator) {
        return Boolean(row.quota?.lines.some((line) => line.indicator === indicator));
    }

    /** What is shown of the work of a manager: nothing that is in their quota already. */
    getWork(row) {
        const inQuota = this.hasLine(row, "touches");
        return ["accounts", "overdue", ...(inQuota ? [] : ["touches"])];
    }

    /** A figure as it is read: a share of five, hours, or a number of records. */
    formatFigure(key, user) {
        const figure = this.figure(key, user);
        return key === "quality" || key === "reaction"
            ? formatFloat(figure, { digits: [16, 1] })
            : figure;
    }

    /** How many of the key accounts lack nothing. */
    formatLacking(key, user) {
        const all = this.figure("key", user);
        return _t("%(count)s of %(all)s", { count: all - this.figure(key, user), all });
    }

    openFigure(key, user) {
        const { action, field, title } = this.columns[key];
        return this.props.cockpit.open({
            ...action,
            name: _t("%(title)s: %(manager)s", { title, manager: user.name }),
            domain: [[field, "=", user.id], ...action.domain],
        });
    }
}
