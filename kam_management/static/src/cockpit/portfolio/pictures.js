import { deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { fade } from "../chart/cockpit_chart";

const percent = (value) => `${Math.round(value)} %`;

/** The share of the revenue by the share of the customers, the best ones first. */
export function drawPareto({ points }, theme) {
    const line = points.map(([x, y]) => ({ x: x * 100, y: y * 100 }));
    return {
        type: "line",
        data: {
            datasets: [
                {
                    label: _t("Share of the revenue"),
                    data: line,
                    borderColor: theme.primary,
                    backgroundColor: fade(theme.primary, 0.15),
                    pointRadius: 0,
                    fill: true,
                },
                {
                    label: _t("If all were equal"),
                    data: [
                        { x: 0, y: 0 },
                        { x: 100, y: 100 },
                    ],
                    borderColor: theme.muted,
                    borderDash: [4, 4],
                    pointRadius: 0,
                },
            ],
        },
        options: {
            scales: {
                x: {
                    type: "linear",
                    max: 100,
                    title: { display: true, text: _t("Customers") },
                    ticks: { callback: percent },
                },
                y: { min: 0, max: 100, ticks: { callback: percent } },
            },
            plugins: { tooltip: { intersect: false, mode: "index" } },
        },
    };
}

/** Shares over the months, the healthy band behind them and the limit above. */
export function drawConcentration({ months, band, limit }, theme) {
    const flat = (value) => months.map(() => value);
    // a month without revenue has no largest customer: a gap in the line
    const line = (label, getShare, color, dash = []) => ({
        label,
        data: months.map((month) => 100 * (getShare(month) ?? NaN)),
        borderColor: color,
        backgroundColor: color,
        borderDash: dash,
        pointRadius: 1,
    });
    const edge = { borderWidth: 0, pointRadius: 0, backgroundColor: fade(theme.success, 0.15) };
    return {
        type: "line",
        data: {
            labels: months.map((month) => deserializeDate(month.date).toFormat("LLL yyyy")),
            datasets: [
                line(_t("Key accounts"), (month) => month.key_share, theme.primary),
                line(_t("Largest customer"), (month) => month.largest_account?.share, theme.info, [6, 3]),
                line(_t("Largest group"), (month) => month.largest_group?.share, theme.warning, [2, 3]),
                { ...edge, label: _t("Limit for one customer"), data: flat(limit), borderColor: theme.danger, borderWidth: 2 },
                { ...edge, label: "", data: flat(band[0]) },
                { ...edge, label: _t("Healthy"), data: flat(band[1]), fill: "-1" },
            ],
        },
        options: {
            scales: { x: {}, y: { min: 0, max: 100, ticks: { callback: percent } } },
            plugins: {
                legend: { labels: { color: theme.text, filter: (item) => item.text } },
                tooltip: { intersect: false, mode: "index" },
            },
        },
    };
}

/** Numbers of customers as lying bars. */
export function drawBars({ bars }, theme) {
    return {
        type: "bar",
        data: {
            labels: bars.map(([label]) => label),
            datasets: [
                {
                    label: _t("Customers"),
                    data: bars.map(([, count]) => count),
                    backgroundColor: fade(theme.primary, 0.7),
                },
            ],
        },
        options: {
            indexAxis: "y",
            scales: { x: { ticks: { precision: 0 } }, y: {} },
            plugins: { legend: { display: false } },
        },
    };
}
