import { formatFloat, formatInteger, formatMonetary } from "@web/views/fields/formatters";
import {
    deserializeDate,
    deserializeDateTime,
    toLocaleDateString,
    toLocaleDateTimeString,
} from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

/** A figure of a quota: money in its currency, anything else as it is counted. */
export function formatFigure(value, line, currencyId) {
    if (line.is_amount) {
        return formatAmount(value, currencyId);
    }
    return Number.isInteger(value)
        ? formatInteger(value)
        : formatFloat(value, { digits: [16, 1] });
}

export function formatAmount(value, currencyId) {
    const digits = [16, Math.abs(value) < 1000 ? 0 : 1];
    return formatMonetary(value, { currencyId, humanReadable: true, digits });
}

/** @param {number} value in percent */
export function formatPercent(value) {
    return _t("%s %", formatFloat(value, { digits: [16, 0] }));
}

/** @param {number} share from 0 to 1 */
export function formatShare(share) {
    return formatPercent(100 * share);
}

/** A period as people write its days. */
export function formatPeriod({ date_start, date_end }) {
    return [date_start, date_end]
        .map((date) => toLocaleDateString(deserializeDate(date)))
        .join(" – ");
}

/** The moment figures are of that were worked out before; of today its time alone. */
export function formatAsOf(moment) {
    if (!moment) {
        return "";
    }
    const at = deserializeDateTime(moment);
    const showDate = !at.hasSame(luxon.DateTime.local(), "day");
    return _t("as of %s", toLocaleDateTimeString(at, { showDate }));
}

/** How far away the day of a line is, in words. */
export function formatDay({ days, is_due }) {
    if (days >= 0) {
        return [_t("today"), _t("tomorrow")][days] || _t("in %s days", days);
    }
    if (is_due) {
        return days === -1 ? _t("1 day late") : _t("%s days late", -days);
    }
    return days === -1 ? _t("yesterday") : _t("%s days ago", -days);
}
