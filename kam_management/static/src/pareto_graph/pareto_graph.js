import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { GraphModel } from "@web/views/graph/graph_model";
import { GraphRenderer } from "@web/views/graph/graph_renderer";
import { graphView } from "@web/views/graph/graph_view";

/** Bars from the largest to the smallest, and what they come to so far. */
export class ParetoModel extends GraphModel {
    _getLineOverlayDataset() {
        const [bars, ...others] = this.data.datasets;
        if (!bars || others.length || this.metaData.order !== "DESC") {
            return super._getLineOverlayDataset();
        }
        let total = 0;
        return {
            label: _t("Cumulative"),
            data: bars.data.map((value) => (total += value)),
            currencyIds: bars.currencyIds,
            trueLabels: bars.trueLabels,
            total,
        };
    }
}

/** Bars and line share a scale; at the right it is read as a share of all. */
export class ParetoRenderer extends GraphRenderer {
    getScaleOptions() {
        const scales = super.getScaleOptions();
        const total = this.model.lineOverlayDataset?.total;
        if (!total) {
            return scales;
        }
        const share = {
            ...scales.y,
            position: "right",
            title: { display: false },
            grid: { display: false },
            max: total,
            ticks: {
                ...scales.y.ticks,
                stepSize: total / 5,
                callback: (value) => `${Math.round((100 * value) / total)} %`,
            },
        };
        return { ...scales, y: { ...scales.y, max: total }, share };
    }
}

registry.category("views").add("kam_pareto_graph", {
    ...graphView,
    Model: ParetoModel,
    Renderer: ParetoRenderer,
});
