"""The life of the addon in a database that is in use, for test_install.

Run as a process of its own, because Odoo installs nothing while tests are running:

    python install_story.py DATABASE OPTIONS...

DATABASE is a copy of a database with the addon; OPTIONS are those of Odoo's command
line. The last line it prints is a JSON object with what it found at each station:
before (the addon was installed), installed, removed, and again (installed).
"""

import json
import logging
import sys
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial

from odoo import SUPERUSER_ID, Command, api
from odoo.modules.registry import Registry
from odoo.tests import Form
from odoo.tools import SQL, config
from odoo.tools.safe_eval import safe_eval

ADDON = "kam_management"
# Tables whose rows say what is installed; after the removal each has the rows it had.
REGISTERS = (
    "ir_act_report_xml",
    "ir_act_server",
    "ir_act_window",
    "ir_actions",
    "ir_asset",
    "ir_cron",
    "ir_default",
    "ir_exports",
    "ir_exports_line",
    "ir_filters",
    "ir_model",
    "ir_model_access",
    "ir_model_constraint",
    "ir_model_data",
    "ir_model_fields",
    "ir_model_fields_selection",
    "ir_model_inherit",
    "ir_model_relation",
    "ir_rule",
    "ir_ui_menu",
    "ir_ui_view",
    "mail_activity_plan",
    "mail_activity_plan_template",
    "mail_activity_type",
    "mail_message_subtype",
    "mail_template",
    "res_groups",
    "res_groups_privilege",
    "web_tour_tour",
)
# Tables with the work of the users, none of which is lost.
WORK = ("crm_lead", "mail_message", "res_partner", "sale_order", "sale_order_line")
# What is ours begins with this, in names of models, fields, tables, parameters ...
OURS = r"\mkam[._]"


class Story:
    """One database, and what was found in it."""

    def __init__(self, database):
        self.database = database
        self.found = {}
        self.complaints = []
        self.ids = {}

    def tell(self):
        with self.watch("first removal"):
            self.operate("uninstall")
        with self.transaction() as env:
            # our demo data is no part of this story
            env.cr.execute("UPDATE ir_module_module SET demo = FALSE")
            self.do_business(env)
        self.found["before"] = self.take_stock()
        with self.watch("installation"):
            self.operate("install")
        self.found["installed"] = self.look_at_customer()
        with self.transaction() as env:
            self.work_with_addon(env)
        with self.watch("removal"):
            self.operate("uninstall")
        self.found["removed"] = self.take_stock() | {"screens": self.open_screens()}
        with self.watch("second installation"):
            self.operate("install")
        self.found["again"] = self.look_at_customer()
        self.found["complaints"] = self.complaints

    @contextmanager
    def transaction(self):
        with Registry(self.database).cursor() as cr:
            # nobody gets a mail
            context = {
                "mail_notify_force_send": False,
                "mail_activity_quick_update": True,
            }
            yield api.Environment(cr, SUPERUSER_ID, context)

    @contextmanager
    def watch(self, station):
        """Collect the warnings and errors that are logged at a station."""
        handler = logging.Handler(logging.WARNING)
        handler.emit = lambda record: self.complaints.append(
            f"{station}: {record.name}: {record.getMessage()}"
        )
        logging.getLogger().addHandler(handler)
        try:
            yield
        finally:
            logging.getLogger().removeHandler(handler)

    def operate(self, operation):
        with self.transaction() as env:
            module = env["ir.module.module"].search([("name", "=", ADDON)])
            getattr(module, f"button_immediate_{operation}")()

    # Before the addon came

    def do_business(self, env):
        """Two years with a customer: mailed, bought, silent for a window, bought."""
        company = env.ref("base.main_company")
        customer = env["res.partner"].create(
            {"name": "Old Customer", "is_company": True, "company_id": company.id}
        )
        contact = env["res.partner"].create(
            {"name": "Old Contact", "parent_id": customer.id, "company_id": company.id}
        )
        env["mail.message"].create(
            {
                "model": "res.partner",
                "res_id": contact.id,
                "author_id": contact.id,
                "message_type": "email",
                "subtype_id": env.ref("mail.mt_comment").id,
                "subject": "Price list",
                "date": self.days_ago(800),
            }
        )
        product = env["product.product"].create(
            {"name": "Old Product", "type": "service"}
        )
        lead = env["crm.lead"].create(
            {
                "name": "Old Lead",
                "type": "opportunity",
                "partner_id": contact.id,
                "company_id": company.id,
            }
        )
        orders = env["sale.order"]
        for partner, days in ((customer, 700), (contact, 30)):
            line = {"product_id": product.id, "price_unit": 100}
            order = orders.create(
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "order_line": [Command.create(line)],
                }
            )
            order.action_confirm()
            order.date_order = self.days_ago(days)
            orders |= order
        plan = env["mail.activity.plan"].create(
            {"name": "Own Plan", "res_model": "crm.lead"}
        )
        env["mail.activity.plan.template"].create(
            {"plan_id": plan.id, "summary": "Write"}
        )
        env["ir.attachment"].create(
            {"name": "Map", "res_model": "res.partner", "res_id": customer.id}
        )
        env["ir.exports"].create(
            {
                "name": "Customers",
                "resource": "res.partner",
                "export_fields": [Command.create({"name": "id"})],
            }
        )
        env["ir.filters"].create(
            {
                "name": "From here",
                "model_id": "res.partner",
                "domain": "[('id', '>', 1), ('display_name', 'like', 'Kampala')]",
            }
        )
        self.ids = {
            "company": company.id,
            "customer": customer.id,
            "product": product.id,
            "lead": lead.id,
            "orders": orders.ids,
        }

    def days_ago(self, days):
        return datetime.now() - timedelta(days=days)

    # While it is there

    def look_at_customer(self):
        """Return what the addon made of the past, as the database has it."""
        with self.transaction() as env:
            account = env["kam.account"].search(
                [("partner_id", "=", self.ids["customer"])]
            )
            env.cr.execute(
                "SELECT kam_account_id FROM crm_lead WHERE id = %s", [self.ids["lead"]]
            )
            [lead_account] = env.cr.fetchone()
            env.cr.execute(
                "SELECT count(*) FROM sale_order"
                " WHERE kam_commercial_partner_id IS NULL"
            )
            [unknown] = env.cr.fetchone()
            return {
                "accounts": len(account),
                "level": account.level,
                "log": account.transition_ids.sorted("date").mapped("to_level"),
                "purchases": account.purchase_count,
                "touches": account.touch_ids.mapped("summary"),
                "lead is linked": lead_account == account.id,
                "orders without customer": unknown,
            }

    def work_with_addon(self, env):
        """Leave behind all that people leave behind who use an addon for a while."""
        account = env["kam.account"].search([("partner_id", "=", self.ids["customer"])])
        user = env.ref("base.user_admin")
        account.manager_id = account.member_ids = user
        account.message_post(body="They want a better price")
        account.message_subscribe(user.partner_id.ids)
        account.activity_schedule("mail.mail_activity_data_todo", user_id=user.id)
        self.remember_birthday(env, account)
        letter = env.ref(f"{ADDON}.mail_activity_type_letter")
        contact = env["res.partner"].search([("name", "=", "Old Contact")])
        for done in (False, True):
            planned = contact.activity_schedule(
                activity_type_id=letter.id, user_id=user.id
            )
            planned.active = not done
        env["mail.activity.plan.template"].search(
            [("plan_id.name", "=", "Own Plan")]
        ).activity_type_id = letter
        env["ir.attachment"].create(
            {"name": "Offer", "res_model": account._name, "res_id": account.id}
        )
        env["kam.touch"].create({"account_id": account.id, "summary": "Called"})
        env["kam.account.event"]._append([(account.company_id, account.partner_id)])
        user.action_id = env.ref(f"{ADDON}.kam_account_action").id
        self.customise(env, env["ir.model"]._get("kam.account"))
        for model, domain in (
            ("kam.account", "[('level', '=', 'new')]"),
            ("res.partner", "[('kam_level', '=', 'new')]"),
            ("crm.lead", "[('kam_account_id.level', '=', 'new')]"),
            ("sale.order", "[('partner_id.is_key_account', '=', True)]"),
        ):
            env["ir.filters"].create(
                {
                    "name": "Old Filter",
                    "model_id": model,
                    "domain": domain,
                    "is_default": True,
                    "user_ids": user.ids,
                }
            )
        env["ir.filters"].create(
            {
                "name": "Old Grouping",
                "model_id": "crm.lead",
                "context": "{'group_by': ['kam_level']}",
            }
        )

    def remember_birthday(self, env, account):
        """Have somebody reminded of a birthday, and of reviewing what he knows."""
        contact = env["res.partner"].search([("name", "=", "Old Contact")])
        soon = datetime.now().date() + timedelta(days=2)
        dossier = env["kam.stakeholder"].create(
            {
                "partner_id": contact.id,
                "account_id": account.id,
                "purpose": "Congratulate",
                "legal_basis": "consent",
                "review_date": soon,
                "remembered_date_ids": [
                    Command.create({"day": soon.day, "month": str(soon.month)})
                ],
            }
        )
        dossier.remembered_date_ids._remind()
        env["kam.person.profile"].search([])._remind()

    def customise(self, env, model):
        """Add what an administrator adds to a model without programming."""
        env["ir.default"].set("kam.touch", "channel", "meeting")
        env["ir.exports"].search([("name", "=", "Customers")]).export_fields = [
            Command.create({"name": "kam_level"}),
            Command.create({"name": "kam_account_id/level"}),
        ]
        env["ir.exports"].create(
            {
                "name": "Accounts",
                "resource": model.model,
                "export_fields": [Command.create({"name": "level"})],
            }
        )
        env["ir.actions.server"].create(
            {
                "name": "Old Action",
                "model_id": model.id,
                "state": "code",
                "code": "pass",
            }
        )
        env["mail.template"].create({"name": "Old Template", "model_id": model.id})
        plan = env["mail.activity.plan"].create(
            {"name": "Old Plan", "res_model": model.model}
        )
        env["mail.activity.plan.template"].create(
            {
                "plan_id": plan.id,
                "summary": "Call",
                "activity_type_id": env.ref("mail.mail_activity_data_todo").id,
            }
        )
        env["mail.activity.type"].create({"name": "Old Type", "res_model": model.model})

    # Taking stock

    def take_stock(self):
        """Return schema, registers, work, and the rows that name something of ours."""
        with self.transaction() as env:
            return {
                "schema": self.get_schema(env),
                "registers": {
                    table: self.get_ids(env, table)
                    for table in REGISTERS
                    if self.exists(env, table)
                },
                "parameters": env["ir.config_parameter"].search([]).mapped("key"),
                "work": {table: self.get_ids(env, table) for table in WORK}
                | {"attachments": self.get_attachments(env).ids},
                "traces": self.get_traces(env),
            }

    def exists(self, env, table):
        env.cr.execute("SELECT to_regclass(%s)", [table])
        return env.cr.fetchone()[0]

    def get_ids(self, env, table):
        rows = env.execute_query(
            SQL("SELECT id FROM %s ORDER BY id", SQL.identifier(table))
        )
        return [row_id for (row_id,) in rows]

    def get_attachments(self, env):
        models = [table.replace("_", ".") for table in WORK]
        return env["ir.attachment"].search([("res_model", "in", models)])

    def get_schema(self, env):
        """Return every column, index, constraint and sequence, one line each."""
        env.cr.execute(
            """
            SELECT concat_ws(' ', table_name, column_name, udt_name, is_nullable)
              FROM information_schema.columns WHERE table_schema = 'public'
            UNION SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
            UNION SELECT concat_ws(' ', conrelid::regclass, conname,
                                   pg_get_constraintdef(oid))
              FROM pg_constraint WHERE connamespace = 'public'::regnamespace
            UNION SELECT concat_ws(' ', relkind, relname) FROM pg_class
             WHERE relnamespace = 'public'::regnamespace
            ORDER BY 1
            """
        )
        return [line for (line,) in env.cr.fetchall()]

    def get_traces(self, env):
        """Return the rows of any table that mention something of ours, as text."""
        env.cr.execute(
            """
            SELECT relname FROM pg_class
             WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
               -- Odoo's list of modules, and messages to browsers that live for a day
               AND relname NOT IN ('ir_module_module', 'ir_attachment', 'bus_bus')
             ORDER BY 1
            """
        )
        traces = []
        for (table,) in env.cr.fetchall():
            rows = env.execute_query(
                SQL(
                    "SELECT row::text FROM %s row WHERE row::text ~ %s LIMIT 5",
                    SQL.identifier(table),
                    OURS,
                )
            )
            traces += [f"{table}: {row[:200]}" for (row,) in rows]
        attachments = env["ir.attachment"].search(
            ["|", ("res_model", "=like", "kam.%"), ("url", "like", "kam")]
        )
        paths = env["ir.asset"]._get_asset_paths("web.assets_backend", {})
        return [
            *traces,
            *(f"ir_attachment: {attachment.name}" for attachment in attachments),
            *(f"asset: {path}" for path, *_rest in paths if ADDON in path),
        ]

    def open_screens(self):
        """Open what people work with, and go on working; return {what: how it went}."""
        with self.transaction() as env:
            env = env(user=env.ref("base.user_admin"))
            customer = env["res.partner"].browse(self.ids["customer"])
            lead = env["crm.lead"].browse(self.ids["lead"])
            order = env["sale.order"].browse(self.ids["orders"][0])
            activity_type = env.ref("mail.mail_activity_data_call")
            attempts = {
                f"{model} in lists": partial(self.open_lists, env[model])
                for model in ("res.partner", "crm.lead", "sale.order", "account.move")
            }
            for record in (customer, lead, order, activity_type, env.company):
                attempts[f"{record._name} in a form"] = Form(record).save
            attempts["plans"] = env["mail.activity.plan"].search([]).read
            attempts["home action"] = env.user.action_id.read
            attempts["new order"] = order.copy().action_confirm
            attempts["won lead"] = lead.action_set_won
            screens = {
                what: self.attempt(env, open_) for what, open_ in attempts.items()
            }
            env.cr.rollback()
        return screens

    def attempt(self, env, function):
        try:
            with env.cr.savepoint():
                function()
        except Exception as error:
            return repr(error)
        return "fine"

    def open_lists(self, model):
        """Open the views of many records, with each saved filter."""
        views = [(False, "list"), (False, "kanban"), (False, "search")]
        loaded = model.get_views(views, {"load_filters": True})
        for saved in loaded["views"]["search"]["filters"]:
            words = {"uid": model.env.uid}
            model.search(safe_eval(saved["domain"], words))
            groupby = safe_eval(saved["context"], words).get("group_by", [])
            model.formatted_read_group([], groupby[:1], ["__count"])


if __name__ == "__main__":
    database, *options = sys.argv[1:]
    config.parse_config(
        ["--database", database, "--no-http", *options], setup_logging=True
    )
    story = Story(database)
    story.tell()
    sys.stdout.write(json.dumps(story.found))
