import { Component, onWillStart, useEffect, useRef } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";

/** The colour a class gives to text: that of the theme, light or dark. */
function getColor(el, name) {
    const probe = document.createElement("span");
    probe.className = name;
    el.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
}

export function fade(color, opacity) {
    const [red, green, blue] = color.match(/[\d.]+/g);
    return `rgba(${red}, ${green}, ${blue}, ${opacity})`;
}

export function getTheme(el) {
    const theme = { text: getComputedStyle(el).color };
    for (const name of ["primary", "success", "warning", "danger", "info", "muted"]) {
        theme[name] = getColor(el, `text-${name}`);
    }
    return { ...theme, grid: fade(theme.text, 0.15) };
}

/**
 * A picture drawn by Odoo's own Chart.js in the colours of the theme. What it shows is
 * said in words as well: ``label``.
 */
export class CockpitChart extends Component {
    static template = "kam_management.CockpitChart";
    static props = {
        data: Object,
        draw: Function, // of data and theme: the configuration of Chart.js
        label: String,
        onPick: { type: Function, optional: true }, // of the index of what was clicked
    };

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                const chart = new Chart(this.canvas.el, this.getConfig());
                return () => chart.destroy();
            },
            () => [this.props.data]
        );
    }

    getConfig() {
        const theme = getTheme(this.canvas.el.parentElement);
        const { options = {}, ...config } = this.props.draw(this.props.data, theme);
        for (const axis of Object.values(options.scales || {})) {
            axis.ticks = { color: theme.text, ...axis.ticks };
            axis.grid = { color: theme.grid, ...axis.grid };
            if (axis.title) {
                axis.title.color = theme.text;
            }
        }
        const { plugins = {} } = options;
        plugins.legend = { labels: { color: theme.text }, ...plugins.legend };
        return {
            ...config,
            options: {
                maintainAspectRatio: false,
                animation: false,
                ...options,
                plugins,
                onClick: (_ev, [picked]) => picked && this.props.onPick?.(picked.index),
            },
        };
    }
}
