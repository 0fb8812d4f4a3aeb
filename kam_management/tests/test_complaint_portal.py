from unittest.mock import patch

from odoo import Command, http
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, freeze_time, tagged

from .complaint_common import ComplaintCommon

PORTAL = "odoo.addons.kam_management.models.care.kam_complaint_portal"


@tagged("post_install", "-at_install")
class TestComplaintPortal(ComplaintCommon, HttpCase):
    """Customers report in the portal, and see what was reported, agreed and solved."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.email = "info@meyer.example"
        cls.ines = cls._portal_user(
            "ines", cls._person("Ines", email="i@meyer.example")
        )
        cls.rival = cls._create_customer("Rival")
        cls.theirs = cls._account(cls.rival)
        cls.theirs.manager_id = cls.boris
        cls.rita = cls._portal_user("rita", cls.rival)

    @classmethod
    def _portal_user(cls, login, partner):
        return cls.env["res.users"].create(
            {
                "login": f"kam_test_{login}",
                "password": f"kam_test_{login}",
                "partner_id": partner.id,
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
                "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
            }
        )

    def _log_in_portal(self, user):
        self.authenticate(user.login, user.login)

    def _post(self, url, files=None, **values):
        values["csrf_token"] = http.Request.csrf_token(self)
        return self.url_open(url, data=values, files=files)

    def _report(self, **values):
        """Report something as Ines and return the page that follows."""
        self._log_in_portal(self.ines)
        return self._post(
            "/my/complaints/new",
            **{
                "kind": "complaint",
                "name": "The fan is loud",
                "description": "Since Monday",
                "expectation": "Silence",
                **values,
            },
        )

    def _reported(self):
        return self.Complaint.search([("account_id", "=", self.account.id)])

    def _solved(self, **values):
        """Return a complaint of Ines that we have solved."""
        complaint = self._complain(
            is_shared=True,
            partner_id=self.ines.partner_id.id,
            solution="Filter changed",
            **values,
        )
        complaint.action_solve()
        return complaint

    # Rated

    def test_who_reported_it_rates_the_solution(self):
        complaint = self._solved()
        url = f"/my/complaints/{complaint.id}"
        self._log_in_portal(self.ines)
        self.assertIn("o_kam_rate", self.url_open(url).text)
        page = self._post(f"{url}/rate", rate="5", feedback="Quick")
        self.assertEqual((complaint.stage, complaint.satisfaction), ("confirmed", 5))
        self.assertIn("Quick", complaint.message_ids[0].body)
        self.assertEqual(complaint.message_ids[0].author_id, self.ines.partner_id)
        self.assertNotIn("o_kam_rate", page.text)
        self._post(f"{url}/rate", rate="1")
        self.assertEqual(complaint.satisfaction, 5, "rated once")

    def test_who_is_not_satisfied_reopens_it(self):
        complaint = self._solved()
        self._log_in_portal(self.ines)
        self._post(f"/my/complaints/{complaint.id}/rate", rate="1")
        self.assertEqual((complaint.state, complaint.reopen_count), ("open", 1))

    def test_nobody_else_rates_it_nor_by_other_figures(self):
        complaint = self._solved()
        url = f"/my/complaints/{complaint.id}/rate"
        colleague = self._portal_user("otto", self._person("Otto"))
        for user, rate in ((self.ines, "9"), (self.ines, ""), (colleague, "1")):
            self._log_in_portal(user)
            self._post(url, rate=rate)
        self._log_in_portal(self.rita)
        self.assertEqual(self._post(url, rate="1").status_code, 404)
        self.assertEqual((complaint.state, complaint.satisfaction), ("solved", 0))

    # Reported

    def test_report_makes_a_complaint_of_the_customer(self):
        order = self._order("2026-06-01")
        page = self._report(
            order_id=order.id,
            files={"attachments": ("fan.txt", b"68 dB", "text/plain")},
        )
        complaint = self._reported()
        self.assertRecordValues(
            complaint,
            [
                {
                    "name": "The fan is loud",
                    "partner_id": self.ines.partner_id.id,
                    "user_id": self.anna.id,
                    "order_id": order.id,
                    "expectation": "Silence",
                    "is_shared": True,
                    "stage": "new",
                }
            ],
        )
        message = complaint._get_portal_messages()
        self.assertEqual(message.author_id, self.ines.partner_id)
        self.assertIn("Since Monday", str(message.body))
        self.assertEqual(message.attachment_ids.raw, b"68 dB")
        self.assertIn("Received", page.text)
        self.assertIn("Silence", page.text)
        file = self.url_open(
            f"/my/complaints/{complaint.id}/files/{message.attachment_ids.id}"
        )
        self.assertEqual(file.content, b"68 dB")

    def test_what_is_missing_or_of_others_is_refused(self):
        other = self._order("2026-06-01", partner=self.rival)
        for values in (
            {"name": "  "},
            {"description": ""},
            {"kind": "order"},
            {"order_id": other.id},
            {"order_id": "x"},
            {"name": "x" * 201},
        ):
            with self.subTest(values=values):
                page = self._report(**values)
                self.assertIn("alert-danger", page.text)
                self.assertFalse(self._reported())

    def test_nothing_else_can_be_smuggled_in(self):
        self._report(
            user_id=self.head.id,
            account_id=self.theirs.id,
            amount_cost=7,
            state="solved",
        )
        complaint = self._reported()
        self.assertEqual(
            (complaint.user_id, complaint.amount_cost, complaint.state),
            (self.anna, 0, "open"),
        )

    def test_one_person_reports_so_much(self):
        with patch(f"{PORTAL}.MOST_OPEN", 2):
            for _turn in range(3):
                page = self._report()
            self.assertIn("many open complaints", page.text)
            self.assertEqual(len(self._reported()), 2)

    def test_without_manager_the_head_takes_care(self):
        self.account.manager_id = False
        self._report()
        self.assertEqual(self._reported().user_id, self.head)

    def test_manager_who_cannot_open_it_does_not_get_it(self):
        """The customer was told that our manager has no access."""
        group = self.env.ref("kam_management.group_kam_user")
        self.anna.group_ids = [Command.unlink(group.id)]
        page = self._report()
        self.assertNotIn("alert-danger", page.text)
        self.assertEqual(self._reported().user_id, self.head)

    def test_what_nobody_can_open_waits(self):
        self.anna.active = False
        heads = self.account._get_heads(leaver=self.account.accountable_id)
        heads.active = False
        page = self._report(
            files={"attachments": ("noise.txt", b"68 dB", "text/plain")}
        )
        self.assertNotIn("alert-danger", page.text)
        self.assertEqual(page.status_code, 200)
        self.assertFalse(self._reported())
        mail = self.env["kam.complaint.mail"].search(
            [("account_id", "=", self.account.id)]
        )
        self.assertEqual(mail.partner_id, self.ines.partner_id)
        self.assertIn("Since Monday", mail.description)
        heads.active = True
        mail.with_user(self.head).action_assign()
        [message] = self._reported()._get_portal_messages()
        self.assertEqual(message.attachment_ids.raw, b"68 dB")

    # Seen

    def test_others_see_nothing_of_it(self):
        self._report()
        complaint = self._reported()
        message = complaint._get_portal_messages()
        self._log_in_portal(self.rita)
        self.assertNotIn("The fan is loud", self.url_open("/my/complaints").text)
        for path in ("", "/files/1"):
            page = self.url_open(f"/my/complaints/{complaint.id}{path}")
            self.assertEqual(page.status_code, 404)
        self._post(f"/my/complaints/{complaint.id}", message="I read this")
        self.assertEqual(complaint._get_portal_messages(), message)
        for user in (self.ines, self.rita):
            with self.assertRaises(AccessError):
                complaint.with_user(user).read(["name"])
            with self.assertRaises(AccessError):
                self.Complaint.with_user(user).search([])

    def test_colleague_of_the_customer_sees_it_too(self):
        self._report()
        otto = self._portal_user("otto", self._person("Otto"))
        self._log_in_portal(otto)
        self.assertIn("The fan is loud", self.url_open("/my/complaints").text)

    def test_what_we_noted_ourselves_is_seen_once_shared(self):
        complaint = self._complain(name="Loud, as they say", agreement="A silencer")
        self._log_in_portal(self.ines)
        url = f"/my/complaints/{complaint.id}"
        self.assertEqual(self.url_open(url).status_code, 404)
        complaint.is_shared = True
        self.assertIn("A silencer", self.url_open(url).text)

    def test_internal_things_stay_inside(self):
        cause = self.env["kam.complaint.cause"].create({"name": "Cheap bearings"})
        complaint = self._complain(
            is_shared=True,
            partner_id=self.ines.partner_id.id,
            cause_id=cause.id,
            amount_at_stake=76543,
            agreement="A silencer",
            solution="Draft of ours",
        )
        for body, values in (
            ("Secret note", {"subtype_xmlid": "mail.mt_note"}),
            (
                "Among colleagues",
                {
                    "subtype_xmlid": "mail.mt_comment",
                    "partner_ids": self.head.partner_id.ids,
                },
            ),
            (
                "Dear Ines",
                {
                    "subtype_xmlid": "mail.mt_comment",
                    "partner_ids": self.ines.partner_id.ids,
                },
            ),
        ):
            complaint.message_post(body=body, message_type="comment", **values)
        self._log_in_portal(self.ines)
        page = self.url_open(f"/my/complaints/{complaint.id}").text
        self.assertIn("Dear Ines", page)
        self.assertIn("In Progress", page)
        page = page.partition("What We Agreed")[2]
        for secret in ("Secret", "Among", "Cheap", "76,543", "76543", "Draft of ours"):
            self.assertNotIn(secret, page)
        complaint.action_solve()
        page = self.url_open(f"/my/complaints/{complaint.id}").text
        self.assertIn("Draft of ours", page, "now it is the solution")

    def test_home_has_the_card_for_customers_alone(self):
        self._report()
        self._log_in_portal(self.ines)
        self.assertIn("/my/complaints", self.url_open("/my/home").text)
        vendor = self._create_customer("Vendor", supplier_rank=1)
        self.env["kam.account"].search([("partner_id", "=", vendor.id)]).unlink()
        self._log_in_portal(self._portal_user("vera", vendor))
        self.assertNotIn("/my/complaints", self.url_open("/my/home").text)
        self.assertEqual(self.url_open("/my/complaints/new").status_code, 404)

    # Written

    def test_messages_go_both_ways(self):
        self._report()
        complaint = self._reported()
        complaint.with_user(self.anna).message_post(
            body="We come today",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertEqual(complaint.stage, "progress", "who reported it follows it")
        page = self._post(f"/my/complaints/{complaint.id}", message="<b>Thanks</b>")
        self.assertIn("We come today", page.text)
        self.assertIn("&lt;b&gt;Thanks", page.text)
        page = self._post(f"/my/complaints/{complaint.id}", message="  ")
        self.assertIn("Please enter a message", page.text)

    def test_one_person_writes_so_much_a_day(self):
        self._report()
        url = f"/my/complaints/{self._reported().id}"
        with patch(f"{PORTAL}.MOST_MESSAGES", 2):
            self.assertNotIn("a lot today", self._post(url, message="One").text)
            self.assertIn("a lot today", self._post(url, message="Two").text)
        self.assertEqual(len(self._reported()._get_portal_messages()), 2)

    def test_report_is_one_contact_of_the_customer(self):
        with freeze_time("2026-06-15 10:00:01"):
            self._report()
        self.env["kam.touch"]._capture()
        touch = self.env["kam.touch"].search([("account_id", "=", self.account.id)])
        self.assertRecordValues(
            touch, [{"direction": "in", "partner_id": self.ines.partner_id.id}]
        )
