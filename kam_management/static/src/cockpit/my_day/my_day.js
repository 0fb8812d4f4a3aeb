import { Component } from "@odoo/owl";
import { deserializeDate, deserializeDateTime, toLocaleDateString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { CockpitLayout } from "../cockpit_layout";
import { formatAmount, formatAsOf } from "../format";
import { ManagersTable } from "../managers_table/managers_table";
import { QuotaStrip } from "../quota_strip/quota_strip";
import { useCockpit } from "../use_cockpit";

// So many customers are on the screen at first.
const FIRST = 10;

/** One list of what to do today, a line for each customer; what comes first is first. */
export class MyDay extends Component {
    static template = "kam_management.MyDay";
    static components = { CockpitLayout, ManagersTable, QuotaStrip };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.cockpit = useCockpit(this.props, {
            filters: { all: false },
            calls: async () => ({
                day: ["get_my_day", {}],
                quotas: ["get_my_quotas", {}],
                week: ["get_my_week", {}],
                home: ["get_home", {}],
                ...((await user.hasGroup("kam_management.group_kam_manager")) && {
                    decisions: ["get_my_decisions", {}],
                    managers_quotas: ["get_managers_quotas", {}],
                    work: ["get_managers_work", {}],
                    keys: ["get_managers_key_accounts", {}],
                }),
            }),
        });
        this.state = this.cockpit.state;
        this.formatAsOf = formatAsOf;
    }

    get day() {
        return this.state.parts.day;
    }

    get lines() {
        return this.state.filters.all ? this.day.lines : this.day.lines.slice(0, FIRST);
    }

    get hidden() {
        return this.day.lines.slice(this.lines.length);
    }

    /** What is not shown yet, and that it weighs less. */
    get moreText() {
        const count = this.hidden.length;
        const most = Math.max(...this.hidden.map((line) => line.money));
        return most
            ? _t("%(count)s more, up to %(money)s each", { count, money: this.money(most) })
            : _t("%s more", count);
    }

    /** What is to be decided, a line each; the deviations of a manager are one line. */
    get matters() {
        const lines = new Map();
        this.state.parts.decisions.rows.forEach((row, index) => {
            const key = row.group || index;
            lines.set(key, [...(lines.get(key) || []), row]);
        });
        return [...lines.values()];
    }

    countText(rows) {
        return _t("%s deviations to decide about", rows.length);
    }

    /** How many customers are at risk, of all managers; null without any. */
    get risk() {
        const { risk } = this.state.parts.decisions || {};
        return risk?.count ? risk : null;
    }

    get riskText() {
        return _t(
            "%s of revenue with customers silent for longer than usual",
            formatAmount(this.risk.revenue, this.risk.currency_id)
        );
    }

    get homeText() {
        return this.state.parts.home.is_home
            ? _t("Odoo opens with this page")
            : _t("Open Odoo with this page");
    }

    /** Has Odoo open with My Day after login, or as it did before. */
    async toggleHome() {
        const isHome = !this.state.parts.home.is_home;
        this.state.parts.home = await this.orm.call("kam.cockpit", "set_home", [isHome]);
    }

    get managers() {
        const { managers_quotas: quotas, work, keys } = this.state.parts;
        return { quotas, work, keys };
    }

    money(amount) {
        return formatAmount(amount, this.day.currency_id);
    }

    formatDay(date) {
        return deserializeDate(date).toFormat("ccc d");
    }

    formatDate(date) {
        return toLocaleDateString(deserializeDate(date));
    }

    formatTime(moment) {
        return moment
            ? deserializeDateTime(moment).toLocaleString(luxon.DateTime.TIME_SIMPLE)
            : _t("All day");
    }

    openBriefing(meeting) {
        return this.cockpit.openRecord({ model: "kam.account", id: meeting.account_id });
    }
}

registry.category("actions").add("kam_management.my_day", MyDay);
