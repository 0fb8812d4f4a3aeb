from odoo import Command
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from .stakeholder_common import StakeholderCommon


@tagged("post_install", "-at_install")
class TestStakeholderHttp(StakeholderCommon, HttpCase):
    """The personal part is closed to calls from outside, and the screens work."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.member_ids = cls.boris
        cls.dossier = cls._dossier("Ada", "decides")
        cls.ada = cls.dossier.partner_id
        cls.profile = cls._profile(cls.ada)
        for user in cls.anna + cls.boris:
            user.password = f"{user.login}-password"
        export = cls.env.ref("base.group_allow_export")
        cls.boris.group_ids = [Command.link(export.id)]

    def _call(self, model, method, *args, **kwargs):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def _log_in(self, user):
        self.authenticate(user.login, f"{user.login}-password")

    @mute_logger("odoo.http")
    def test_calls_without_the_right_are_refused(self):
        self._log_in(self.boris)
        for model, method, args in (
            ("kam.person.profile", "read", [self.profile.ids]),
            ("kam.person.profile", "web_search_read", [[], {"hobbies": {}}]),
            ("kam.person.profile", "name_search", ["Ada"]),
            ("kam.person.profile", "export_data", [self.profile.ids, ["hobbies"]]),
            ("kam.stakeholder", "read", [self.dossier.ids, ["hobbies"]]),
            ("kam.stakeholder", "web_read", [self.dossier.ids, {"family": {}}]),
            ("kam.stakeholder", "export_data", [self.dossier.ids, ["hobbies"]]),
            ("kam.stakeholder", "action_erase_person", [self.dossier.ids]),
            ("res.partner", "action_kam_erase_person", [self.ada.ids]),
            ("res.partner", "action_kam_print_person", [self.ada.ids]),
            ("kam.stakeholder", "_get_profiles", [self.dossier.ids]),
            ("res.partner", "_kam_erase_person", [self.ada.ids]),
        ):
            with (
                self.subTest(model=model, method=method),
                self.assertRaises(JsonRpcException) as caught,
            ):
                self._call(model, method, *args)
            self.assertNotIn("Sailing", str(caught.exception))
        self.assertEqual(self.profile.hobbies, "Sailing")
        self.assertNotIn("hobbies", self._call("kam.stakeholder", "fields_get"))

    @mute_logger("odoo.http", "odoo.addons.web.controllers.report")
    def test_print_out_has_no_address_for_others(self):
        url = f"/report/html/kam_management.report_person/{self.ada.id}"
        self._log_in(self.boris)
        answer = self.url_open(url)
        self.assertNotEqual(answer.status_code, 200)
        self.assertNotIn("Sailing", answer.text)
        self.anna.group_ids += self.personal
        self._log_in(self.anna)
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("Sailing", answer.text)

    def test_dossier_outside_the_ticked_companies_is_closed(self):
        other = self._create_company("Other Company")
        self.env.user.company_ids |= other
        customer = self._create_customer("Elsewhere", company_id=other.id)
        account = self._account(customer, company=other)
        account.manager_id = False
        foreign = self._dossier(
            self._person("Rex", parent_id=customer.id, company_id=other.id),
            account_id=account.id,
            user_id=False,
        )
        self.assertEqual(foreign.company_id, other)
        self.head.company_ids |= other
        Dossier = self.env["kam.stakeholder"].with_user(self.head)
        ours = Dossier.with_context(allowed_company_ids=self.company.ids)
        both = Dossier.with_context(allowed_company_ids=(self.company + other).ids)
        self.assertFalse(ours.search([("id", "=", foreign.id)]))
        self.assertTrue(both.search([("id", "=", foreign.id)]))

    def test_person_is_added_and_dragged_to_where_she_stands(self):
        company = self.env.ref("base.main_company")
        customer = self.env["res.partner"].create(
            {"name": "Tour People", "is_company": True, "company_id": company.id}
        )
        account = self._account(customer, company=company)
        self.start_tour(
            f"/odoo/key-accounts/{account.id}", "kam_people_tour", login="admin"
        )
        tina = account.stakeholder_ids
        self.assertEqual((tina.influence, tina.attitude), ("4", "sponsor"))
        self.assertEqual(tina.partner_id.parent_id, customer)

    def test_person_is_erased_after_a_look_at_what_goes(self):
        company = self.env.ref("base.main_company")
        customer = self.env["res.partner"].create(
            {"name": "Tour Erasure", "is_company": True, "company_id": company.id}
        )
        account = self._account(customer, company=company)
        dossier = self._dossier(
            self._person("Tina Tour", parent_id=customer.id, company_id=company.id),
            account_id=account.id,
            user_id=False,
            goals="Grow",
        )
        self.env["kam.touch"].create(
            {"account_id": account.id, "summary": "Call Tina Tour"}
        )
        self.env.ref("base.user_admin").group_ids += self.personal
        url = f"/odoo/action-kam_management.kam_stakeholder_action/{dossier.id}"
        self.start_tour(url, "kam_person_erasure_tour", login="admin")
        self.assertEqual(account.touch_ids.summary, "Call [erased]")
        self.assertFalse(dossier.goals)
        self.assertFalse(
            self.env["kam.person.erasure"].search_count(
                [("partner_id", "=", dossier.partner_id.id)]
            )
        )
