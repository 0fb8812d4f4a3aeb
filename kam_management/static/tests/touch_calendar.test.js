import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { beforeEach, expect, test } from "@odoo/hoot";
import { mockDate } from "@odoo/hoot-mock";
import {
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
    preloadBundle,
} from "@web/../tests/web_test_helpers";
import { MOST_TOUCHES } from "@kam_management/touch_calendar/touch_calendar";

class Touch extends models.Model {
    name = fields.Char();
    date = fields.Datetime();
    end_date = fields.Datetime();
    has_access() {
        return true;
    }
    _views = {
        calendar: `<calendar js_class="kam_touch_calendar" date_start="date" date_stop="end_date" mode="week"/>`,
    };
}
defineMailModels();
defineModels([Touch]);

preloadBundle("web.fullcalendar_lib");

beforeEach(() => {
    mockDate("2020-03-11 12:00:00");
    mockService("notification", { add: (message) => expect.step(message) });
});

function fill(count) {
    Touch._records = [...Array(count).keys()].map((n) => ({
        id: n + 1,
        name: `Touch ${n + 1}`,
        date: "2020-03-10 10:00:00",
        end_date: "2020-03-10 11:00:00",
    }));
}

test("a few touches are all shown", async () => {
    fill(3);
    await mountView({ type: "calendar", resModel: "touch" });
    expect(".fc-event").toHaveCount(3);
    expect.verifySteps([]);
});

test("of very many the last ones are shown, and the user is told", async () => {
    fill(3);
    onRpc("touch", "search_read", ({ kwargs }) => {
        expect(kwargs.limit).toBe(MOST_TOUCHES + 1);
        expect(kwargs.order).toBe("date desc, id desc");
        return [...Array(MOST_TOUCHES + 1).keys()].map((n) => ({
            id: n + 1,
            display_name: `Touch ${n + 1}`,
            // one of them alone is of the week that is shown
            date: n === 0 ? "2020-03-10 10:00:00" : "2020-01-10 10:00:00",
            end_date: n === 0 ? "2020-03-10 11:00:00" : "2020-01-10 11:00:00",
        }));
    });
    await mountView({ type: "calendar", resModel: "touch" });
    expect(".fc-event").toHaveCount(1);
    expect.verifySteps([
        `Only the last ${MOST_TOUCHES} touches are shown. Filter them to see the others.`,
    ]);
});
