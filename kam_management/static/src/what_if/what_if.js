import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { Layout } from "@web/search/layout";
import { formatFloat, formatMonetary, formatPercentage } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { formatAsOf } from "../cockpit/format";

/**
 * What if some customers left? A list to tick customers and whole groups in, and beside it
 * the figures with and without them. The server computes, nothing is written.
 */
export class WhatIf extends Component {
    static template = "kam_management.WhatIf";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.state = useState({ accounts: [], groups: [], name: "", period: "month", data: null });
        this.display = { controlPanel: {} };
        this.search = useDebounced((name) => {
            this.state.name = name;
            return this.load();
        }, 300);
        onWillStart(() => this.load());
    }

    async load() {
        const { accounts, groups, name } = this.state;
        this.state.data = await this.keepLast.add(
            this.orm.call("kam.account", "get_what_if", [user.activeCompany.id], {
                account_ids: [...accounts],
                group_ids: [...groups],
                name,
            })
        );
    }

    toggle(kind, id) {
        const ids = this.state[kind];
        this.state[kind] = ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id];
        return this.load();
    }

    /** A group takes along those of its customers that were ticked one by one. */
    toggleGroup(group) {
        const members = this.state.data.customers
            .filter((customer) => customer.group?.id === group.id)
            .map((customer) => customer.id);
        this.state.accounts = this.state.accounts.filter((id) => !members.includes(id));
        return this.toggle("groups", group.id);
    }

    reset() {
        Object.assign(this.state, { accounts: [], groups: [] });
        return this.load();
    }

    goesWithGroup(customer) {
        return Boolean(customer.group) && this.state.groups.includes(customer.group.id);
    }

    leaves(customer) {
        return this.state.accounts.includes(customer.id) || this.goesWithGroup(customer);
    }

    get somebodyLeaves() {
        return this.state.accounts.length + this.state.groups.length > 0;
    }

    /** One row per figure: label, value with everybody, without the leaving, is it bad? */
    get rows() {
        const { before, after, band, limit } = this.state.data;
        const shareOf = (what) => (figures) =>
            figures[what] ? `${this.percent(figures[what].share)} · ${figures[what].name}` : "–";
        const tooLarge = (what) => (figures) => figures[what] && figures[what].share * 100 > limit;
        const segment = (letter) => (figures) => {
            const { count, from } = figures.segments[letter];
            return count ? _t("%(count)s, from %(amount)s", { count, amount: this.money(from) }) : "0";
        };
        const row = (label, format, isBad = () => false) => ({
            label,
            before: format(before),
            after: format(after),
            badBefore: isBad(before),
            badAfter: isBad(after),
        });
        return [
            row(_t("Trailing revenue"), (figures) => this.money(figures.revenue)),
            row(_t("Customers with revenue"), (figures) => figures.customers),
            row(_t("Active customers"), (figures) => figures.active),
            row(_t("Key accounts"), (figures) => figures.key_accounts),
            row(
                _t("Share of key accounts (target: %(low)s to %(high)s %)", {
                    low: band[0],
                    high: band[1],
                }),
                (figures) => this.percent(figures.key_share),
                ({ revenue, key_share: share }) =>
                    revenue && (share * 100 < band[0] || share * 100 > band[1])
            ),
            row(
                _t("Largest customer (up to %(limit)s %)", { limit }),
                shareOf("largest_account"),
                tooLarge("largest_account")
            ),
            row(
                _t("Largest group (up to %(limit)s %)", { limit }),
                shareOf("largest_group"),
                tooLarge("largest_group")
            ),
            row(_t("A customers"), segment("a")),
            row(_t("B customers"), segment("b")),
            row(_t("C customers"), segment("c")),
        ];
    }

    /** What is lost of the revenue, from 0 to 1. */
    get lost() {
        const { before, after } = this.state.data;
        return before.revenue ? 1 - after.revenue / before.revenue : 0;
    }

    /** The kinds of period whose quotas lose something, the shortest first. */
    get periods() {
        const labels = {
            month: _t("Months"),
            quarter: _t("Quarters"),
            year: _t("Years"),
            free: _t("Other Periods"),
        };
        const found = new Set(this.state.data.quotas.map((line) => line.period));
        return Object.entries(labels)
            .filter(([period]) => found.has(period))
            .map(([period, label]) => ({ period, label }));
    }

    /** The kind chosen, or the first when that loses nothing. */
    get period() {
        const { periods } = this;
        const chosen = periods.find(({ period }) => period === this.state.period);
        return (chosen || periods[0])?.period;
    }

    /** Quotas of the kind of period chosen, each with its lines. */
    get quotas() {
        const quotas = new Map();
        for (const line of this.state.data.quotas) {
            if (line.period === this.period) {
                const quota = quotas.get(line.quota_id) || {
                    name: line.quota,
                    asOf: formatAsOf(line.measured_at),
                    lines: [],
                };
                quota.lines.push(line);
                quotas.set(line.quota_id, quota);
            }
        }
        return [...quotas].map(([id, quota]) => ({ id, ...quota }));
    }

    figure(line, value) {
        return line.is_money ? this.money(value) : this.number(value);
    }

    money(amount) {
        return formatMonetary(amount, {
            currencyId: this.state.data.currency_id,
            digits: [16, 0],
        });
    }

    percent(share) {
        return formatPercentage(share, { digits: [5, 1], trailingZeros: true });
    }

    number(value) {
        return formatFloat(value, { digits: [16, 1], trailingZeros: false });
    }

    open(customer) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "kam.account",
            res_id: customer.id,
            views: [[false, "form"]],
        });
    }

    openQuota(quota) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "kam.quota",
            res_id: quota.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("kam_what_if", WhatIf);
