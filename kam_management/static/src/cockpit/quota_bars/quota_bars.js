import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatFigure, formatPercent } from "../format";

export const STANDINGS = {
    ahead: ["success", "fa-arrow-up", _t("ahead")],
    on_track: ["info", "fa-check", _t("on track")],
    behind: ["danger", "fa-arrow-down", _t("behind")],
};

/** How a line of a quota stands: [colour, icon, words]. */
export function getStanding(line) {
    return STANDINGS[line.standing] || ["secondary", "fa-minus", _t("not measured")];
}

/**
 * Lines of a quota as bars: filled as far as reached, marked where it should be today,
 * as long as the target. A click opens the facts.
 */
export class QuotaBars extends Component {
    static template = "kam_management.QuotaBars";
    static props = {
        lines: Array,
        currencyId: Number,
        cockpit: Object,
        small: { type: Boolean, optional: true },
    };
    static defaultProps = { small: false };

    getStanding = getStanding;

    format(line, name) {
        return formatFigure(line[name], line, this.props.currencyId);
    }

    /** What part of the bar a figure takes: more than the target fills it. */
    width(line, name) {
        const whole = line.target || line.actual || 1;
        return Math.max(0, Math.min(100, (100 * line[name]) / whole));
    }

    describe(line) {
        return _t(
            "%(name)s: %(actual)s of %(target)s, expected by today %(expected)s, forecast %(forecast)s, %(attainment)s, %(status)s. Opens the source records.",
            {
                name: line.name,
                actual: this.format(line, "actual"),
                target: this.format(line, "target"),
                expected: this.format(line, "expected"),
                forecast: this.format(line, "forecast"),
                attainment: formatPercent(line.attainment),
                status: getStanding(line)[2],
            }
        );
    }

    openFacts(line) {
        return this.props.cockpit.run({
            model: "kam.quota.line",
            method: "action_open_facts",
            id: line.id,
        });
    }
}
