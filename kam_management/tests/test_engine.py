from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.kam_management.models.engine.kam_engine import Step
from odoo.addons.kam_management.models.engine.run import Run

from .common import KamCommon


@tagged("post_install", "-at_install")
class TestEngine(KamCommon):
    """A refresh leaves traces: others see it, react to it, and take part in it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls._account()
        cls._drain()

    def _listen(self):
        """Collect the steps that are handed over, as (customer, from, to)."""
        told = []

        def handle(_accounts, steps):
            told.extend(
                (step.account_id.partner_id, step.from_level, step.to_level)
                for step in steps
            )

        self.startPatcher(
            patch.object(type(self.Account), "_handle_transitions", handle)
        )
        return told

    def test_step_is_handed_over_once(self):
        told = self._listen()
        self._order(fields.Date.today() - timedelta(days=30))
        self._drain()
        self.assertEqual(told, [(self.customer, "potential", "new")])
        self._refresh()
        self._drain()
        self.assertEqual(len(told), 1)

    def test_night_hands_over_who_fell_asleep_since(self):
        order = self._order("2020-05-01")
        self._drain()
        told = self._listen()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE kam_account SET level = 'new' WHERE id = %s", [self.account.id]
        )
        self.env.invalidate_all()
        self._refresh()
        self.assertEqual(told, [(order.partner_id, "new", "dormant")])

    def test_past_of_customers_that_the_night_finds_is_no_news(self):
        told = self._listen()
        partner = self._create_customer("From an Import")
        self._order("2020-05-01", partner=partner)
        self._forget_news()
        self._refresh()
        self.assertEqual(self._account(partner).level, "dormant")
        self.assertEqual(told, [])

    def test_new_customer_whose_order_is_news_is_handed_over(self):
        told = self._listen()
        partner = self._create_customer("Newcomer")
        self._order("2020-05-01", partner=partner)
        self._drain()
        self.assertIn((partner, "new", "dormant"), told)

    def test_look_at_another_day_is_no_news(self):
        self._order("2020-05-01")
        self._drain()
        told = self._listen()
        self._refresh(as_of="2020-05-02")
        self.assertEqual(self.account.level, "new")
        self.assertEqual(told, [])

    def test_level_is_written_by_the_orm_so_that_automations_see_it(self):
        written = []
        write = type(self.Account).write

        def spy(accounts, vals):
            if "level" in vals:
                written.append((accounts.ids, vals["level"]))
            return write(accounts, vals)

        self._touch("2020-05-01")
        with patch.object(type(self.Account), "write", spy):
            self._drain()
        self.assertEqual(written, [(self.account.ids, "engaged")])

    def test_written_account_has_a_new_write_date(self):
        self.env.flush_all()
        query = "UPDATE kam_account SET write_date = '2001-01-01' WHERE id = %s"
        self.env.cr.execute(query, [self.account.id])
        self.env.invalidate_all()
        self._refresh()
        self.assertEqual(self.account.write_date.year, 2001, "nothing has changed")
        self._order("2020-05-01")
        self._drain()
        self.assertNotEqual(self.account.write_date.year, 2001)

    @mute_logger("odoo.addons.kam_management.models.account.kam_engine_tell")
    def test_reaction_that_fails_keeps_nobodys_level_from_being_right(self):
        def fail(accounts, steps):
            accounts.env["kam.account"].search([], limit=1).sales_type = "project"
            raise ValueError("An automation with a fault")

        self._order("2020-05-01")
        with patch.object(type(self.Account), "_handle_transitions", fail):
            self._drain()
        self.assertEqual(self.account.level, "dormant")
        self.assertFalse(self.account.sales_type, "what it did is taken back")
        self.assertEqual(len(self.account.transition_ids), 2)

    def test_reaction_that_fails_for_one_account_is_done_for_the_others(self):
        others = [self._create_customer(f"Other {n}") for n in range(4)]
        told = []

        def fail(_accounts, steps):
            if self.customer in steps.account_id.partner_id:
                raise ValueError("An automation with a fault")
            told.extend(steps.account_id.partner_id)

        for partner in (*others, self.customer):
            self._order(fields.Date.today(), partner=partner)
        with (
            patch.object(type(self.Account), "_handle_transitions", fail),
            self.assertLogs("odoo.addons.kam_management", "ERROR") as logs,
        ):
            self._drain()
        self.assertEqual(self.account.level, "new")
        self.assertCountEqual(told, others)
        self.assertEqual(len(logs.records), 1)
        self.assertIn(f"[{self.account.id}]", logs.output[0])

    def test_reaction_that_fails_for_all_is_not_tried_with_each(self):
        tries = []

        def fail(_accounts, steps):
            tries.append(len(steps))
            raise ValueError("An automation with a fault")

        customers = [self._create_customer(f"Other {n}") for n in range(8)]
        for partner in customers:
            self._order(fields.Date.today(), partner=partner)
        module = "odoo.addons.kam_management.models.account.kam_engine_tell"
        with (
            patch.object(type(self.Account), "_handle_transitions", fail),
            patch(f"{module}.FAULTS", 2),
            mute_logger(module),
        ):
            self._drain()
        self.assertEqual(tries, [8, 4, 2, 1, 1])
        self.assertEqual({self._account(c).level for c in customers}, {"new"})

    def test_room_appends_a_step_and_finds_what_others_found(self):
        Engine = type(self.env["kam.engine"])
        found = []
        get_steps = Engine._get_steps

        def look(_engine, run):
            query = SQL("SELECT purchases FROM %s", run.table("sales"))
            found.extend(run.execute(query).fetchall())

        with (
            patch.object(Engine, "_step_test", look, create=True),
            patch.object(
                Engine,
                "_get_steps",
                lambda engine: [*get_steps(engine), Step(15, "_step_test")],
            ),
        ):
            self._order("2020-05-01")
            self._drain()
        self.assertEqual(found, [(1,)])

    def test_news_that_a_refresh_makes_itself_follow_when_it_is_over(self):
        """Touches of leads were refreshed in its midst, while keys were dropped."""
        customer = self._create_customer("Fresh")
        lead = self.env["crm.lead"].create({"name": "Cold", "type": "opportunity"})
        touch = {"lead_id": lead.id, "date": "2020-01-15 12:00:00"}
        touch = self.env["kam.touch"].create({**touch, "user_id": self.anna.id})
        lead.write({"partner_id": customer.id, "company_id": self.company.id})
        runs, finish = [], Run.finish

        def note(run):
            runs.append(("end", run.scoped))
            finish(run)

        def begin(engine, run):
            runs.append(("begin", run.scoped))
            set_scope(engine, run)

        Engine = type(self.env["kam.engine"])
        set_scope = Engine._set_scope
        with (
            patch.object(Run, "finish", note),
            patch.object(Engine, "_set_scope", begin),
        ):
            self._refresh()
        self.assertEqual(
            runs, [("begin", False), ("end", False), ("begin", True), ("end", True)]
        )
        account = self._account(customer)
        self.assertEqual((touch.account_id, account.level), (account, "engaged"))

    def test_refresh_of_some_leaves_touches_of_others_leads_alone(self):
        customer = self._create_customer("Fresh")
        account = self._account(customer)
        lead = self.env["crm.lead"].create({"name": "Cold", "type": "opportunity"})
        touch = {"lead_id": lead.id, "date": "2020-01-15 12:00:00"}
        touch = self.env["kam.touch"].create({**touch, "user_id": self.anna.id})
        lead.write({"partner_id": customer.id, "company_id": self.company.id})
        self.Account._refresh(self.account)
        self.assertFalse(touch.account_id)
        self.Account._refresh(account)
        self.assertEqual((touch.account_id, account.level), (account, "engaged"))

    def test_runs_within_each_other_keep_their_tables_apart(self):
        engine = self.env["kam.engine"]
        outer = engine._prepare_run()
        engine._step_sales(outer)
        self._refresh()
        outer.execute(SQL("SELECT FROM %s", outer.table("sales")))
        outer.finish()
