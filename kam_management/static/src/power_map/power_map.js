import { Component, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useSortable } from "@web/core/utils/sortable_owl";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { useReloaded } from "../reloaded/reloaded";

/**
 * Who can do what for us: the people of an account by influence and attitude. A person
 * is dragged to where he stands; who is not judged yet waits below.
 */
export class PowerMap extends Component {
    static template = "kam_management.PowerMap";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ people: [], influences: [], attitudes: [], editable: false });
        this.root = useRef("root");
        useReloaded((id) => this.load(id));
        useSortable({
            ref: this.root,
            enable: () => this.state.editable,
            elements: ".o_kam_person",
            groups: ".o_kam_cell",
            connectGroups: true,
            cursor: "grabbing",
            touchDelay: 150,
            placeholderClasses: ["opacity-25"],
            onDrop: ({ element, parent }) => this.onDrop(element, parent),
        });
    }

    async load(accountId) {
        if (accountId) {
            Object.assign(
                this.state,
                await this.orm.call("kam.account", "get_power_map", [[accountId]])
            );
        }
    }

    /** The rows of the map, the most influential people on top. */
    get rows() {
        return [...this.state.influences].reverse();
    }

    get unplaced() {
        const { people, influences } = this.state;
        const known = influences.map(([value]) => value);
        return people.filter((person) => !person.attitude || !known.includes(person.influence));
    }

    peopleAt(influence, attitude) {
        return this.state.people.filter(
            (person) => person.influence === influence && person.attitude === attitude
        );
    }

    describe(person) {
        const { influences, attitudes } = this.state;
        const labels = Object.fromEntries([...influences, ...attitudes]);
        const influence = labels[person.influence];
        return [
            person.name,
            person.function,
            labels[person.attitude],
            influence && _t("Influence: %s", influence),
        ]
            .filter(Boolean)
            .join("\n");
    }

    /** Write where a person was dropped; on a refusal he goes back where he was. */
    async onDrop(element, cell) {
        const person = this.state.people.find(({ id }) => id === Number(element.dataset.id));
        const { influence = "0", attitude = false } = cell?.dataset || {};
        if (!person || (person.influence === influence && person.attitude === attitude)) {
            return;
        }
        const before = { influence: person.influence, attitude: person.attitude };
        Object.assign(person, { influence, attitude });
        try {
            await this.orm.write("kam.stakeholder", [person.id], { influence, attitude });
        } catch (error) {
            Object.assign(person, before);
            throw error;
        }
        // the list of people on the same form shows it too
        const { record } = this.props;
        if (!(await record.isDirty())) {
            await record.load();
        }
    }

    open(person) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "kam.stakeholder",
            res_id: person.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("view_widgets").add("kam_power_map", { component: PowerMap });
