from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .stakeholder_common import StakeholderCommon

TODAY = "2026-01-12"


class TenderCommon(StakeholderCommon):
    """A deal of anna's that answers a call for bids, and a sequence of three steps."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(f"{TODAY} 10:00:00"))
        cls.plan = cls.env["mail.activity.plan"].create(
            {
                "name": "Preparation",
                "res_model": "crm.lead",
                "company_id": cls.company.id,
                "template_ids": [
                    Command.create(
                        {
                            "summary": summary,
                            "responsible_type": role,
                            "delay_count": months,
                            "delay_unit": "months",
                        }
                    )
                    for summary, role, months in (
                        ("Meet who decides", "kam_manager", 9),
                        ("Bid or no bid", "kam_accountable", 5),
                        ("Hand in", "kam_manager", 0),
                    )
                ],
            }
        )
        cls.company.kam_tender_plan_id = cls.plan
        cls.account.manager_id = cls.anna
        cls.account.accountable_id = cls.head
        cls.lead = cls._deal()

    @classmethod
    def _deal(cls, **values):
        return cls.env["crm.lead"].create(
            {
                "name": "Air for the new plant",
                "type": "opportunity",
                "partner_id": cls.account.partner_id.id,
                "company_id": cls.company.id,
                "user_id": cls.anna.id,
                **values,
            }
        )

    @classmethod
    def _tender(cls, submission="2026-12-12", user=None, **values):
        return (
            cls.env["kam.tender"]
            .with_user(user or cls.anna)
            .create({"lead_id": cls.lead.id, "date_submission": submission, **values})
        )

    @classmethod
    def _milestones(cls, tender):
        activities = tender.sudo().with_context(active_test=False).milestone_ids
        return activities.sorted("kam_tender_days", reverse=True)

    def _days(self, tender):
        return [str(day) for day in self._milestones(tender).mapped("date_deadline")]


@tagged("post_install", "-at_install")
class TestTender(TenderCommon):
    """A tender is prepared from its last day backwards."""

    def test_it_takes_over_the_deal(self):
        tender = self._tender()
        self.assertEqual(tender.name, "Air for the new plant")
        self.assertEqual(tender.company_id, self.company)
        self.assertEqual(tender.account_id, self.account)
        self.assertEqual(tender.plan_id, self.plan)
        self.assertEqual(tender.state, "preparing")

    def test_milestones_are_planned_back_from_the_submission(self):
        tender = self._tender()
        tender.action_plan_preparation()
        # two of them fall on weekends
        self.assertEqual(self._days(tender), ["2026-03-12", "2026-07-10", "2026-12-11"])
        milestones = self._milestones(tender)
        self.assertEqual(
            milestones.user_id.mapped("login"),
            [self.anna.login, self.head.login],
        )
        self.assertEqual(set(milestones.mapped("res_model")), {"crm.lead"})
        self.assertEqual(tender.milestone_count, 3)

    def test_where_time_is_short_milestones_lie_closer_together(self):
        tender = self._tender("2026-04-12")  # in 90 days, of the 274 it takes
        self.assertIn("It is late", tender.hint)
        self.assertIn("Meet who decides", tender.hint)
        tender.action_plan_preparation()
        self.assertEqual(self._days(tender), [TODAY, "2026-02-20", "2026-04-10"])
        self.assertIn("It is late", tender.hint)
        # there is time after all
        tender.date_submission = "2026-12-12"
        self.assertEqual(self._days(tender), ["2026-03-13", "2026-07-14", "2026-12-11"])
        self.assertFalse(tender.hint)

    def test_on_a_weekend_the_first_milestone_is_the_next_working_day(self):
        with freeze_time("2026-01-10 10:00:00"):
            tender = self._tender("2026-01-14")
            tender.action_plan_preparation()
            self.assertEqual(self._days(tender)[0], "2026-01-12")

    def test_enough_time_needs_no_words(self):
        self.assertFalse(self._tender("2026-12-12").hint)

    def test_late_milestones_are_said(self):
        tender = self._tender("2026-12-12")
        tender.action_plan_preparation()
        with freeze_time("2026-03-20 10:00:00"):
            tender.invalidate_recordset()
            self.assertEqual(tender.late_count, 1)
            self.assertIn("Meet who decides", tender.hint)

    def test_open_milestones_move_with_the_submission(self):
        tender = self._tender()
        tender.action_plan_preparation()
        self._milestones(tender)[0].action_feedback()
        tender.date_submission = "2027-01-11"  # 30 days later
        self.assertEqual(self._days(tender), ["2026-03-12", "2026-08-11", "2027-01-11"])
        # nearer than the preparation takes, and back again: the distance is kept
        tender.date_submission = "2026-02-11"
        self.assertEqual(self._days(tender)[1:], [TODAY, "2026-02-11"])
        tender.date_submission = "2026-12-12"
        self.assertEqual(self._days(tender)[1:], ["2026-07-10", "2026-12-11"])

    def test_what_somebody_planned_anew_keeps_its_new_distance(self):
        tender = self._tender()
        tender.action_plan_preparation()
        first = self._milestones(tender)[0]
        first.with_user(self.anna).date_deadline = "2026-04-12"
        tender.date_submission = "2026-12-22"
        self.assertEqual(first.date_deadline, date(2026, 4, 22))

    def test_owners_are_told_that_it_has_moved(self):
        tender = self._tender()
        tender.action_plan_preparation()
        tender.date_submission = "2027-01-11"
        message = self.lead.message_ids[0]
        self.assertIn("Jan 11, 2027", message.body)
        self.assertEqual(message.notified_partner_ids, self.head.partner_id)

    def test_an_owner_who_has_left_is_replaced(self):
        self.account.accountable_id = False
        tender = self._tender()
        self.anna.active = True
        tender.action_plan_preparation()
        self.assertEqual(self._milestones(tender).user_id, self.anna)

    def test_preparation_is_planned_once(self):
        tender = self._tender()
        tender.action_plan_preparation()
        with self.assertRaisesRegex(UserError, "planned already"):
            tender.action_plan_preparation()

    def test_a_day_in_the_past_is_refused_for_planning(self):
        tender = self._tender("2026-01-11")
        with self.assertRaisesRegex(UserError, "has passed"):
            tender.action_plan_preparation()
        self.assertIn("has passed", tender.hint)

    def test_a_lead_is_no_opportunity_yet(self):
        lead = self._deal(type="lead")
        with self.assertRaisesRegex(ValidationError, "Convert it"):
            self._tender(lead_id=lead.id)

    # The end

    def test_missing_documents_hold_the_submission(self):
        tender = self._tender(
            document_ids=[
                Command.create({"name": "Bid form"}),
                Command.create({"name": "Brochure", "is_required": False}),
            ]
        )
        with self.assertRaisesRegex(UserError, "Bid form"):
            tender.action_submit()
        tender.document_ids[0].is_ready = True
        tender.action_submit()
        self.assertEqual(tender.state, "submitted")
        self.assertEqual(tender.date_submitted, date(2026, 1, 12))

    def test_submission_ends_the_preparation(self):
        tender = self._tender()
        tender.action_plan_preparation()
        tender.action_submit()
        self.assertFalse(self._milestones(tender))
        self.assertIn("Hand in", self.lead.message_ids[0].body)

    def test_the_deal_decides(self):
        tender = self._tender()
        self.lead.action_set_won()
        self.assertEqual(tender.state, "won")
        with self.assertRaisesRegex(UserError, "Restore"):
            tender.action_submit()

    def test_a_deal_that_is_won_calls_its_preparation_off(self):
        tender = self._tender()
        tender.action_plan_preparation()
        self._milestones(tender)[0].action_feedback()
        self.lead.action_set_won()
        self.assertEqual(
            self._milestones(tender).mapped("summary"), ["Meet who decides"]
        )
        logs = " ".join(self.lead.message_ids.mapped("body"))
        self.assertIn("The deal was won. Called off: Bid or no bid, Hand in", logs)

    def test_a_lost_deal_says_what_was_called_off_and_can_be_planned_anew(self):
        tender = self._tender()
        tender.action_plan_preparation()
        self.lead.with_user(self.anna).action_set_lost()
        self.assertFalse(self._milestones(tender))
        logs = " ".join(self.lead.message_ids.mapped("body"))
        self.assertIn("The deal was lost. Called off: Meet who decides", logs)
        self.lead.action_unarchive()
        tender.action_plan_preparation()
        self.assertEqual(tender.milestone_count, 3)

    def test_stakeholders_are_proposed_as_participants(self):
        person = self._dossier("Paula")
        form = Form(
            self.env["kam.tender"]
            .with_user(self.anna)
            .with_context(default_lead_id=self.lead.id)
        )
        form.date_submission = "2026-12-12"
        tender = form.save()
        self.assertEqual(tender.participant_ids.partner_id, person.partner_id)
        self.assertEqual(tender.participant_ids.kind, "customer")

    def test_the_head_decides_on_my_day(self):
        tender = self._tender()
        tender.action_plan_preparation()
        kind = self.env.ref("kam_management.mail_activity_type_bid")
        reminder = self._milestones(tender)[1]
        reminder.activity_type_id = kind
        cockpit = self.env["kam.cockpit"].with_user(self.head)

        def find():
            rows = cockpit.get_my_decisions()["rows"]
            return [row["id"] for row in rows if row["model"] == tender._name]

        self.assertEqual(find(), tender.ids)
        self.assertTrue(reminder.with_user(self.head).kam_has_card)
        self.assertFalse(reminder.with_user(self.anna).kam_has_card)
        tender.bid_reason = "We know them"
        tender.with_user(self.head).action_bid()
        self.assertFalse(find())

    def test_lost_and_reopened(self):
        tender = self._tender()
        self.lead.action_set_lost()
        self.assertEqual(tender.state, "lost")
        self.lead.action_unarchive()
        self.assertEqual(tender.state, "preparing")

    def test_early_preparation_is_compared(self):
        for submission, head_start in (
            ("2026-10-12", "9"),
            ("2026-10-11", "6"),
            ("2026-04-12", "3"),
            ("2026-02-12", "1"),
            ("2026-02-11", "0"),
        ):
            with self.subTest(submission=submission):
                tender = self._tender(submission)
                self.assertFalse(tender.head_start, "nothing is planned")
                tender.action_plan_preparation()
                self.assertEqual(tender.head_start, head_start)

    def test_planned_again_it_began_when_it_was_planned_first(self):
        tender = self._tender(bid_reason="Odds")
        tender.action_plan_preparation()
        self._milestones(tender)[0].action_feedback()
        with freeze_time("2026-05-01 10:00:00"):
            tender.action_submit()
            tender.action_withdraw_submission()
            tender.action_plan_preparation()
        self.assertEqual(tender.date_begun, date(2026, 1, 12))
        done, *others = self._milestones(tender)
        self.assertFalse(done.active)
        self.assertEqual([one.summary for one in others], ["Bid or no bid", "Hand in"])

    def test_success_rate_is_of_those_decided(self):
        won, lost, open_one = (
            self._tender(lead_id=self._deal().id) for _turn in range(3)
        )
        won.lead_id.action_set_won()
        lost.lead_id.action_set_lost()
        tenders = won + lost + open_one
        ours = [("id", "in", tenders.ids)]
        Tender = self.env["kam.tender"].with_user(self.head)
        self.assertEqual(Tender._read_group(ours, [], ["success:avg"]), [(50,)])
        groups = dict(Tender._read_group(ours, ["state"], ["__count"]))
        self.assertEqual(groups, {"won": 1, "lost": 1, "preparing": 1})
        for tender in tenders:
            found = Tender.search([*ours, ("state", "=", tender.state)])
            self.assertEqual(found, tender)

    # Bid or no bid

    def test_only_the_head_decides_to_bid(self):
        tender = self._tender(bid_reason="We know the plant")
        with self.assertRaises(AccessError):
            tender.action_bid()
        tender.with_user(self.head).action_bid()
        self.assertEqual(tender.bid, "yes")
        self.assertEqual(tender.bid_user_id, self.head)
        with self.assertRaises(AccessError):
            tender.bid_reason = "Something else"

    def test_a_decision_ticks_off_its_reminder(self):
        self.plan.template_ids[1].write(
            {
                "activity_type_id": self.env.ref(
                    "kam_management.mail_activity_type_bid"
                ).id,
                "summary": "Bid or no bid",
                "responsible_type": "kam_accountable",
            }
        )
        tender = self._tender(bid_reason="We know the plant")
        tender.action_plan_preparation()
        reminder = self._milestones(tender)[1]
        with freeze_time("2026-07-12 10:00:00"):
            cockpit = self.env["kam.cockpit"].with_user(self.head)
            reasons = [
                r for line in cockpit.get_my_day()["lines"] for r in line["reasons"]
            ]
            self.assertNotIn("Bid or no bid", str(reasons), "it is told of once")
            rows = cockpit.get_my_decisions()["rows"]
            [row] = [row for row in rows if row["id"] == tender.id]
            self.assertEqual(row["buttons"][0]["label"], "Decide")
        tender.with_user(self.head).action_bid()
        self.assertFalse(reminder.active)
        other = self._tender(lead_id=self._deal().id, bid_reason="We know it")
        other.with_user(self.head).action_bid()
        other.action_plan_preparation()
        self.assertEqual(
            self._milestones(other).mapped("summary"), ["Meet who decides", "Hand in"]
        )

    def test_a_decision_has_reasons(self):
        with self.assertRaisesRegex(UserError, "reasons"):
            self._tender().with_user(self.head).action_no_bid()

    def test_no_bid_calls_the_preparation_off(self):
        tender = self._tender(bid_reason="No chance")
        tender.action_plan_preparation()
        tender.with_user(self.head).action_no_bid()
        self.assertEqual(tender.state, "declined")
        self.assertFalse(self._milestones(tender))
        with self.assertRaisesRegex(UserError, "Reopen"):
            tender.action_plan_preparation()
        tender.with_user(self.head).action_reopen_bid()
        tender.action_plan_preparation()
        self.assertEqual(len(self._milestones(tender)), 3)

    def test_buttons_decide_nobody_types(self):
        tender = self._tender()
        for vals in (
            {"bid": "yes"},
            {"date_submitted": TODAY},
            {"date_begun": "2020-01-01"},
            {"bid_user_id": self.head.id},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                tender.with_user(self.head).write(vals)
        with self.assertRaises(AccessError):
            self._tender(bid="yes")

    def test_buttons_keep_what_has_happened(self):
        """By API a submission was dated anew, and a decision replaced without a trace."""
        tender = self._tender(bid_reason="We know the plant")
        head = tender.with_user(self.head)
        head.action_bid()
        with self.assertRaisesRegex(UserError, "decided already"):
            head.action_no_bid()
        tender.action_submit()
        for button in (tender.action_submit, tender.action_plan_preparation):
            with self.assertRaisesRegex(UserError, "submitted already"):
                button()
        self.lead.action_set_won()
        for button in (tender.action_withdraw_submission, head.action_reopen_bid):
            with self.assertRaisesRegex(UserError, "closed"):
                button()
        with self.assertRaisesRegex(UserError, "closed"):
            tender.date_submission = "2030-01-01"
        self.assertEqual(tender.date_submitted, date(2026, 1, 12))
        self.assertEqual(tender.bid, "yes")

    # Criteria

    def test_criteria_say_who_would_win(self):
        tender = self._tender()
        rival = self._create_customer("Rival")
        line = self.env["kam.tender.participant"].create(
            {"tender_id": tender.id, "kind": "rival", "partner_id": rival.id}
        )
        for weight, ours, theirs in ((60, 5, 8), (40, 9, 6)):
            self.env["kam.tender.criterion"].create(
                {
                    "tender_id": tender.id,
                    "name": "Criterion",
                    "weight": weight,
                    "score": ours,
                    "score_ids": [
                        Command.create({"participant_id": line.id, "score": theirs})
                    ],
                }
            )
        self.assertAlmostEqual(tender.our_score, 6.6)
        self.assertAlmostEqual(tender.rival_score, 7.2)
        self.assertEqual(tender.best_rival_id, rival)
        gaps = [round(gap, 2) for gap in tender.criterion_ids.mapped("gap")]
        self.assertEqual(gaps, [-1.8, 1.2])

    def test_the_lead_is_against_one_rival(self):
        """Another rival is best by one criterion: the sum said that we were behind."""
        tender = self._tender()
        lines = self.env["kam.tender.participant"].create(
            [
                {
                    "tender_id": tender.id,
                    "kind": "rival",
                    "partner_id": self._create_customer(name).id,
                }
                for name in ("Strong", "Cheap")
            ]
        )
        for weight, ours, theirs in ((50, 8, (7, 2)), (50, 6, (5, 9))):
            self.env["kam.tender.criterion"].create(
                {
                    "tender_id": tender.id,
                    "name": "Criterion",
                    "weight": weight,
                    "score": ours,
                    "score_ids": [
                        Command.create({"participant_id": line.id, "score": score})
                        for line, score in zip(lines, theirs, strict=True)
                    ],
                }
            )
        self.assertEqual(tender.best_rival_id.name, "Strong")
        lead = tender.our_score - tender.rival_score
        self.assertAlmostEqual(sum(tender.criterion_ids.mapped("gap")), lead)

    def test_a_rival_with_scores_stays_one(self):
        self.test_criteria_say_who_would_win()
        rival = self.env["kam.tender.participant"].search(
            [("tender_id.lead_id", "=", self.lead.id)]
        )
        with self.assertRaisesRegex(ValidationError, "scores"):
            rival.kind = "ours"

    def test_scores_are_of_the_rivals_of_the_tender(self):
        tender, other = self._tender(), self._tender(lead_id=self._deal().id)
        Participant = self.env["kam.tender.participant"]
        elsewhere, ours = Participant.create(
            [
                {
                    "tender_id": place.id,
                    "kind": kind,
                    "partner_id": self._create_customer(kind).id,
                }
                for place, kind in ((other, "rival"), (tender, "ours"))
            ]
        )
        criterion = self.env["kam.tender.criterion"].create(
            {"tender_id": tender.id, "name": "Price"}
        )
        for line in (elsewhere, ours):
            with self.assertRaisesRegex(ValidationError, "no rival"):
                criterion.score_ids = [
                    Command.create({"participant_id": line.id, "score": 5})
                ]

    def test_the_decisive_criterion_is_one_of_the_tender(self):
        other = self._tender(lead_id=self._deal().id)
        criterion = self.env["kam.tender.criterion"].create(
            {"tender_id": other.id, "name": "Price"}
        )
        with self.assertRaisesRegex(ValidationError, "this tender"):
            self._tender().decisive_criterion_id = criterion

    # Participants

    def test_contact_with_participants_is_kept(self):
        person = self.env["res.partner"].create(
            {"name": "Eva", "parent_id": self.account.partner_id.id}
        )
        tender = self._tender(
            participant_ids=[
                Command.create({"partner_id": person.id, "frequency_days": 30})
            ]
        )
        participant = tender.participant_ids
        self.assertFalse(participant.last_touch_date)
        self.assertEqual(participant.next_touch_date, date(2026, 2, 11))
        self._touch("2026-01-05", partner_id=person.id)
        self._touch("2026-01-10", partner_id=person.id, outcome="not_reached")
        participant.invalidate_recordset()
        self.assertEqual(participant.last_touch_date, date(2026, 1, 5))
        self.assertEqual(participant.next_touch_date, date(2026, 2, 4))

    def test_sides_are_not_mixed_up(self):
        with self.assertRaisesRegex(ValidationError, "customer"):
            self._tender(
                participant_ids=[
                    Command.create({"partner_id": self._create_customer("X").id})
                ]
            )

    # Merged, deleted

    def test_merged_leads_keep_their_tenders(self):
        other = self._deal(name="The same")
        tender = self._tender(lead_id=other.id)
        kept = (self.lead + other).merge_opportunity()
        self.assertEqual(tender.exists().lead_id, kept)

    def test_merged_participants_are_one(self):
        parent = self.account.partner_id.id
        one, two = self.env["res.partner"].create(
            [{"name": name, "parent_id": parent} for name in ("Eva", "Ewa")]
        )
        tender = self._tender(
            participant_ids=[
                Command.create({"partner_id": person.id}) for person in (one, two)
            ]
        )
        self.env["base.partner.merge.automatic.wizard"]._merge((one + two).ids, one)
        self.assertEqual(tender.participant_ids.partner_id, one)
        self.assertEqual(len(tender.participant_ids), 1)

    def test_it_stays_with_its_deal_and_its_parts_with_it(self):
        tender = self._tender(factor_ids=[Command.create({"name": "Service"})])
        other = self._tender(lead_id=self._deal().id)
        with self.assertRaisesRegex(UserError, "stays with its opportunity"):
            tender.lead_id = other.lead_id
        with self.assertRaisesRegex(UserError, "stays with it"):
            tender.factor_ids.tender_id = other
        with self.assertRaisesRegex(ValidationError, "Delete its tender"):
            self.lead.type = "lead"

    def test_deleted_it_leaves_nothing_behind(self):
        tender = self._tender(document_ids=[Command.create({"name": "Form"})])
        document = tender.document_ids
        file = self.env["ir.attachment"].create(
            {
                "name": "Form",
                "raw": b"x",
                "res_model": document._name,
                "res_id": document.id,
            }
        )
        tender.action_plan_preparation()
        milestones = self._milestones(tender)
        tender.unlink()
        self.assertFalse(milestones.exists())
        self.assertFalse(file.exists())

    def test_a_deleted_deal_takes_its_tender_along(self):
        tender = self._tender()
        message = tender.message_post(body="They ask for a visit")
        self.lead.unlink()
        self.assertFalse(tender.exists())
        self.assertFalse(message.exists())

    def test_colleagues_open_the_files_of_a_document(self):
        """Files uploaded before the document was saved were open to their author alone."""
        file = (
            self.env["ir.attachment"]
            .with_user(self.anna)
            .create({"name": "Form", "raw": b"x", "res_model": "kam.tender.document"})
        )
        tender = self._tender(
            document_ids=[Command.create({"name": "Form", "attachment_ids": file.ids})]
        )
        self.assertEqual(file.res_id, tender.document_ids.id)
        self.assertTrue(file.with_user(self.head).has_access("read"))
        self.assertFalse(file.with_user(self.boris).has_access("read"))

    def test_a_copied_deal_has_no_tender(self):
        self._tender()
        self.assertFalse(self.lead.copy().kam_tender_ids)

    # Who may

    def test_colleagues_see_what_they_see_of_the_deal(self):
        tender = self._tender(
            factor_ids=[Command.create({"name": "Service within a day"})]
        )
        for user, sees in ((self.anna, True), (self.head, True), (self.boris, False)):
            with self.subTest(user=user.name):
                mine = tender.with_user(user)
                self.assertEqual(mine.has_access("read"), sees)
                self.assertEqual(mine.factor_ids.has_access("read"), sees)
        self.assertFalse(
            self.env["kam.tender"].with_user(self.seller).has_access("read")
        )

    def test_the_team_reads_and_the_salesperson_changes(self):
        """Who has a role on the account sees the deal of a colleague, no more."""
        self.account.telemarketer_id = self.boris
        tender = self._tender(factor_ids=[Command.create({"name": "Service"})])
        theirs = tender.with_user(self.boris)
        self.assertEqual(theirs.factor_ids.name, "Service")
        with self.assertRaises(AccessError):
            theirs.date_submission = "2027-01-01"
        with self.assertRaises(AccessError):
            theirs.factor_ids.name = "Price"
        with self.assertRaises(AccessError):
            self.env["kam.tender.factor"].with_user(self.boris).create(
                {"tender_id": tender.id, "name": "Price"}
            )
        with self.assertRaises(AccessError):
            self._tender(user=self.boris)
        with self.assertRaises(AccessError):
            theirs.unlink()

    # My Day

    def test_my_day_asks_for_due_contacts(self):
        person = self._person("Eva")
        tender = self._tender(
            participant_ids=[
                Command.create({"partner_id": person.id, "frequency_days": 30})
            ]
        )

        def reasons():
            lines = self.env["kam.cockpit"].with_user(self.anna).get_my_day()["lines"]
            return [one["text"] for line in lines for one in line["reasons"]]

        self.assertNotIn("Tender: contact with Eva", " ".join(reasons()))
        with freeze_time("2026-02-13 10:00:00"):
            tender.invalidate_recordset()
            self.assertIn("Tender: contact with Eva, 2 days late", reasons())
        tender.sudo().write({"bid": "no"})
        with freeze_time("2026-02-13 10:00:00"):
            self.assertNotIn("Tender: contact with Eva", " ".join(reasons()))
