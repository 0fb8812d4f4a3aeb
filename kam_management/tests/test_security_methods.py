from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import AccessError, MissingError
from odoo.tests import HttpCase, JsonRpcException, freeze_time, tagged
from odoo.tools import mute_logger

from .common import KamCommon


@tagged("post_install", "-at_install")
class TestSecurityMethods(KamCommon, HttpCase):
    """What can be called from outside opens nothing its caller may not read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls._account()
        cls.account.manager_id = cls.anna
        cls.order = cls._order("2020-05-01")
        cls.touch = cls._touch("2020-04-01")
        cls._refresh(as_of=date(2020, 6, 1))
        cls.engaged, cls.new = cls.account.transition_ids.sorted("date")

    # Buttons

    def test_buttons_of_an_account_are_for_its_team(self):
        for name in (
            "action_view_orders",
            "action_view_sales",
            "action_view_invoices",
            "action_view_leads",
            "action_view_touches",
            "action_refresh",
        ):
            with self.subTest(button=name):
                getattr(self.account.with_user(self.anna), name)()
                for user in (self.boris, self.seller):
                    with self.assertRaises(AccessError):
                        getattr(self.account.with_user(user), name)()

    def test_buttons_show_the_records_their_user_may_read(self):
        """A smart button leads to the orders, not around the rule on orders."""
        for name, records in (
            ("action_view_orders", self.order),
            ("action_view_touches", self.touch),
        ):
            for user in (self.head, self.anna):
                action = getattr(self.account.with_user(user), name)()
                model = self.env[action["res_model"]].with_user(user)
                self.assertEqual(model.search(action["domain"]), records)
        self._hide_orders_of_colleagues()
        action = self.account.with_user(self.anna).action_view_orders()
        self.assertFalse(self.order.with_user(self.anna).search(action["domain"]))

    def test_context_that_makes_no_sense_finds_nothing(self):
        Record = self.env["kam.measure.record"].with_user(self.anna)
        for figure in ("x", 5, [["a"], 1], ["kam.figure", 1], ["kam.quota.line", "x"]):
            with self.subTest(figure=figure):
                self.assertFalse(Record.with_context(kam_figure=figure).search([]))
        Sale = self.env["kam.sale"].with_user(self.anna)
        for ids in (["x"], [[1]], [None]):
            with self.subTest(ids=ids):
                self.assertFalse(Sale.with_context(kam_account_ids=ids).search([]))
        self.assertEqual(
            self.account.with_user(self.anna).get_silence("no.model", 5), ""
        )

    @freeze_time("2020-06-01 12:00:00")
    def test_sale_opens_for_who_may_read_its_document(self):
        action = self.account.with_user(self.anna).action_view_sales()
        Sale = self.env["kam.sale"].with_context(**action["context"])
        sale = Sale.with_user(self.anna).search(action["domain"])
        self.assertEqual(sale.action_open_record()["res_id"], self.order.id)
        self.assertFalse(Sale.with_user(self.boris).search(action["domain"]))
        self._hide_orders_of_colleagues()
        with self.assertRaises(AccessError):
            sale.action_open_record()

    def test_cause_of_a_step_opens_for_who_may_read_it(self):
        action = self.engaged.with_user(self.anna).action_open_trigger()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("kam.touch", self.touch.id)
        )
        for user in (self.head, self.anna):
            action = self.new.with_user(user).action_open_trigger()
            self.assertEqual(action["res_id"], self.order.id)
        self._hide_orders_of_colleagues()
        with self.assertRaises(AccessError):
            self.new.with_user(self.anna).action_open_trigger()
        with self.assertRaises(AccessError):
            self.engaged.with_user(self.boris).action_open_trigger()

    def test_cause_of_a_step_that_was_deleted_says_so(self):
        self.touch.unlink()
        with self.assertRaisesRegex(MissingError, "deleted"):
            self.engaged.with_user(self.anna).action_open_trigger()

    def test_partner_button_opens_an_account_one_sees(self):
        action = self.customer.with_user(self.anna).action_open_kam_account()
        self.assertEqual(action["res_id"], self.account.id)
        for user in (self.boris, self.seller):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.customer.with_user(user).action_open_kam_account()

    def test_recomputing_all_is_for_who_may_change_settings(self):
        for user in (self.seller, self.anna, self.head):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.env["res.config.settings"].with_user(user).action_kam_refresh()
        admin = self._create_user("admin", "base.group_system")
        self.env["res.config.settings"].with_user(admin).action_kam_refresh()

    # Over the wire

    def test_engine_cannot_be_called_from_outside(self):
        self._log_in(self.head)
        for model, name in (
            ("kam.account", "_refresh"),
            ("kam.engine", "_run"),
            ("kam.account", "_map_for"),
            ("kam.account", "_move_to_partner"),
            ("kam.account.event", "_append"),
            ("kam.account.event", "_process_batch"),
            ("kam.touch", "_capture"),
            ("res.company", "_wake_kam_refresh"),
        ):
            with (
                self.subTest(method=name),
                self.assertRaises(JsonRpcException) as caught,
            ):
                self._call(model, name)
            self.assertIn("AccessError", str(caught.exception))

    def test_public_methods_are_the_buttons_and_nothing_else(self):
        """Each public method is an API: a new one is added here with its test."""
        ours = {
            f"{model}.{name}"
            for model, cls in self.registry.items()
            for base in cls.mro()
            if base.__module__.startswith("odoo.addons.kam_management.")
            for name, value in vars(base).items()
            if callable(value)
            and not name.startswith("_")
            # what extends a method of Odoo's opens nothing new
            and not any(
                name in vars(other)
                for other in cls.mro()
                if not other.__module__.startswith("odoo.addons.kam_management.")
            )
        }
        orm = {"create", "write", "unlink", "copy_data"}
        self.assertEqual(
            {method for method in ours if method.rpartition(".")[2] not in orm},
            {
                "kam.account.action_view_orders",
                "kam.account.action_view_sales",
                "kam.sale.action_open_record",
                "kam.account.action_view_terms",
                "kam.account.action_view_invoices",
                "kam.account.action_view_leads",
                "kam.account.action_view_touches",
                "kam.account.action_refresh",
                "kam.account.action_log_touch",
                "kam.account.action_start_sequence",
                "kam.account.action_ask_survey",
                "kam.account.action_view_surveys",
                # tested in test_loyalty.py
                "kam.account.action_view_answers",
                "kam.answer.action_open_record",
                # tested in test_reference*.py
                "kam.account.action_ask_reference",
                "crm.lead.action_kam_reference",
                "kam.account.action_view_references",
                "kam.reference.action_ask_again",
                "kam.reference.action_decline",
                "kam.reference.action_end",
                "kam.reference.action_give",
                "kam.reference.action_new_lead",
                "kam.reference.action_view_leads",
                "kam.reference.lead.action_apply",
                # tested in test_reactivation.py
                # tested in test_plan_need.py
                "kam.communication.action_done",
                "kam.communication.action_view_missing",
                "kam.communication.action_view_touches",
                "kam.survey.action_send",
                "kam.touch.action_answer",
                "crm.lead.action_kam_log_touch",
                "res.partner.action_kam_log_touch",
                # tested in test_talk*.py
                "kam.talk.action_save",
                "kam.talk.action_save_and_next",
                "kam.talk.get_dialog",
                "mail.activity.action_kam_log_touch",
                "sale.order.action_kam_log_touch",
                "kam.level.transition.action_open_trigger",
                # tested in test_health.py
                "kam.account.action_open_fact",
                # tested in test_account_overview.py
                "kam.account.action_print_briefing",
                # tested in test_tender.py
                "crm.lead.action_kam_tender",
                "kam.tender.action_bid",
                "kam.tender.action_no_bid",
                "kam.tender.action_plan_preparation",
                "kam.tender.action_reopen_bid",
                "kam.tender.action_submit",
                "kam.tender.action_withdraw_submission",
                "kam.tender.participant.action_log_touch",
                # tested in test_proposal*.py
                "kam.proposal.action_open_portal",
                "kam.proposal.action_propose",
                "kam.proposal.action_update_past",
                "sale.order.action_kam_proposal",
                # tested in test_concession*.py
                "kam.concession.approval.action_approve",
                "kam.concession.approval.action_refuse",
                "sale.order.action_kam_concessions",
                "sale.order.action_kam_new_version",
                "sale.order.action_kam_request_approval",
                # tested in test_deal_*.py, test_pilot.py and test_objection.py
                "crm.lead.action_kam_accept_date",
                "crm.lead.action_kam_add_contacts",
                "crm.lead.action_kam_objections",
                "crm.lead.action_kam_plan_steps",
                "crm.lead.action_kam_qualify",
                "kam.account.action_view_objections",
                "kam.concession.request.action_ask",
                "kam.lead.qualify.action_apply",
                "kam.objection.action_not_worked",
                "kam.objection.action_worked",
                "kam.pilot.action_fail",
                "kam.pilot.action_reopen",
                "kam.pilot.action_succeed",
                # tested in test_reactivation.py
                "kam.account.action_reactivate",
                "kam.reactivation.action_lose",
                "kam.reactivation.action_make_lead",
                "kam.reactivation.action_open_fact",
                "kam.reactivation.action_plan_attempts",
                "kam.reactivation.action_reopen",
                "kam.reactivation.action_talk",
                "kam.win.back.report.action_reactivate",
                # tested in test_plan_barrier.py
                "kam.plan.barrier.action_schedule",
                # tested in test_complaint.py
                "kam.account.action_new_complaint",
                "kam.account.action_view_complaints",
                "kam.complaint.action_answer",
                "kam.complaint.action_credit",
                "kam.complaint.action_view_credits",
                "kam.complaint.mail.action_assign",
                "kam.complaint.action_reopen",
                "kam.complaint.action_reply",
                "kam.complaint.action_solve",
                # tested in test_moment.py and test_moment_talk.py
                "kam.account.action_view_moments",
                "kam.moment.action_log_touch",
                "kam.moment.action_send_mail",
                "sale.order.action_kam_moments",
                # tested in test_handover*.py and test_deputy.py
                "crm.lead.action_kam_hand_over",
                "kam.account.action_hand_over",
                "kam.account.action_view_handovers",
                "kam.deputy.action_end",
                "kam.handover.action_ask",
                "kam.handover.action_cancel",
                "kam.handover.action_complete",
                "kam.handover.action_print_briefing",
                "kam.handover.action_undo",
                "kam.handover.action_view_account",
                "kam.handover.new.action_begin",
                # tested in test_quota_facts.py
                "kam.quota.fact.action_open_record",
                "kam.measure.record.action_open_record",
                "kam.record.action_open_record",
                "kam.figure.action_open_facts",
                "kam.plan.goal.action_open_facts",
                "kam.quota.line.action_open_facts",
                # tested in test_plan*.py
                "kam.account.action_new_plan",
                "kam.plan.action_apply_template",
                "kam.plan.action_next_plan",
                "kam.plan.action_open_fact",
                "kam.plan.action_open_page",
                "kam.plan.action_print",
                "kam.plan.action_print_customer",
                "kam.plan.action_view_calendar",
                "kam.plan.new.action_create_plan",
                "kam.account.action_open_plan",
                "kam.plan.action_submit",
                "kam.plan.action_try_submit",
                "kam.plan.action_approve",
                "kam.plan.action_back_to_draft",
                "kam.plan.action_close",
                "kam.plan.action_reopen",
                "kam.plan.action_refresh_goals",
                "kam.plan.action_new_version",
                "kam.plan.action_compare_versions",
                "kam.plan.action_discard_version",
                "kam.plan.action_new_review",
                "kam.plan.new.version.action_apply",
                "kam.plan.review.action_open",
                "kam.plan.review.action_done",
                "kam.plan.review.action_refresh_goals",
                "kam.plan.review.action_ask_satisfaction",
                # tested in test_cockpit_*.py
                "kam.cockpit.get_home",
                "kam.cockpit.set_home",
                "kam.cockpit.get_managers_cards",
                "kam.cockpit.get_managers_key_accounts",
                "kam.cockpit.get_managers_quotas",
                "kam.cockpit.get_managers_work",
                "kam.cockpit.get_my_week",
                "kam.cockpit.get_my_day",
                "kam.cockpit.get_my_quotas",
                "kam.cockpit.get_my_decisions",
                "kam.cockpit.get_portfolio_accounts",
                "kam.cockpit.get_portfolio_concentration",
                "kam.cockpit.get_portfolio_funnel",
                "kam.cockpit.get_portfolio_pareto",
                # tested in test_key_*.py
                "kam.account.action_nominate",
                "kam.account.action_end_nomination",
                "kam.portfolio.alarm.action_acknowledge",
                "kam.account.action_propose",
                "kam.account.action_dismiss",
                "kam.key.decision.action_apply",
                # tested in test_portfolio_months.py and test_what_if.py
                "kam.account.action_view_months",
                "kam.account.get_concentration",
                "kam.account.get_pareto",
                "kam.account.get_what_if",
                # tested in test_stakeholder*.py
                "kam.account.action_view_org_chart",
                "kam.account.action_view_stakeholders",
                "kam.account.get_power_map",
                "kam.account.get_silence",
                "kam.stakeholder.action_add_to_new_account",
                "kam.stakeholder.action_erase_person",
                "kam.stakeholder.action_leave",
                "kam.stakeholder.action_log_touch",
                "kam.stakeholder.action_print_person",
                "kam.stakeholder.action_view_org_chart",
                "kam.stakeholder.departure.action_apply",
                "kam.person.erasure.action_erase",
                "res.partner.action_kam_add_to_dossiers",
                "res.partner.action_kam_erase_person",
                "res.partner.action_kam_print_person",
                "res.config.settings.action_kam_refresh",
                "res.partner.action_open_kam_account",
                # tested in test_stakeholder_contacts.py
                "kam.account.action_add_contacts",
                "kam.account.get_contact_offers",
                "kam.stakeholder.add.action_add",
                # tested in test_new_customer.py
                "kam.customer.new.action_create_customer",
                "kam.customer.new.action_open_known",
                # tested in test_first_steps.py
                "kam.cockpit.dismiss_first_steps",
                "kam.cockpit.get_first_steps",
                "kam.cockpit.open_first_step",
                # tested in test_plan_*.py
                "kam.account.action_take_over_branches",
                "kam.account.get_white_space",
                "kam.account.make_white_space_lead",
                "kam.account.mark_white_space",
                "kam.account.note_white_space_need",
                "kam.need.transfer.action_apply",
                "kam.plan.action_add_communication",
                "kam.plan.action_plan_action",
                "kam.plan.action_plan_meeting",
                "kam.plan.expectation.action_plan_action",
                "kam.plan.need.action_make_lead",
                "kam.plan.need.action_transfer",
                # tested in test_quota_*.py
                "kam.quota.action_back_to_draft",
                "kam.quota.action_close",
                # tested in test_import_quotas.py
                "kam.quota.action_close_past",
                "kam.quota.closing.action_apply",
                "kam.quota.action_measure",
                "kam.quota.action_plan_next",
                "kam.quota.action_reopen",
                "kam.quota.action_run",
                "kam.quota.action_view_decisions",
                "kam.quota.action_view_open_decisions",
                "kam.quota.deciding.action_apply",
                "kam.quota.decision.action_decide",
                "kam.quota.decision.action_decide_many",
                "kam.quota.decision.action_open_line",
                "kam.quota.planning.action_back",
                "kam.quota.planning.action_create_quotas",
                "kam.quota.planning.action_plan",
                "kam.quota.planning.action_preview",
                "kam.quota.planning.action_start_quotas",
                "kam.quota.reopen.action_apply",
            },
        )

    def test_outsider_gets_nothing_over_the_wire(self):
        self._log_in(self.seller)
        for model, name, args in (
            ("kam.account", "search_read", [[]]),
            ("kam.account", "action_refresh", [self.account.ids]),
            ("kam.touch", "create", [{"account_id": self.account.id}]),
            ("kam.funnel.report", "formatted_read_group", [[], ["level"], ["__count"]]),
            ("res.partner", "search_read", [[["kam_level", "=", "new"]], ["name"]]),
        ):
            with self.subTest(model=model, method=name):
                with self.assertRaises(JsonRpcException) as caught:
                    self._call(model, name, *args)
                self.assertIn("AccessError", str(caught.exception))

    def test_manager_works_over_json2_within_his_rights(self):
        key = self._create_key(self.anna)
        [account] = self._post(key, "kam.account", "search_read", fields=["level"])
        self.assertEqual(account, {"id": self.account.id, "level": "new"})
        self._post(
            key,
            "kam.account",
            "write",
            ids=self.account.ids,
            vals={"sales_type": "project"},
        )
        self.assertEqual(self.account.sales_type, "project")
        for vals in ({"level": "active"}, {"manager_id": self.boris.id}):
            answer = self._post(
                key, "kam.account", "write", status=403, ids=self.account.ids, vals=vals
            )
            self.assertEqual(answer["name"], "odoo.exceptions.AccessError")
        self._post(key, "kam.account", "_refresh", status=403)

    def test_stranger_gets_nothing_over_json2(self):
        key = self._create_key(self.boris)
        self.assertEqual(self._post(key, "kam.account", "search_read"), [])
        for model, records in (
            ("kam.account", self.account),
            ("kam.touch", self.touch),
        ):
            for method, values in (
                ("read", {"fields": ["display_name"]}),
                ("write", {"vals": {"active": True}}),
                ("unlink", {}),
            ):
                with self.subTest(model=model, method=method):
                    self._post(
                        key, model, method, status=403, ids=records.ids, **values
                    )

    def _hide_orders_of_colleagues(self):
        """Let salespeople see their own orders alone, as Odoo does without us."""
        self.env.ref("kam_management.sale_order_rule_team").active = False

    def _log_in(self, user):
        self.authenticate(user.login, user.login)

    def _call(self, model, name, *args):
        """Call a method as the web client does."""
        params = {
            "model": model,
            "method": name,
            "args": list(args or [[]]),
            "kwargs": {},
        }
        with mute_logger("odoo.http"):
            return self.make_jsonrpc_request(
                f"/web/dataset/call_kw/{model}/{name}", params
            )

    def _create_key(self, user):
        expiration = fields.Datetime.now() + timedelta(days=1)
        return (
            self.env["res.users.apikeys"]
            .with_user(user)
            ._generate(None, "Test", expiration)
        )

    def _post(self, key, model, method, status=200, **values):
        """Call a method over the external API and return its answer."""
        with mute_logger("odoo.http"):
            answer = self.url_open(
                f"/json/2/{model}/{method}",
                json=values,
                method="POST",
                headers={"Authorization": f"bearer {key}"},
            )
        self.assertEqual(answer.status_code, status, answer.text)
        return answer.json()
