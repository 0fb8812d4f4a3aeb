import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatAsOf, formatFigure, formatPercent, formatPeriod } from "../format";
import { getStanding } from "../quota_bars/quota_bars";

/** The quota of a manager in one line: each indicator with its target, and how it goes. */
export class QuotaStrip extends Component {
    static template = "kam_management.QuotaStrip";
    static props = {
        quotas: Array,
        isHead: Boolean,
        done: Number,
        cockpit: Object,
    };

    setup() {
        this.state = useState({ chosen: false });
        Object.assign(this, { formatAsOf, formatPercent, formatPeriod, getStanding });
        this.periods = {
            month: _t("Month"),
            quarter: _t("Quarter"),
            year: _t("Year"),
            free: _t("Other Period"),
        };
    }

    get quota() {
        const { quotas } = this.props;
        return quotas.find((quota) => quota.id === this.state.chosen) || quotas[0];
    }

    format(line, name) {
        return formatFigure(line[name], line, this.quota.currency_id);
    }

    openFacts(line) {
        return this.props.cockpit.run({
            model: "kam.quota.line",
            method: "action_open_facts",
            id: line.id,
        });
    }
}
