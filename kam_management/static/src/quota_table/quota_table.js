import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/views/fields/formatters";
import { parseFloat } from "@web/views/fields/parsers";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const WHOLE = "whole";

/**
 * The targets of a planning as a table: a row for each owner, three columns for each
 * indicator (last year, run rate, target), one period at a time. Targets are changed in it;
 * what is planned already is shown as it is.
 */
export class QuotaTable extends Component {
    static template = "kam_management.QuotaTable";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
        this.notification = useService("notification");
        this.state = useState({ period: null });
    }

    get table() {
        return this.props.record.data.table || { columns: [], periods: [], owners: [] };
    }

    /** The first day of the period that is shown, or all of them together. */
    get period() {
        return this.state.period || this.table.periods[0]?.start;
    }

    get isWhole() {
        return this.period === WHOLE;
    }

    get tabs() {
        const { periods, whole_label } = this.table;
        return periods.length > 1 ? [...periods, { start: WHOLE, label: whole_label }] : periods;
    }

    get managers() {
        return this.table.owners.filter((owner) => owner.scope === "manager");
    }

    get others() {
        return this.table.owners.filter((owner) => owner.scope !== "manager");
    }

    /** {row|column: targets of the shown period}; of the whole time there are several. */
    get cells() {
        const cells = {};
        for (const record of this.props.record.data[this.props.name].records) {
            const { owner_key, column_key, date_start } = record.data;
            if (this.isWhole || date_start.toISODate() === this.period) {
                (cells[`${owner_key}|${column_key}`] ||= []).push(record);
            }
        }
        return cells;
    }

    /** The one target of a cell that can be changed. */
    getEditable(cells, owner, column) {
        const [record] = cells[`${owner.key}|${column.key}`] || [];
        const open = record && !this.isWhole && !record.data.quota_id && !this.props.readonly;
        return open && !this.follows(owner) ? record : null;
    }

    /** Teams and the company are what their managers add up to. */
    follows(owner) {
        const { sum_up, way } = this.props.record.data;
        return owner.scope !== "manager" && sum_up && way !== "copy";
    }

    /** A figure of a cell, null where there is none. */
    getFigure(cells, owner, column, name) {
        const records = cells[`${owner.key}|${column.key}`];
        if (!records || (this.isWhole && !column.is_added_up)) {
            return null;
        }
        return records.reduce((sum, record) => sum + record.data[name], 0);
    }

    /** What the managers come to, null for averages. */
    getSum(cells, column, name) {
        if (!column.is_summed) {
            return null;
        }
        const figures = this.managers.map((owner) => this.getFigure(cells, owner, column, name));
        return figures.reduce((sum, figure) => sum + (figure || 0), 0);
    }

    /** Last year's figures were proposed, see the server's ``_fill_facts``. */
    get isProposed() {
        return this.props.record.data.way === "facts";
    }

    /** What the company has that is of none of the managers, null where nothing adds up. */
    getRest(cells, column, name) {
        const company = this.table.owners.find((owner) => owner.scope === "company");
        const whole = company && this.getFigure(cells, company, column, name);
        const sum = this.getSum(cells, column, name);
        return typeof whole !== "number" || sum === null ? null : whole - sum;
    }

    hasRest(cells) {
        return this.table.columns.some((column) =>
            ["last", "run_rate"].some(
                (name) => Math.abs(this.getRest(cells, column, name)) >= 0.005
            )
        );
    }

    /** How many customers the managers lead together, and how many key accounts. */
    get load() {
        const add = (name) => this.managers.reduce((sum, owner) => sum + (owner[name] || 0), 0);
        return { customers: add("customers"), keys: add("key_accounts") };
    }

    /** Nothing is no zero for who has no customers. */
    isIdle(owner) {
        return owner.scope === "manager" && !owner.customers;
    }

    formatCell(cells, owner, column, name) {
        const figure = this.getFigure(cells, owner, column, name);
        return !figure && this.isIdle(owner) ? "" : this.format(figure, column);
    }

    format(value, column, isShort = true) {
        if (value === null) {
            return "";
        }
        if (isShort && column.is_money && Math.abs(value) >= 1000) {
            return formatFloat(value, { humanReadable: true, decimals: 1 });
        }
        const digits = Number.isInteger(value) ? 0 : Math.max(column.digits, column.is_money ? 0 : 1);
        return formatFloat(value, { digits: [16, digits] });
    }

    /** Whether the managers' targets fall short of that of their team or company. */
    isShort(cells, owner, column) {
        const [rolled, target] = ["rolled", "target"].map((name) =>
            this.getFigure(cells, owner, column, name)
        );
        return rolled < target;
    }

    getQuota(owner) {
        return owner.quotas[this.period];
    }

    getTarget(record, owner, column) {
        const { target } = record.data;
        return !target && this.isIdle(owner) ? "" : this.format(target, column, false);
    }

    async onChange(record, owner, column, ev) {
        let target;
        try {
            target = ev.target.value.trim() ? parseFloat(ev.target.value) : 0;
        } catch {
            target = NaN;
        }
        if (target >= 0 && target < 1e15) {
            await record.update({ target });
        } else {
            this.notification.add(_t("Enter a target of 0 or more, as a number."), {
                type: "danger",
            });
        }
        // as it is read, also where it stays what it was
        ev.target.value = this.getTarget(record, owner, column);
    }

    openCustomers(owner) {
        this.action.doAction({
            type: "ir.actions.act_window",
            name: owner.name,
            res_model: "kam.account",
            views: [
                [false, "list"],
                [false, "form"],
            ],
            domain: [["manager_id", "=", owner.user_id]],
            target: "new",
        });
    }
}

registry.category("fields").add("kam_quota_table", {
    component: QuotaTable,
    supportedTypes: ["one2many"],
    useSubView: true,
    fieldDependencies: [
        { name: "table", type: "json", readonly: true },
        { name: "sum_up", type: "boolean" },
        { name: "way", type: "selection" },
    ],
});
