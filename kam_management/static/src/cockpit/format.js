import { formatFloat, formatInteger, formatMonetary } from "@web/views/fields/formatters";
import { _t } from "@web/core/l10n/translation";

/** A figure of a quota: money in its currency, anything else as it is counted. */
export function formatFigure(value, line, currencyId) {
    if (line.is_amount) {
        return formatMonetary(value, { currencyId, humanReadable: true, digits: [16, 0] });
    }
    return Number.isInteger(value)
        ? formatInteger(value)
        : formatFloat(value, { digits: [16, 1] });
}

export function formatAmount(value, currencyId) {
    return formatMonetary(value, { currencyId, humanReadable: true, digits: [16, 0] });
}

/** @param {number} value a share from 0 to 100 */
export function formatPercent(value) {
    return _t("%s %", formatFloat(value, { digits: [16, 0] }));
}

/** How far away a day is, in words. */
export function formatDays(days) {
    if (days === 0) {
        return _t("today");
    }
    if (days === 1) {
        return _t("tomorrow");
    }
    if (days === -1) {
        return _t("yesterday");
    }
    return days > 0 ? _t("in %s days", days) : _t("%s days ago", -days);
}
