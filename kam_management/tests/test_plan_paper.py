from datetime import date, timedelta

from lxml import html

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import KamCommon

EDITIONS = ("report_plan", "report_plan_customer", "report_plan_page")
# What is ours alone, each fact told by a word that stands nowhere else.
SECRETS = {
    "situation": "Zitrone",
    "strategy_note": "Zwiebel",
    "strengths": "Ananas",
    "weaknesses": "Banane",
    "opportunities": "Kirsche",
    "threats": "Dattel",
}


@tagged("post_install", "-at_install")
class TestPlanPaper(KamCommon):
    """The plan on paper, in an edition for ourselves and one for the customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls._account()
        cls.account.manager_id = cls.anna
        cls.dossier = cls.env["kam.stakeholder"].create(
            {
                "account_id": cls.account.id,
                "partner_id": cls.env["res.partner"]
                .create({"name": "Eva Erdbeere", "parent_id": cls.customer.id})
                .id,
                "influence": "5",
                "attitude": "opponent",
                "goals": "Feige",
                "interests": "Granatapfel",
            }
        )
        cls.plan = cls._plan()
        cls._fill_lines()
        cls.anna_plan = cls.plan.with_user(cls.anna)

    @classmethod
    def _plan(cls):
        goal = {"unit": "h", "baseline": 1, "target": 2}
        return cls.env["kam.plan"].create(
            {
                "account_id": cls.account.id,
                "strategy": "retain",
                "foreword": "Dear customer",
                "wallet": 987654,
                **SECRETS,
                "member_ids": [
                    Command.create({"user_id": cls.boris.id, "role": "Engineer"})
                ],
                "goal_ids": [
                    Command.create({**goal, "name": "Less noise", "side": "customer"}),
                    Command.create({**goal, "name": "Heidelbeere"}),
                    Command.create({"name": "Holunder", "indicator": "margin"}),
                    Command.create(
                        {"name": "Jasmin", "indicator": "cost", "side": "customer"}
                    ),
                ],
                "stage_ids": [
                    Command.create(
                        {"name": "Visitors", "volume": 40, "help_text": "We train"}
                    )
                ],
            }
        )

    @classmethod
    def _fill_lines(cls):
        categ = cls.env["product.category"].create({"name": "Filters"})
        cls.plan.write(
            {
                "need_ids": [
                    Command.create(
                        {
                            "name": "Dry air",
                            "service": "A dryer on loan",
                            "value": 54321,
                            "value_note": "Kiwi",
                            "stakeholder_id": cls.dossier.id,
                            "revenue": 77777,
                        }
                    ),
                    Command.create({"name": "Limette", "state": "dropped"}),
                ],
                "expectation_ids": [
                    Command.create(
                        {"name": "Four hours", "origin": "promised", "perceived": 1}
                    ),
                    Command.create({"name": "Mandarine", "origin": "expected"}),
                ],
                "barrier_ids": [
                    Command.create({"name": "Melone", "kind": "data", "note": "Mango"})
                ],
            }
        )
        cls.account.mark_white_space(
            categ.id, state="competitor", competitor="Nektarine"
        )
        told, _untold = (
            cls.plan.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=summary,
                user_id=cls.anna.id,
                date_deadline=date.today() + timedelta(days=9),
            )
            for summary in ("Install the dryer", "Olive")
        )
        told.kam_with_customer = True
        cls.env["kam.plan.review"].create(
            {
                "plan_id": cls.plan.id,
                "minutes": "<p>Orange</p>",
                "decisions": "<p>Papaya</p>",
            }
        )

    def _text(self, edition, user=None):
        """Return what is printed, as one line of text."""
        report = self.env["ir.actions.report"].with_user(user or self.anna)
        page, _kind = report._render_qweb_html(
            f"kam_management.{edition}", self.plan.ids
        )
        # markup too: nothing is hidden in attributes either
        self.markup = page.decode()
        return " ".join(html.fromstring(page).text_content().split())

    # Editions

    def test_nothing_internal_is_in_the_edition_of_the_customer(self):
        self._text("report_plan_customer")
        for word in (
            *SECRETS.values(),
            "Erdbeere",
            "Opponent",
            "Feige",
            "Granatapfel",
            "Heidelbeere",
            "Holunder",
            "Jasmin",
            "987",
            "Kiwi",
            "77,777",
            "77777",
            "Limette",
            "Mandarine",
            "Perceived",
            "Melone",
            "Mango",
            "Nektarine",
            "Olive",
            "Orange",
            "Papaya",
            "Influence",
            "Attitude",
            "White space",
            "Overdue",
        ):
            with self.subTest(word=word):
                self.assertNotIn(word, self.markup)

    def test_customer_reads_what_concerns_him(self):
        text = self._text("report_plan_customer")
        for word in (
            "Meyer Machines",
            "Dear customer",
            "Less noise",
            "Dry air",
            "A dryer on loan",
            "54,321",
            "Visitors",
            "We train",
            "Install the dryer",
            "Four hours",
            "Anna",
            "Boris",
            "Engineer",
        ):
            with self.subTest(word=word):
                self.assertIn(word, text if word != "Visitors" else self.markup)

    def test_internal_edition_has_everything(self):
        text = self._text("report_plan")
        for word in (
            *SECRETS.values(),
            "Erdbeere",
            "Opponent",
            "Dry air",
            "Mandarine",
            "Melone",
            "Mango",
            "Nektarine",
            "Olive",
            "Orange",
            "Papaya",
            "not for the customer",
        ):
            with self.subTest(word=word):
                self.assertIn(word, text)
        self.assertIn("Holunder", self.markup)

    def test_personal_facts_are_in_no_edition(self):
        self.env["kam.person.profile"].create(
            {
                "partner_id": self.dossier.partner_id.id,
                "hobbies": "Quitte",
                "purpose": "Rosine",
                "legal_basis": "interest",
                "review_date": date.today() + timedelta(days=99),
            }
        )
        for edition in EDITIONS:
            self._text(edition, self.head)
            self.assertNotIn("Quitte", self.markup)
            self.assertNotIn("Rosine", self.markup)

    def test_page_has_the_essential(self):
        text = self._text("report_plan_page")
        for word in ("Zwiebel", "Dry air", "Erdbeere", "Melone", "Olive", "Nektarine"):
            self.assertIn(word, text)

    def test_customer_without_anything_still_gets_a_letter(self):
        other = self._create_customer("Empty")
        account = self._account(other)
        account.manager_id = self.anna
        self.plan = self.env["kam.plan"].create({"account_id": account.id})
        text = self._text("report_plan_customer")
        self.assertIn("define your goals for this period together with you", text)
        for edition in EDITIONS:
            self.assertTrue(self._text(edition))

    def test_customer_reads_it_in_his_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.customer.lang = "fr_FR"
        values = (
            self.env["report.kam_management.report_plan_customer"]
            .with_user(self.anna)
            ._prepare_document(self.anna_plan)
        )
        self.assertEqual(values["lang"], "fr_FR")

    def test_review_without_the_customer_is_no_common_one(self):
        """They read that they had looked at the plan together with us."""
        Report = self.env["report.kam_management.report_plan_customer"]
        review = self.plan.review_ids
        review.write({"state": "done", "stakeholder_ids": self.dossier.ids})
        self.assertEqual(Report._get_common_reviews(self.plan), [review.date])
        review.stakeholder_ids = False
        self.assertFalse(Report._get_common_reviews(self.plan))

    def test_pages_have_numbers(self):
        Report = self.env["ir.actions.report"]
        for name in ("report_plan_action", "report_plan_customer_action"):
            report = self.env.ref(f"kam_management.{name}")
            printed, _kind = Report._render_qweb_html(
                report, self.plan.ids, {"report_type": "pdf"}
            )
            bodies, ids, _header, footer, _paper = report._prepare_html(
                printed, report_model="kam.plan"
            )
            self.assertEqual(ids, self.plan.ids)
            self.assertIn("topage", footer)
            self.assertNotIn("topage", bodies[0])

    def test_late_review_is_not_proposed(self):
        Report = self.env["report.kam_management.report_plan_customer"]
        self.plan.sudo().state = "running"
        self.plan.review_ids.date = date.today() - timedelta(days=900)
        day = self.plan.next_review_date
        proposed = Report._get_next_review(self.plan)
        self.assertIn(proposed, (False, day))
        self.assertFalse(proposed and proposed < date.today())

    # Rights

    def test_only_who_reads_the_plan_prints_it(self):
        for edition in EDITIONS:
            for user in (
                self._create_user(f"s_{edition}", "kam_management.group_kam_user"),
                self.seller,
            ):
                with self.subTest(edition=edition, user=user.name):
                    with self.assertRaises(AccessError):
                        self._text(edition, user)

    def test_buttons_are_for_who_reads_the_plan(self):
        stranger = self._create_user("stranger", "kam_management.group_kam_user")
        for name in (
            "action_open_page",
            "action_print",
            "action_print_customer",
        ):
            with self.subTest(button=name):
                action = getattr(self.anna_plan, name)()
                self.assertEqual(action["type"], "ir.actions.report")
                with self.assertRaises(AccessError):
                    getattr(self.plan.with_user(stranger), name)()

    # The real thing

    def test_pdf_is_made(self):
        report = self.env["ir.actions.report"].with_user(self.anna)
        report = report.with_context(force_report_rendering=True)
        with self.allow_pdf_render():
            pdf, kind = report._render_qweb_pdf(
                "kam_management.report_plan_customer", self.plan.ids
            )
        self.assertEqual((kind, pdf[:4]), ("pdf", b"%PDF"))

    # Calendar

    def test_calendar_shows_the_actions_of_plans_one_sees(self):
        action = self.anna_plan.action_view_calendar()
        Activity = self.env["mail.activity"]
        mine = Activity.with_user(self.anna).search(action["domain"])
        self.assertEqual(set(mine.mapped("summary")), {"Install the dryer", "Olive"})
        stranger = self._create_user("stranger", "kam_management.group_kam_user")
        self.assertFalse(Activity.with_user(stranger).search(action["domain"]))

    def test_calendar_keeps_what_is_done(self):
        self.plan.action_ids[:1].action_feedback()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "kam_management.kam_plan_calendar_action"
        )
        self.assertIn("'active_test': False", action["context"])
        shown = self.env["mail.activity"].with_context(active_test=False)
        shown = shown.search([("kam_plan_id", "=", self.plan.id)])
        self.assertIn("done", shown.mapped("state"))
