import { Component } from "@odoo/owl";
import { formatAmount, formatDay } from "../format";

/** A figure, the most urgent records behind it, and the way to all of them. */
export class CockpitCard extends Component {
    static template = "kam_management.CockpitCard";
    static props = { card: Object, cockpit: Object };

    formatDay = formatDay;
    formatAmount = formatAmount;
}
