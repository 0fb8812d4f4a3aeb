import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { formatMonetary } from "@web/views/fields/formatters";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/**
 * What each branch of the customer buys from us, and what it might: a click on an empty
 * cell makes a lead or a need of it, or notes why it stays empty.
 */
export class WhiteSpace extends Component {
    static template = "kam_management.WhiteSpace";
    static components = { Dropdown, DropdownItem };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ units: [], categories: [], cells: {}, editable: false });
        this.legend = [
            ["bought", _t("Buys from us")],
            ["lead", _t("Opportunity")],
            ["competitor", _t("Buys elsewhere")],
            ["no_need", _t("No need")],
            ["unknown", _t("Unknown")],
        ];
        onWillStart(() => this.load(this.props.record));
        onWillUpdateProps((next) => {
            if (this.accountOf(next.record) !== this.accountId) {
                return this.load(next.record);
            }
        });
    }

    accountOf(record) {
        return record.data.account_id?.id;
    }

    /** A plan that was never saved has none. */
    get planId() {
        return this.props.record.resId;
    }

    get editable() {
        return this.state.editable && this.props.record.data.state !== "closed";
    }

    async load(record = this.props.record) {
        this.accountId = this.accountOf(record);
        if (this.accountId) {
            Object.assign(
                this.state,
                await this.orm.call("kam.account", "get_white_space", [[this.accountId]])
            );
        }
    }

    cell(unit, categ) {
        return this.state.cells[`${unit.id}-${categ.id}`] || { state: "unknown" };
    }

    label(cell) {
        if (cell.state === "bought") {
            return formatMonetary(cell.amount, {
                currencyId: this.state.currency_id,
                humanReadable: true,
            });
        }
        return { lead: "★", competitor: cell.competitor || "✕", no_need: "–" }[cell.state] || "";
    }

    describe(unit, categ, cell) {
        const state = Object.fromEntries(this.legend)[cell.state];
        return [`${unit.name}, ${categ.name}: ${state}`, cell.competitor, cell.note]
            .filter(Boolean)
            .join("\n");
    }

    async call(method, unit, categ, args = {}) {
        const kwargs = { unit_id: unit.id, categ_id: categ.id, ...args };
        return this.orm.call("kam.account", method, [[this.accountId]], kwargs);
    }

    async mark(unit, categ, state) {
        await this.call("mark_white_space", unit, categ, { state });
        await this.load();
    }

    async markCompetitor(unit, categ) {
        const { competitor = "" } = this.cell(unit, categ);
        const id = await this.call("mark_white_space", unit, categ, {
            state: "competitor",
            competitor,
        });
        const action = {
            type: "ir.actions.act_window",
            name: _t("Buys Elsewhere"),
            res_model: "kam.white.space",
            res_id: id,
            views: [[false, "form"]],
            target: "new",
        };
        await this.action.doAction(action, { onClose: () => this.load() });
    }

    async makeLead(unit, categ) {
        await this.save();
        const args = { plan_id: this.planId };
        await this.action.doAction(await this.call("make_white_space_lead", unit, categ, args));
    }

    async noteNeed(unit, categ) {
        await this.save();
        const args = { plan_id: this.planId };
        const action = await this.call("note_white_space_need", unit, categ, args);
        await this.action.doAction(action, { onClose: () => this.props.record.load() });
    }

    /** What is typed into the form is kept when another one opens. */
    async save() {
        await this.props.record.save();
    }

    async takeOverBranches() {
        await this.orm.call("kam.account", "action_take_over_branches", [[this.accountId]]);
        await this.load();
    }
}

registry.category("view_widgets").add("kam_white_space", {
    component: WhiteSpace,
    fieldDependencies: [
        { name: "account_id", type: "many2one" },
        { name: "state", type: "selection" },
    ],
});
