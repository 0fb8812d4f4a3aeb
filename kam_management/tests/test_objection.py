from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .stakeholder_common import StakeholderCommon
from .talk_common import TalkCommon


class ObjectionCommon(StakeholderCommon, TalkCommon):
    """A category of objections, and a few words to log some."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.price, cls.trust = cls.env["kam.objection.category"].create(
            [{"name": "Too dear"}, {"name": "Too young"}]
        )
        cls.other = cls._account(cls._create_customer("Other"))
        cls.other.manager_id = cls.boris

    @classmethod
    def _objection(cls, answer="Energy pays it", account=None, user=None, **values):
        return (
            cls.env["kam.objection"]
            .with_user(user or cls.anna)
            .create(
                {
                    "name": "Too dear",
                    "category_id": cls.price.id,
                    "account_id": (account or cls.account).id,
                    "answer": answer,
                    **values,
                }
            )
        )

    @classmethod
    def _lead(cls, **values):
        return cls.env["crm.lead"].create(
            {
                "name": "Air",
                "type": "opportunity",
                "partner_id": cls.customer.id,
                "company_id": cls.company.id,
                "user_id": cls.anna.id,
                **values,
            }
        )


@tagged("post_install", "-at_install")
class TestObjection(ObjectionCommon):
    """Objections are kept with who said them, what was answered, and whether it worked."""

    def test_how_the_person_decides_is_kept(self):
        eva = self._dossier(self.eva, "pays")
        objection = self._objection(partner_id=self.eva.id)
        self.assertEqual(objection.argument_style, "figures")
        self.assertEqual(objection.role_ids, self._role("pays"))
        eva.argument_style = "people"
        self.assertEqual(objection.argument_style, "figures", "as it was")
        self.assertFalse(self._objection(partner_id=self.otto.id).argument_style)

    def test_an_answer_that_worked_is_written_down(self):
        objection = self._objection(answer=False)
        with self.assertRaisesRegex(ValidationError, "enter the answer"):
            objection.action_worked()
        objection.answer = "We show the figures"
        objection.action_worked()
        self.assertEqual(objection.worked, "yes")
        objection.action_not_worked()
        self.assertEqual(objection.worked, "no")

    def test_success_is_of_the_answers_one_knows_of(self):
        objections = self._objection(worked="yes")
        objections += self._objection(worked="no") + self._objection()
        rate = self.env["kam.objection"]._read_group(
            [("id", "in", objections.ids)], ["category_id"], ["success:avg", "__count"]
        )
        self.assertEqual(rate, [(self.price, 50, 3)])

    def test_people_and_deals_are_of_the_customer(self):
        stranger = self.env["res.partner"].create({"name": "Bob"})
        lead = self._lead(partner_id=self.other.partner_id.id)
        for values in ({"partner_id": stranger.id}, {"lead_id": lead.id}):
            with self.assertRaisesRegex(ValidationError, "does not belong"):
                self._objection(user=self.head, **values)

    def test_it_stays_with_the_customer_when_its_deal_is_deleted(self):
        lead = self._lead()
        objection = self._objection(lead_id=lead.id)
        self.assertEqual(lead.with_user(self.anna).kam_objection_count, 1)
        lead.unlink()
        self.assertEqual(objection.exists().account_id, self.account)

    def test_it_goes_along_when_deals_are_merged(self):
        one, two = self._lead(), self._lead()
        objections = self._objection(lead_id=one.id) + self._objection(lead_id=two.id)
        left = (one + two).merge_opportunity(auto_unlink=True)
        self.assertEqual(objections.lead_id, left)

    # Who may see and change it

    def test_it_is_seen_by_the_team_of_the_account(self):
        mine = self._objection()
        Objection = self.env["kam.objection"].with_user(self.boris)
        self.assertFalse(Objection.search([("id", "=", mine.id)]))
        with self.assertRaises(AccessError):
            mine.with_user(self.boris).answer = "No"
        with self.assertRaisesRegex(AccessError, "Ask your head of sales"):
            self._objection(user=self.boris)
        mine.with_user(self.head).answer = "Yes"

    def test_a_member_of_the_team_leaves_it_to_who_handled_it(self):
        self.account.member_ids = self.boris
        mine = self._objection()
        self.assertEqual(mine.with_user(self.boris).name, "Too dear")
        with self.assertRaisesRegex(AccessError, "Ask one of them"):
            mine.with_user(self.boris).name = "Cheap"

    def test_one_of_ones_own_deal_reaches_the_account(self):
        lead = self._lead(user_id=self.boris.id)
        logged = self._objection(user=self.boris, account_id=False, lead_id=lead.id)
        self.assertEqual(logged.sudo().account_id, self.account)


@tagged("post_install", "-at_install")
class TestObjectionAnswers(ObjectionCommon):
    """Answers that worked for such people and products are offered."""

    def _offers(self, **values):
        found = self.env["kam.objection"].with_user(self.anna)
        return [
            (offer["answer"], offer["why"])
            for offer in found._find_answers(self.price, self.company, **values)
        ]

    def test_only_what_worked_for_the_same_is_offered(self):
        self._objection("Energy", self.other, self.boris, worked="yes")
        self._objection("Discount", self.other, self.boris, worked="no")
        self._objection("Open", self.other, self.boris)
        self._objection(
            "Age", self.other, self.boris, worked="yes", category_id=self.trust.id
        )
        self.assertEqual(self._offers(), [("Energy", "")])

    def test_what_fits_person_and_products_comes_first(self):
        air = self.env["product.category"].create({"name": "Air"})
        pays = self._dossier(self.eva, "pays")
        for answer, values in (
            ("Both", {"partner_id": self.eva.id, "product_categ_id": air.id}),
            ("Person", {"partner_id": self.eva.id}),
            ("Product", {"product_categ_id": air.id}),
            ("None", {}),
            ("None", {}),
        ):
            self._objection(answer, worked="yes", **values)
        offers = self._offers(person=pays, products=air)
        self.assertEqual(
            [answer for answer, _why in offers], ["Both", "Person", "Product"]
        )
        self.assertEqual(offers[0][1], "Figures and detail, Pays, Air")

    def test_the_same_answer_is_offered_once(self):
        for _turn in range(2):
            self._objection("Energy", worked="yes")
        self.assertEqual(self._offers(), [("Energy", "")])

    def test_another_company_offers_nothing(self):
        self._objection("Energy", worked="yes")
        company = self._create_company("Second")
        Objection = self.env["kam.objection"]
        self.assertFalse(Objection._find_answers(self.price, company))

    # In the dialog

    def test_the_dialog_offers_and_keeps_it(self):
        self._objection("Energy pays it", self.other, self.boris, worked="yes")
        with self._open(self.account.action_log_touch()) as form:
            form.partner_ids.add(self.eva)
            form.outcome = "objection"
            form.objection = "Costs too much"
            self.assertFalse(form.objection_offers)
            form.objection_category_id = self.price
            [offer] = form.objection_offers
            form.objection_answer = offer["answer"]
            self.assertEqual(form.next_summary, "Answer the objection")
            form.objection_worked = "yes"
            self.assertFalse(form.next_summary)
        form.record.action_save()
        form.record.action_save()  # clicked twice
        self.assertRecordValues(
            self.account.objection_ids,
            [
                {
                    "name": "Costs too much",
                    "kind": "objection",
                    "category_id": self.price.id,
                    "partner_id": self.eva.id,
                    "user_id": self.anna.id,
                    "answer": "Energy pays it",
                    "worked": "yes",
                }
            ],
        )

    def test_a_refusal_is_kept_with_the_deal(self):
        lead = self._lead()
        talk = self._talk(lead_id=lead.id, outcome="refused", objection="No, thanks")
        talk.action_save()
        self.assertRecordValues(
            lead.with_user(self.anna).kam_objection_ids,
            [{"kind": "refusal", "name": "No, thanks", "worked": "open"}],
        )
        self.assertIn("Refusal: No, thanks", talk.touch_id.note)

    def test_what_was_no_objection_leaves_none(self):
        self._talk(outcome="talked", objection="Nothing").action_save()
        self._talk(outcome="refused").action_save()
        self.assertFalse(self.account.objection_ids)

    # On losing

    def _lose(self, lead, user, **values):
        Lost = self.env["crm.lead.lost"].with_user(user)
        Lost.create({"lead_ids": lead.ids, **values}).action_lost_reason_apply()

    def test_losing_keeps_what_they_said(self):
        lead = self._lead()
        self._lose(
            lead,
            self.anna,
            kam_objection_category_id=self.price.id,
            kam_objection_partner_id=self.eva.id,
            kam_objection_answer="A discount",
        )
        self.assertEqual(lead.won_status, "lost")
        self.assertRecordValues(
            self.account.objection_ids,
            [
                {
                    "kind": "refusal",
                    "name": "Too dear",
                    "lead_id": lead.id,
                    "partner_id": self.eva.id,
                    "worked": "no",
                }
            ],
        )

    def test_colleagues_lose_as_ever(self):
        lead = self._lead(user_id=self.seller.id)
        self._lose(lead, self.seller)
        self.assertEqual(lead.won_status, "lost")
        self.assertFalse(self.account.objection_ids)


@tagged("post_install", "-at_install")
class TestObjectionDay(ObjectionCommon):
    """My Day shows the objections that are not answered yet."""

    def test_open_objections_of_the_user_are_reasons(self):
        today = fields.Date.today()
        open_one = self._objection(date=today - timedelta(days=8))
        self._objection(worked="yes")
        self._objection(kind="refusal")
        self._objection(date=today - timedelta(days=61))
        self._objection(account=self.other, user=self.boris)
        found = self.env["kam.cockpit"].with_user(self.anna)._find_objections()
        self.assertEqual([(r.record, r.days) for r in found], [(open_one, 1)])
        self.assertEqual(found[0].text, "Objection is open: Too dear")
