"""Open the named screens as each role at desktop and phone width; keep pictures.

Called by ./dev/shots with the browser and the address of a running server. A screen
that logs an error to the console, shows Odoo's error dialog or never gets ready makes
the run fail.
"""

import argparse
import sys
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

WIDTHS = {"desktop": (1400, 1000), "phone": (390, 844)}
# login = password; the demo data's people
ROLES = {"admin": "admin", "head": "kam_helena", "kam": "kam_anna"}


@dataclass
class Screen:
    """One screen: its address, and what to do there before the picture is taken.

    ``{name}`` in the path is the id of the first record found by ``find[name]``, a
    (model, domain, order) triple, as the role sees it.
    """

    path: str
    ready: str
    find: dict = field(default_factory=dict)
    click: tuple = ()
    roles: tuple = tuple(ROLES)


ACCOUNT = {"id": ("kam.account", [["purchase_count", ">", 5]], "revenue desc")}
PLAN = {"id": ("kam.plan", [["state", "=", "running"]], "date_start desc, id")}
# on a phone Odoo shows cards instead of a list where there are both
ROWS = ".o_data_row, .o_kanban_record:not(.o_kanban_ghost)"
# what a key account manager may well have none of: then what the screen says instead
ROWS_OR_NONE = f"{ROWS}, .o_view_nocontent"
CHART = ".o_graph_canvas_container canvas"
READY = ".o_content .o_view_controller, .o_content canvas, .o_content table"
DIALOG = ".modal .o_form_view"
QUOTA = {"id": ("kam.quota", [["state", "=", "running"]], "scope, date_start desc, id")}
HEADS = ("admin", "head")
FORM = ".o_form_view .o_form_sheet"
SCREENS = {
    "apps": Screen("/odoo/apps?view_type=kanban", ".o_kanban_view", roles=("admin",)),
    "my_day": Screen("/odoo/key-account-day", ".o_kam_my_day [data-card=day]"),
    "my_managers": Screen(
        "/odoo/key-account-managers",
        ".o_kam_my_managers .o_kam_managers tbody tr",
        roles=("admin", "head"),
    ),
    "portfolio": Screen("/odoo/key-account-portfolio", ".o_kam_portfolio canvas"),
    "suggestions": Screen("/odoo/key-account-suggestions", ROWS_OR_NONE),
    "nominations": Screen("/odoo/key-account-nominations", ROWS_OR_NONE),
    "nominate": Screen(
        "/odoo/key-accounts/{id}",
        FORM,
        {"id": ("kam.account", [["is_key_account", "=", False]], "revenue desc")},
        ("button[name=action_nominate]",),
        HEADS,
    ),
    "account_key": Screen(
        "/odoo/key-accounts/{id}",
        FORM,
        {"id": ("kam.account", [["is_key_account", "=", True]], "revenue desc")},
        ("a[name=history]",),
    ),
    "months": Screen("/odoo/key-account-months", CHART),
    "alarms": Screen("/odoo/key-account-alarms", ROWS_OR_NONE, roles=HEADS),
    "concentration": Screen("/odoo/key-account-concentration", READY, roles=HEADS),
    "what_if": Screen("/odoo/key-account-what-if", ".o_content table", roles=HEADS),
    "complaints": Screen("/odoo/key-account-complaints", ROWS_OR_NONE),
    "complaint": Screen(
        "/odoo/key-account-complaints/{id}", FORM, {"id": ("kam.complaint", [], "id")}
    ),
    "tenders": Screen("/odoo/key-account-tenders", ROWS_OR_NONE),
    "tender": Screen(
        "/odoo/key-account-tenders/{id}",
        FORM,
        {"id": ("kam.tender", [], "id")},
        roles=("head", "kam"),
    ),
    "tender_criteria": Screen(
        "/odoo/key-account-tenders/{id}",
        FORM,
        {"id": ("kam.tender", [], "id")},
        ("a[name=criteria]",),
        ("head", "kam"),
    ),
    "quotas": Screen("/odoo/key-account-quotas", ROWS_OR_NONE),
    "quota": Screen("/odoo/key-account-quotas/{id}", FORM, QUOTA),
    "quota_records": Screen(
        "/odoo/key-account-quotas/{id}",
        FORM,
        QUOTA,
        ("button[name=action_open_facts]",),
    ),
    "manager_history": Screen("/odoo/key-account-manager-history", ROWS, roles=HEADS),
    "team_history": Screen("/odoo/key-account-team-history", ROWS, roles=HEADS),
    "quota_sheet": Screen(
        "/report/html/kam_management.report_quota/{id}", ".page", QUOTA
    ),
    "quota_planning": Screen(
        "/odoo/action-kam_management.kam_quota_planning_action", DIALOG, roles=HEADS
    ),
    "plan_and_fact": Screen(
        "/odoo/key-account-plan-and-fact", f".o_pivot table, {ROWS}"
    ),
    "plan_and_fact_list": Screen(
        "/odoo/key-account-plan-and-fact?view_type=list", ROWS
    ),
    "decisions": Screen("/odoo/key-account-decisions", ROWS_OR_NONE),
    "decision": Screen(
        "/odoo/key-account-decisions/{id}",
        FORM,
        {"id": ("kam.quota.decision", [], "state desc, id")},
    ),
    "criteria": Screen("/odoo/key-account-criteria", ROWS, roles=HEADS),
    "causes": Screen("/odoo/key-account-causes", ROWS, roles=HEADS),
    "accounts": Screen("/odoo/key-accounts", ".o_kanban_view .o_kanban_record"),
    "account_list": Screen("/odoo/key-accounts?view_type=list", ROWS),
    "account": Screen("/odoo/key-accounts/{id}", FORM, ACCOUNT),
    "account_history": Screen(
        "/odoo/key-accounts/{id}", FORM, ACCOUNT, ("a[name=history]",)
    ),
    "account_communication": Screen(
        "/odoo/key-accounts/{id}", FORM, ACCOUNT, ("a[name=communication]",)
    ),
    "account_settings": Screen(
        "/odoo/key-accounts/{id}", FORM, ACCOUNT, ("a[name=settings]",)
    ),
    "account_sales": Screen(
        "/odoo/key-accounts/{id}", FORM, ACCOUNT, ("[data-kam-fact=health_revenue]",)
    ),
    "account_people": Screen(
        "/odoo/key-accounts/{id}", FORM, ACCOUNT, ("a[name=people]",)
    ),
    "org_chart": Screen(
        "/odoo/key-accounts/{id}",
        FORM,
        ACCOUNT,
        ("a[name=people]", "button[name=action_view_org_chart]"),
    ),
    "quick_touch": Screen(
        "/odoo/key-accounts/{id}",
        FORM,
        ACCOUNT,
        ("button[name=action_log_touch]",),
    ),
    "people": Screen("/odoo/key-account-people", ROWS),
    "dossier": Screen(
        "/odoo/key-account-people/{id}",
        FORM,
        {"id": ("kam.stakeholder", [["attitude", "!=", False]], "influence desc")},
    ),
    "plans": Screen("/odoo/key-account-plans", ".o_kanban_view .o_kanban_record"),
    "plan_list": Screen("/odoo/key-account-plans?view_type=list", ROWS),
    "plan_situation": Screen("/odoo/key-account-plans/{id}", ".o_kam_facts svg", PLAN),
    **{
        f"plan_{page}": Screen(
            "/odoo/key-account-plans/{id}", FORM, PLAN, (f"a[name={page}]",)
        )
        for page in ("needs", "services", "delivery", "evaluation")
    },
    "plan_page": Screen(
        "/report/html/kam_management.report_plan_page/{id}", ".page", PLAN
    ),
    "plan_goals": Screen("/odoo/key-account-plan-goals", ".o_pivot table"),
    "plan_calendar": Screen("/odoo/key-account-plan-calendar", ".o_calendar_view"),
    "account_pivot": Screen("/odoo/key-account-analysis", ".o_pivot table"),
    "account_graph": Screen("/odoo/key-account-analysis?view_type=graph", CHART),
    "funnel": Screen("/odoo/key-account-funnel", ".o_pivot table"),
    "funnel_graph": Screen("/odoo/key-account-funnel?view_type=graph", CHART),
    "transitions": Screen("/odoo/key-account-transitions", ROWS),
    "touches": Screen("/odoo/key-account-touches", ROWS),
    # on a phone Odoo opens the cards first
    "touch_graph": Screen(
        "/odoo/key-account-touches?view_type=graph", f"{CHART}, {ROWS}"
    ),
    "unanswered": Screen("/odoo/key-account-unanswered", ROWS_OR_NONE),
    "reaction": Screen("/odoo/key-account-reaction", ".o_pivot table"),
    "communication": Screen("/odoo/key-account-communication", ROWS_OR_NONE),
    "surveys": Screen("/odoo/key-account-surveys", ROWS_OR_NONE),
    "partner": Screen(
        "/odoo/contacts/{id}",
        FORM,
        {"id": ("res.partner", [["kam_level", "=", "active"]], "id")},
    ),
    "partners": Screen("/odoo/contacts", ROWS),
    "lead": Screen(
        "/odoo/crm/{id}",
        FORM,
        {"id": ("crm.lead", [["kam_account_id", "!=", False]], "id desc")},
    ),
    "order": Screen(
        "/odoo/sales/{id}",
        FORM,
        {"id": ("sale.order", [["state", "=", "sale"]], "date_order desc")},
    ),
    "settings": Screen(
        "/odoo/settings#kam_management", ".o_settings_container", roles=("admin",)
    ),
}


class Photographer:
    """Walks through the screens with one browser and notes what goes wrong."""

    def __init__(self, browser, url, folder):
        self.browser, self.url, self.folder = browser, url, folder
        self.faults, self.taken = [], 0

    def visit(self, role, width, names):
        """Log in as a role at a width and take the pictures of the named screens."""
        columns, rows = WIDTHS[width]
        context = self.browser.new_context(
            viewport={"width": columns, "height": rows},
            is_mobile=width == "phone",
            has_touch=width == "phone",
        )
        self._log_in(context, ROLES[role])
        for name in names:
            self._take(context, role, width, name)
        context.close()

    def _log_in(self, context, login):
        context.set_default_timeout(90_000)  # the first page of all builds the assets
        page = context.new_page()
        page.goto(f"{self.url}/web/login")
        page.fill("input[name=login]", login)
        page.fill("input[name=password]", login)
        page.press("input[name=password]", "Enter")
        page.wait_for_selector(".o_main_navbar")
        # on a phone the robot's greeting lies over everything
        page.wait_for_timeout(3000)
        for button in page.query_selector_all(".o-mail-ChatWindow [title^=Close]"):
            button.click()
        page.close()

    def _take(self, context, role, width, name):
        screen, where = SCREENS[name], f"{name} as {role} at {width} width"
        page, errors = context.new_page(), []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.extend(self._get_fault(message)))
        try:
            self._open(page, screen)
        except (Error, LookupError) as error:
            errors.append(str(error).splitlines()[0])
        if page.query_selector(".o_error_dialog"):
            errors.append(page.inner_text(".o_error_dialog"))
        page.screenshot(
            path=self.folder / f"{name}.{role}.{width}.png", full_page=False
        )
        page.close()
        self.taken += 1
        self.faults += [f"{where}: {error}" for error in errors]
        print(f"    {where}: {'; '.join(errors) or 'ok'}", flush=True)

    def _get_fault(self, message):
        """Return the error a line on the console tells of, as a list of one or none."""
        # paper has no icon of its own, which the browser asks for all the same
        is_icon = message.location.get("url", "").endswith("favicon.ico")
        return [message.text] if message.type == "error" and not is_icon else []

    def _open(self, page, screen):
        path = screen.path
        for key, search in screen.find.items():
            path = path.replace(f"{{{key}}}", str(self._find(page, *search)))
        page.goto(self.url + path)
        page.wait_for_selector(screen.ready)
        for selector in screen.click:
            page.click(selector)
        page.wait_for_selector(".o_loading_indicator", state="detached")
        page.wait_for_timeout(600)  # animations and pictures

    def _find(self, page, model, domain, order):
        """Return the id of the first record the role finds, over Odoo's own API."""
        call = {"model": model, "method": "search", "args": [domain]}
        answer = page.request.post(
            f"{self.url}/web/dataset/call_kw/{model}/search",
            data={"params": {**call, "kwargs": {"order": order, "limit": 1}}},
        ).json()
        if not answer.get("result"):
            raise LookupError(f"no {model} to show, searched {domain}")
        return answer["result"][0]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("browser")
    parser.add_argument("url")
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", metavar="NAME")
    options = parser.parse_args()
    if unknown := set(options.names) - set(SCREENS):
        parser.error(
            f"no such screen: {', '.join(unknown)}; there are {', '.join(SCREENS)}"
        )
    names = options.names or list(SCREENS)
    options.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=options.browser, args=["--no-sandbox", "--disable-gpu"]
        )
        photographer = Photographer(browser, options.url, options.folder)
        for role in ROLES:
            wanted = [name for name in names if role in SCREENS[name].roles]
            for width in WIDTHS if wanted else ():
                photographer.visit(role, width, wanted)
        browser.close()
    for fault in photographer.faults:
        print(f"FAILED {fault}")
    print(
        f"{photographer.taken} pictures in {options.folder}, {len(photographer.faults)} faults"
    )
    return bool(photographer.faults)


if __name__ == "__main__":
    sys.exit(main())
