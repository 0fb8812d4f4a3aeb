from odoo.exceptions import AccessError
from odoo.tests import tagged

from .quota_records import quota_records
from .stakeholder_common import StakeholderCommon

PHRASE = "Golden Parachute"


@tagged("post_install", "-at_install")
class TestPersonIntruder(StakeholderCommon):
    """Who erases a person of their own learns and changes nothing of others' records.

    Anna leads Meyer Machines, Boris leads Rival; both may see personal data.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls._create_customer("Rival", company_id=False)
        cls.rival = cls._account(cls.own)
        cls.rival.manager_id = cls.boris
        cls.customer.company_id = False
        for user in cls.anna + cls.boris + cls.head:
            user.group_ids += cls.personal
        cls.bea = cls._person("Bea Bold", parent_id=cls.own.id, company_id=False)
        cls.dossier = cls._dossier(
            cls.bea, account_id=cls.rival.id, user_id=cls.boris.id
        )

    def _complaint(self, account=None, **values):
        account = account or self.account
        return self.env["kam.complaint"].create(
            {"name": "Noise", "account_id": account.id, **values}
        )

    def _get_dialog(self, user, person=None):
        person = (person or self.bea).with_user(user)
        person = person.with_context(allowed_company_ids=user.company_id.ids)
        action = person.action_kam_erase_person()
        return person.env[action["res_model"]].browse(action["res_id"])

    def _get_hidden_texts(self):
        """Return [(record, field)] of texts with the phrase that Boris does not read."""
        decision = quota_records(self.env, self.account)["kam.quota.decision"][0]
        decision.decision = f"Pay the {PHRASE}, 20 percent"
        message = decision.quota_id.message_post(body=f"{PHRASE}: 20 percent")
        shared = self.env["kam.communication"].create(
            {
                "name": f"{PHRASE}, 20 percent",
                "company_id": self.company.id,
                "user_id": self.head.id,
                "target": "chosen",
                "account_ids": (self.account + self.rival).ids,
            }
        )
        complaint = self._complaint(description=f"{PHRASE}, 20 percent")
        touch = self._touch("2020-03-04", summary=f"{PHRASE}, 20 percent")
        return [
            (decision, "decision"),
            (message, "body"),
            (shared, "name"),
            (complaint, "description"),
            (touch, "summary"),
            (complaint.message_post(body=f"{PHRASE} 20"), "body"),
        ]

    def _take_over(self, person):
        """Have Boris move a person to his customer, and keep a dossier."""
        person.with_user(self.boris).parent_id = self.own
        self.env["kam.stakeholder"].with_user(self.boris).create(
            {"partner_id": person.id, "account_id": self.rival.id}
        )

    # Words given to a contact, to be looked for

    def test_word_as_name_or_address_finds_nothing_of_others(self):
        """Any word was counted, and rewritten, in texts that the user may not read."""
        hidden = self._get_hidden_texts()
        before = [record[name] for record, name in hidden]
        shown = []
        for vals in (
            {"name": PHRASE, "email": "20"},
            {"name": "Silver Parachute", "email": "30"},
        ):
            self.bea.with_user(self.boris).write(vals)
            dialog = self._get_dialog(self.boris)
            shown.append(str(dialog.traces_html))
            dialog.action_erase()
        self.assertEqual(*shown)
        self.assertIn("Nothing personal is on record", shown[0])
        self.assertEqual([record[name] for record, name in hidden], before)

    def test_head_of_sales_still_finds_it_where_no_customer_is_meant(self):
        hidden = self._get_hidden_texts()[:3]
        self.bea.name = PHRASE
        html = str(self._get_dialog(self.head).traces_html)
        self.assertIn("Management Decision", html)
        self._erase(self.bea, self.head)
        for record, name in hidden:
            with self.subTest(model=record._name):
                self.assertNotIn(PHRASE, record[name])

    def test_word_that_is_no_address_is_nobodys(self):
        own = self._complaint(
            self.rival, description="20 percent less, x@rival.example"
        )
        self.bea.with_user(self.boris).email = "20"
        self._erase(self.bea, self.boris)
        self.assertEqual(own.description, "20 percent less, x@rival.example")
        self.bea.with_user(self.boris).email = "Bea <X@rival.example>"
        self._erase(self.bea, self.boris)
        self.assertEqual(own.description, "20 percent less, [erased]")

    def test_what_the_head_wrote_into_an_own_account_stays(self):
        nomination = self.env["kam.key.nomination"].create(
            {"account_id": self.rival.id, "reason": f"{PHRASE} of theirs"}
        )
        self.assertTrue(nomination.with_user(self.boris).has_access("read"))
        own = self._complaint(self.rival, description=f"{PHRASE} of theirs")
        self.bea.with_user(self.boris).name = PHRASE
        self._erase(self.bea, self.boris)
        self.assertEqual(nomination.reason, f"{PHRASE} of theirs")
        self.assertEqual(own.description, "[erased] of theirs")
        self._erase(self.bea, self.head)
        self.assertEqual(nomination.reason, "[erased] of theirs")

    # What others keep about the person

    def test_planted_dossier_erases_nothing(self):
        """A person moved for a moment was erased in the records of the real team."""
        paul = self._person("Paul Target", company_id=False)
        touch = self._touch(
            "2020-04-05",
            note="They buy in May",
            summary="Talked with Paul Target",
            partner_ids=paul.ids,
        )
        complaint = self._complaint(name="Paul Target complains", partner_id=paul.id)
        self._take_over(paul)
        paul.with_user(self.boris).parent_id = self.customer
        with self.assertRaisesRegex(AccessError, "Ask your head of sales"):
            self._get_dialog(self.boris, paul)
        with self.assertRaisesRegex(AccessError, "Ask your head of sales"):
            paul.with_user(self.boris).action_kam_print_person()
        paul.with_user(self.boris).parent_id = self.own
        with self.assertRaisesRegex(AccessError, "Ask your head of sales"):
            self._get_dialog(self.boris, paul)
        self.assertEqual(touch.note, "They buy in May")
        self.assertEqual(complaint.name, "Paul Target complains")

    def test_dossier_that_is_archived_erases_nothing(self):
        self.dossier.active = False
        with self.assertRaisesRegex(AccessError, "not in the account team"):
            self._get_dialog(self.boris)
        self.dossier.active = True
        self._erase(self.bea, self.boris)
        self.assertTrue(self.dossier.erased_date)

    def test_whatever_others_keep_about_the_person_is_for_a_head(self):
        """Only dossiers and facts of others counted."""
        plan = self.env["kam.plan"].create(
            {
                "name": "Plan",
                "account_id": self.account.id,
                "user_id": self.anna.id,
                "date_start": "2020-01-01",
                "date_end": "2020-12-31",
            }
        )
        makers = {
            "touch with them": lambda one: self._touch(
                "2020-05-06", partner_ids=one.ids
            ),
            "touch of theirs": lambda one: self._touch("2020-05-07", partner_id=one.id),
            "complaint": lambda one: self._complaint(partner_id=one.id),
            "survey": lambda one: self.env["kam.survey"].create(
                {"account_id": self.account.id, "partner_id": one.id}
            ),
            "dossier": self._dossier,
            "review of the plan": lambda one: self.env["kam.plan.review"].create(
                {"plan_id": plan.id, "stakeholder_ids": self._dossier(one).ids}
            ),
        }
        for kind, make in makers.items():
            with self.subTest(kind=kind):
                person = self._person(f"Eve {kind.title()}", company_id=False)
                make(person)
                self._take_over(person)
                with self.assertRaisesRegex(AccessError, "keep records of this person"):
                    self._get_dialog(self.boris, person)
                self._get_dialog(self.head, person).action_erase()

    def test_touch_of_another_account_on_an_own_lead_is_for_a_head(self):
        """Who may read a touch has no say yet in the account it belongs to."""
        touch = self._touch("2020-05-08", partner_ids=self.bea.ids, note="Tired")
        touch.lead_id = self._lead(user_id=self.boris.id)
        self.assertTrue(touch.with_user(self.boris).has_access("read"))
        with self.assertRaisesRegex(AccessError, "keep records of this person"):
            self._get_dialog(self.boris)

    # Other companies

    def _make_foreign_head(self):
        company = self._create_company("Other Company")
        head = self._create_user(
            "foreign",
            "kam_management.group_kam_manager,kam_management.group_kam_personal",
            company,
        )
        return head

    def test_head_of_another_company_erases_nothing_of_ours(self):
        foreign = self._make_foreign_head()
        profile = self._profile(self.bea)
        self.dossier.goals = "Become director"
        touch = self._touch(
            "2020-06-07", self.own, note="Tired", partner_ids=self.bea.ids
        )
        with self.assertRaisesRegex(AccessError, "keep records of this person"):
            self._get_dialog(foreign)
        self.assertTrue(profile.exists())
        foreign.company_ids += self.company
        self._get_dialog(foreign).action_erase()
        self.assertFalse(profile.exists() or self.dossier.goals or touch.note)

    def test_texts_of_another_company_are_not_searched(self):
        foreign = self._make_foreign_head()
        eve = self._person("Eve Early", company_id=False)
        complaint = self._complaint(description="Eve Early is late")
        html = str(self._get_dialog(foreign, eve).traces_html)
        self.assertIn("Nothing personal is on record", html)
        self._get_dialog(foreign, eve).action_erase()
        self.assertEqual(complaint.description, "Eve Early is late")
        self._erase(eve, self.head)
        self.assertEqual(complaint.description, "[erased] is late")

    def test_deletion_by_privacy_lookup_forgets_what_the_team_could_not(self):
        touch = self._touch("2020-07-08", self.own, summary="Call Bea Bold")
        decision = quota_records(self.env, self.account)["kam.quota.decision"][0]
        decision.decision = "Visit Bea Bold"
        self._erase(self.bea, self.boris)
        self.assertEqual(touch.summary, "Call [erased]")
        self.assertEqual(decision.decision, "Visit Bea Bold")
        self.bea.sudo().unlink()
        self.assertEqual(decision.decision, "Visit [erased]")
