import json
from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .stakeholder_common import StakeholderCommon

FACT = "Sailing"


@tagged("post_install", "-at_install")
class TestStakeholderPersonal(StakeholderCommon):
    """The personal part: kept for a reason, for a time, and erased."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dossier = cls._dossier("Ada", "decides")
        cls.dossier.partner_id.email = "ada@example.com"
        cls.ada = cls.dossier.partner_id
        cls.anna.group_ids += cls.personal
        cls.soon = fields.Date.today() + timedelta(days=20)

    def _facts(self):
        return self.env["kam.person.profile"].search([("partner_id", "=", self.ada.id)])

    def test_facts_are_typed_on_the_dossier(self):
        with Form(self.dossier.with_user(self.anna)) as form:
            form.hobbies = FACT
            form.purpose = "Invitations"
            form.legal_basis = "consent"
            form.review_date = self.soon
        profile = self._facts()
        self.assertEqual((profile.hobbies, profile.purpose), (FACT, "Invitations"))
        self.assertEqual(profile.company_id, self.company)
        with Form(self.dossier.with_user(self.anna)) as form:
            form.family = "Two children"
        self.assertEqual((profile.hobbies, profile.family), (FACT, "Two children"))
        self.assertEqual(len(self._facts()), 1)

    def test_facts_without_grounds_are_refused(self):
        mine = self.dossier.with_user(self.anna)
        for values in (
            {"hobbies": FACT},
            {"hobbies": FACT, "purpose": "Gifts"},
            {"hobbies": FACT, "purpose": "Gifts", "legal_basis": "consent"},
        ):
            with (
                self.subTest(values),
                self.assertRaisesRegex(ValidationError, "Fill in all three"),
                self.cr.savepoint(),
            ):
                mine.write(values)
        profile = self._profile(self.ada)
        with self.assertRaisesRegex(ValidationError, "Fill in all three"):
            profile.purpose = False

    def test_review_date_in_the_past_or_far_away_is_refused(self):
        profile = self._profile(self.ada)
        for day in (
            fields.Date.today() - timedelta(days=1),
            fields.Date.today() + timedelta(days=4 * 365),
        ):
            with self.assertRaisesRegex(ValidationError, "from today on"):
                profile.review_date = day

    def test_second_profile_of_a_person_is_refused(self):
        self._profile(self.ada)
        with self.assertUniqueViolation(
            "Personal data of this person", "kam.person.profile"
        ):
            self._profile(self.ada)

    def test_facts_leave_no_trace_in_messages_or_tracking(self):
        profile = self._profile(self.ada)
        self.dossier.with_user(self.anna).hobbies = "Horses and sailing"
        self.env.flush_all()
        self.cr.flush()
        for model, record in (("res.partner", self.ada), ("kam.account", self.account)):
            bodies = self.env["mail.message"].search(
                [("model", "=", model), ("res_id", "=", record.id)]
            )
            self.assertNotIn("ailing", " ".join(bodies.mapped("body")))
        self.assertNotIn("message_ids", profile._fields)
        self.assertNotIn("message_ids", self.dossier._fields)

    # Review

    def _run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "kam_management.ir_cron_review_personal"
            ).method_direct_trigger()

    def _reminders(self):
        return self.ada.activity_ids.filtered(
            lambda activity: (
                activity.activity_type_id
                == self.env.ref("kam_management.mail_activity_type_review")
            )
        )

    def test_holder_is_reminded_once_before_the_review(self):
        self._profile(self.ada, review_date=self.soon)
        self._run_cron()
        self._run_cron()
        self.ada.invalidate_recordset()
        reminder = self._reminders()
        self.assertEqual(len(reminder), 1)
        self.assertEqual(
            (reminder.user_id, reminder.date_deadline), (self.anna, self.soon)
        )
        self.assertNotIn(FACT, f"{reminder.summary} {reminder.note}")

    def test_who_may_not_see_facts_is_not_reminded_of_them(self):
        self.dossier.user_id = self.boris
        self.account.accountable_id = self.head
        self._profile(self.ada, review_date=self.soon)
        self._run_cron()
        self.ada.invalidate_recordset()
        self.assertEqual(
            self._reminders().user_id, self.anna, "the manager has the right"
        )

    def test_renewed_facts_are_kept_and_the_reminder_goes(self):
        profile = self._profile(self.ada, review_date=self.soon)
        self._run_cron()
        profile.with_user(self.anna).review_date = self.soon + timedelta(days=300)
        self.ada.invalidate_recordset()
        self.assertFalse(self._reminders())
        self._run_cron()
        self.assertEqual(profile.hobbies, FACT)

    def test_facts_past_their_review_are_erased(self):
        profile = self._profile(self.ada, review_date=self.soon)
        kept = self._profile(self._person("Bob"))
        self._run_cron()
        self.cr.execute(
            "UPDATE kam_person_profile SET review_date = %s WHERE id = %s",
            [fields.Date.today() - timedelta(days=1), profile.id],
        )
        profile.invalidate_recordset()
        self._run_cron()
        self.assertFalse(profile.exists())
        self.assertTrue(kept.exists())
        self.ada.invalidate_recordset()
        self.assertFalse(self._reminders())
        self.assertTrue(self.dossier.exists())

    def _make_overdue(self, *profiles):
        """Let the review dates of profiles pass."""
        self.env.flush_all()
        self.cr.execute(
            "UPDATE kam_person_profile SET review_date = %s WHERE id = ANY(%s)",
            [
                fields.Date.today() - timedelta(days=1),
                [profile.id for profile in profiles],
            ],
        )
        self.env.invalidate_all()

    def test_review_goes_on_without_its_type_of_activity(self):
        overdue = self._profile(self.ada)
        soon = self._profile(self._person("Bob"), review_date=self.soon)
        self._make_overdue(overdue)
        self.env.ref("kam_management.mail_activity_type_review").unlink()
        self._run_cron()
        self.assertFalse(overdue.exists())
        self.assertTrue(soon.reminded)
        soon.unlink()

    def test_one_failure_keeps_nobody_elses_facts_from_being_erased(self):
        broken = self._profile(self.ada)
        overdue = self._profile(self._person("Bob"))
        self._make_overdue(broken, overdue)
        Profile = type(broken)
        erase = Profile._erase

        def fail(profile):
            if profile == broken:
                raise ValueError("Broken")
            erase(profile)

        with (
            patch.object(Profile, "_erase", fail),
            mute_logger(
                "odoo.addons.kam_management.models.stakeholder.kam_person_profile"
            ),
        ):
            self._run_cron()
        self.assertTrue(broken.exists())
        self.assertFalse(overdue.exists())

    def test_review_stops_when_the_time_is_up(self):
        profiles = self._profile(self.ada), self._profile(self._person("Bob"))
        self._make_overdue(*profiles)
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 0
        ):
            self.env["kam.person.profile"]._cron_review()
        self.assertEqual(sum(1 for profile in profiles if profile.exists()), 1)

    def test_facts_renewed_meanwhile_are_not_erased(self):
        profile = self._profile(self.ada)
        profile._review(fields.Date.today())
        self.assertTrue(profile.exists())

    def test_renewal_in_one_company_keeps_the_reminder_of_another(self):
        other = self._create_company("Other Company")
        self.env.user.company_ids |= other
        self.customer.company_id = self.ada.company_id = False
        ours = self._profile(self.ada, review_date=self.soon)
        theirs = self._profile(self.ada, company_id=other.id, review_date=self.soon)
        foreign = self._account(company=other)
        foreign.manager_id = self._create_user(
            "olga",
            "kam_management.group_kam_user,kam_management.group_kam_personal",
            other,
        )
        self._dossier(self.ada, account_id=foreign.id, user_id=False)
        self._run_cron()
        self.assertEqual(len(self._reminders()), 2)
        ours.review_date = self.soon + timedelta(days=300)
        self.ada.invalidate_recordset()
        self.assertEqual(self._reminders().user_id, foreign.manager_id)
        theirs.unlink()
        self.ada.invalidate_recordset()
        self.assertFalse(self._reminders())

    def test_second_dossier_adds_to_the_facts_of_the_first(self):
        """Fields that were not given were read and took the place of those given."""
        profile = self._profile(self.ada)
        other = self._account(self._create_customer("Rival"))
        self._dossier(self.ada, account_id=other.id, hobbies="Golf", family="A son")
        self.assertRecordValues(
            profile,
            [{"hobbies": "Golf", "family": "A son", "purpose": "Invitations"}],
        )

    # The person's rights

    def test_erasing_leaves_neither_roles_that_judge_nor_notes(self):
        self.dossier.role_ids += self._role("opponent") + self._role("sponsor")
        touch = self._touch("2020-01-01", partner_id=self.ada.id, note="Was rude")
        kept = self._touch("2020-01-01", note="Price list")
        self._erase(self.dossier, self.anna)
        self.assertEqual(self.dossier.role_ids, self._role("decides"))
        self.assertFalse(self.dossier.argument_style)
        self.assertFalse(touch.note)
        self.assertEqual(kept.note, "Price list")

    def test_who_is_judged_again_is_not_deleted_unasked(self):
        """The date of an earlier erasure let the new judgement survive the person."""
        self._erase(self.dossier, self.anna)
        self.dossier.with_user(self.anna).org_level = "1_top"
        self.assertTrue(self.dossier.erased_date)
        self.dossier.with_user(self.anna).attitude = "opponent"
        self.assertFalse(self.dossier.erased_date)
        self.head.group_ids += self.env.ref("base.group_partner_manager")
        with self.assertRaisesRegex(UserError, "have the personal data erased first"):
            self.ada.with_user(self.head).unlink()

    def test_manager_erases_only_what_he_sees_all_of(self):
        other = self._account(self._create_customer("Rival"))
        theirs = self._dossier(self.ada, account_id=other.id, goals="Secret plan")
        theirs.active = False
        with self.assertRaisesRegex(AccessError, "Ask your head of sales"):
            self.dossier.with_user(self.anna).action_erase_person()
        self.assertEqual(theirs.goals, "Secret plan")
        self.head.group_ids += self.personal
        self._erase(self.ada, self.head)
        self.assertFalse(theirs.goals)

    def test_erasing_leaves_a_place_without_a_person(self):
        self._profile(self.ada)
        self.dossier.write(
            {
                "goals": "Grow",
                "interests": "Pumps",
                "attitude": "sponsor",
                "influence": "5",
            }
        )
        self._erase(self.dossier, self.anna)
        self.assertFalse(self._facts())
        dossier = self.dossier
        self.assertFalse(dossier.goals or dossier.interests or dossier.attitude)
        self.assertFalse(dossier.history_ids)
        self.assertEqual(dossier.influence, "0")
        self.assertEqual(dossier.role_ids, self._role("decides"))
        self.assertTrue(dossier.erased_date)

    def test_erased_person_with_touches_can_be_deleted(self):
        self._touch("2020-01-01", partner_id=self.ada.id)
        self._profile(self.ada)
        self.head.group_ids += self.personal + self.env.ref(
            "base.group_partner_manager"
        )
        with self.assertRaisesRegex(UserError, "have the personal data erased first"):
            self.ada.with_user(self.head).unlink()
        self._erase(self.ada, self.head)
        self.ada.with_user(self.head).unlink()
        self.assertFalse(self.ada.exists())
        self.dossier.invalidate_recordset()
        self.assertEqual(self.dossier.display_name, "Erased person")
        self.dossier.with_user(self.anna).org_level = "1_top"

    def test_privacy_lookup_finds_and_deletes_everything(self):
        profile = self._profile(self.ada)
        wizard = self.env["privacy.lookup.wizard"].create(
            {"name": "Ada", "email": "ada@example.com"}
        )
        wizard.action_lookup()
        found = {(line.res_model, line.res_id) for line in wizard.line_ids}
        for record in (profile, self.dossier, self.ada):
            self.assertIn((record._name, record.id), found)
        ours = wizard.line_ids.filtered(
            lambda line: (
                line.res_model.startswith("kam.")
                or (line.res_model, line.res_id) == ("res.partner", self.ada.id)
            )
        )
        ours.filtered(lambda line: line.res_model == "res.partner").action_unlink()
        self.assertFalse(profile.exists() or self.ada.exists())
        self.assertFalse(self.dossier.partner_id)

    def test_privacy_lookup_deletes_the_dossier_alone(self):
        self._profile(self.ada)
        wizard = self.env["privacy.lookup.wizard"].create(
            {"name": "Ada", "email": "ada@example.com"}
        )
        wizard.action_lookup()
        lines = wizard.line_ids.filtered(lambda line: line.res_model.startswith("kam."))
        lines.action_unlink_all()
        self.assertFalse(self.dossier.exists() or self._facts())
        self.assertTrue(self.ada.exists())

    def test_print_out_tells_the_person_all(self):
        self._profile(self.ada, family="Two children")
        self.dossier.write({"goals": "Second plant", "attitude": "sceptic"})
        self.dossier.remembered_date_ids = [
            Command.create({"day": 3, "month": "4", "note": "Likes tulips"})
        ]
        self._touch(
            "2020-01-01",
            partner_id=self.ada.id,
            summary="Talked about pumps",
            note="Seemed tired",
        )
        survey = self.env["kam.survey"].create(
            {"account_id": self.account.id, "partner_id": self.ada.id}
        )
        self.env["kam.survey.answer"].create(
            {"survey_id": survey.id, "question": "care"}
        )
        html = self._render(self.anna)
        for text in (
            FACT,
            "Two children",
            "Second plant",
            "Sceptic",
            "Talked about pumps",
            "Likes tulips",
            "April",
            "Seemed tired",
            "They care about my business.",
        ):
            self.assertIn(text, html)
        self.assertNotIn("more records", html)

    def test_print_out_shows_meetings_of_many_without_what_is_said_of_others(self):
        bob = self._person("Bob")
        self._touch(
            "2020-01-01",
            partner_id=bob.id,
            partner_ids=[Command.link(self.ada.id)],
            summary="Talked about pumps",
            note="Bob seemed tired",
        )
        html = self._render(self.anna)
        self.assertIn("Talked about pumps", html)
        self.assertNotIn("Bob seemed tired", html)

    def test_print_out_says_that_there_is_more(self):
        other = self._account(self._create_customer("Rival"))
        self._dossier(self.ada, account_id=other.id, goals="Secret plan")
        html = self._render(self.anna)
        self.assertIn("more records", html)
        self.assertNotIn("Secret plan", html)

    def _render(self, user):
        Report = self.env["ir.actions.report"].with_user(user)
        html, _type = Report._render_qweb_html(
            "kam_management.report_person", self.ada.ids
        )
        return html.decode()


@tagged("post_install", "-at_install")
class TestStakeholderIntruders(StakeholderCommon):
    """Nobody reaches the personal part by a side door."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dossier = cls._dossier("Ada", "decides")
        cls.ada = cls.dossier.partner_id
        cls.profile = cls._profile(cls.ada)
        # in the team without the right; with the right in another team; the head
        cls.account.member_ids = cls.boris
        cls.carla = cls._create_user(
            "carla",
            "kam_management.group_kam_user,kam_management.group_kam_personal",
        )
        cls.exporters = cls.boris + cls.head + cls.anna
        export = cls.env.ref("base.group_allow_export")
        (cls.exporters + cls.seller).write({"group_ids": [Command.link(export.id)]})
        cls.intruders = cls.exporters + cls.seller

    def test_profile_is_closed_on_every_way_to_read(self):
        for user in self.intruders:
            profile = self.profile.with_user(user)
            Profile = profile.browse()
            for name, attempt in {
                "read": lambda p=profile: p.read(["hobbies"]),
                "field": lambda p=profile: p.hobbies,
                "search": lambda P=Profile: P.search([("hobbies", "ilike", "sail")]),
                "count": lambda P=Profile: P.search_count([]),
                "name_search": lambda P=Profile: P.name_search("Ada"),
                "group": lambda P=Profile: P.formatted_read_group(
                    [], ["hobbies"], ["__count"]
                ),
                "_read_group": lambda P=Profile: P._read_group([], ["hobbies"]),
                "export": lambda p=profile: p.export_data(["hobbies"]),
                "write": lambda p=profile: p.write({"hobbies": "None"}),
                "unlink": lambda p=profile: p.unlink(),
                "create": lambda P=Profile: P.create({"partner_id": self.ada.id}),
                "copy": lambda p=profile: p.copy(),
            }.items():
                with (
                    self.subTest(user=user.login, way=name),
                    self.assertRaises(AccessError),
                ):
                    attempt()

    def test_personal_fields_of_the_dossier_are_closed_too(self):
        for user in self.intruders - self.seller:
            dossier = self.dossier.with_user(user)
            Dossier = dossier.browse()
            for name, attempt in {
                "read": lambda d=dossier: d.read(["hobbies"]),
                "web_read": lambda d=dossier: d.web_read({"hobbies": {}}),
                "search": lambda D=Dossier: D.search([("hobbies", "=", FACT)]),
                "group": lambda D=Dossier: D.formatted_read_group([], ["hobbies"]),
                "export": lambda d=dossier: d.export_data(["hobbies"]),
                "through": lambda d=dossier: self.account.with_user(
                    d.env.user
                ).export_data(["stakeholder_ids/hobbies"]),
                "domain": lambda d=dossier: self.account.with_user(d.env.user).search(
                    [("stakeholder_ids.hobbies", "ilike", "sail")]
                ),
                "write": lambda d=dossier: d.write({"hobbies": "None"}),
                "erase": lambda d=dossier: d.action_erase_person(),
                "print": lambda d=dossier: d.action_print_person(),
            }.items():
                with (
                    self.subTest(user=user.login, way=name),
                    self.assertRaises(AccessError),
                ):
                    attempt()
            self.assertNotIn("hobbies", dossier.fields_get())
            arch = dossier.get_views([(False, "form")])["views"]["form"]["arch"]
            self.assertNotIn("hobbies", arch)
            self.assertNotIn(FACT, json.dumps(dossier.read(), default=str))
        self.assertEqual(self.profile.hobbies, FACT)

    def test_report_is_closed_by_its_own_check(self):
        for user in self.intruders:
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["ir.actions.report"].with_user(user)._render_qweb_html(
                    "kam_management.report_person", self.ada.ids
                )

    def test_right_to_personal_data_opens_no_other_team(self):
        profile = self.profile.with_user(self.carla)
        self.assertFalse(profile.search([]))
        with self.assertRaises(AccessError):
            profile.read(["hobbies"])
        with self.assertRaises(AccessError):
            profile.create({"partner_id": self._person("Bob").id})
        for attempt in ("action_kam_erase_person", "action_kam_print_person"):
            with self.assertRaisesRegex(AccessError, "not in the account team"):
                getattr(self.ada.with_user(self.carla), attempt)()
        self.assertEqual(self.profile.hobbies, FACT)

    def test_dossier_of_a_stranger_opens_nothing_of_him(self):
        """Who made a dossier of anybody in an own account saw his personal part."""
        rival = self._account(self._create_customer("Rival"))
        rival.manager_id = self.carla
        Dossier = self.env["kam.stakeholder"].with_user(self.carla)
        with (
            self.assertRaisesRegex(AccessError, "does not work for Rival"),
            self.cr.savepoint(),
        ):
            Dossier.create({"partner_id": self.ada.id, "account_id": rival.id})
        own = Dossier.create(
            {
                "partner_id": self._person("Rex", parent_id=rival.partner_id.id).id,
                "account_id": rival.id,
            }
        )
        with self.assertRaisesRegex(AccessError, "cannot be changed"):
            own.partner_id = self.ada
        with self.assertRaisesRegex(AccessError, "cannot be changed"):
            self.ada.with_user(self.carla).kam_stakeholder_ids = own
        self.assertFalse(self.profile.with_user(self.carla).search([]))

    def test_person_moved_to_an_own_customer_brings_no_facts_along(self):
        """Whoever may edit contacts read the facts of anybody, by moving him."""
        rival = self._create_customer("Rival")
        self._account(rival).manager_id = self.anna
        self.account.manager_id = False
        self.anna.group_ids += self.personal
        self.dossier.partner_id.parent_id = rival
        values = {
            "partner_id": self.dossier.partner_id.id,
            "account_id": self._account(rival).id,
        }
        Dossier = self.env["kam.stakeholder"]
        with (
            self.assertRaisesRegex(AccessError, "Ask your head of sales"),
            self.cr.savepoint(),
        ):
            Dossier.with_user(self.anna).create(values)
        moved = Dossier.with_user(self.head).create(values)
        self.assertEqual(moved.with_user(self.anna).hobbies, FACT)

    def test_colleague_who_knows_the_person_adds_him_where_he_works_now(self):
        rival = self._create_customer("Rival")
        self._account(rival).manager_id = self.anna
        self.dossier.partner_id.parent_id = rival
        moved = self.env["kam.stakeholder"].with_user(self.anna)
        moved = moved.create(
            {
                "partner_id": self.dossier.partner_id.id,
                "account_id": self._account(rival).id,
            }
        )
        self.assertTrue(moved)

    def test_head_of_sales_adds_people_from_outside_and_corrects_the_person(self):
        rival = self._account(self._create_customer("Rival"))
        dossier = (
            self.env["kam.stakeholder"]
            .with_user(self.head)
            .create({"partner_id": self.ada.id, "account_id": rival.id})
        )
        bob = self._person("Bob")
        dossier.partner_id = bob
        self.assertEqual(rival.stakeholder_ids.partner_id, bob)

    def test_profile_is_not_given_to_a_stranger(self):
        rival = self._account(self._create_customer("Rival"))
        rival.manager_id = self.carla
        rex = self._person("Rex", parent_id=rival.partner_id.id)
        self._dossier(rex, account_id=rival.id)
        profile = self._profile(rex).with_user(self.carla)
        with self.assertRaises(AccessError), self.cr.savepoint():
            profile.partner_id = self._person("Bob")
        self.env.invalidate_all()
        self.assertEqual(profile.partner_id, rex)

    def test_right_in_one_company_opens_nothing_of_another(self):
        other = self._create_company("Other Company")
        self.env.user.company_ids |= other
        self.customer.company_id = self.ada.company_id = False
        foreign = self._profile(self.ada, company_id=other.id, hobbies="Golf")
        self.anna.group_ids += self.personal
        both = (self.company + other).ids
        self.anna.company_ids = [Command.set(both)]
        anna = foreign.with_user(self.anna).with_context(allowed_company_ids=both)
        self.assertEqual(anna.search([]), self.profile)
        with self.assertRaises(AccessError):
            anna.read(["hobbies"])
        self.assertEqual(self.dossier.with_user(self.anna).hobbies, FACT)

    def test_two_managers_of_one_account_see_what_each_may(self):
        self.anna.group_ids += self.personal
        self.assertEqual(self.dossier.with_user(self.anna).hobbies, FACT)
        with Form(self.dossier.with_user(self.boris)) as form:
            form.goals = "Grow"
        self.assertEqual(self.dossier.goals, "Grow")
        self.assertEqual(self.profile.hobbies, FACT)

    def test_neither_manager_nor_head_has_the_right_by_his_role(self):
        for name in ("group_kam_user", "group_kam_manager"):
            group = self.env.ref(f"kam_management.{name}")
            self.assertNotIn(self.personal, group.all_implied_ids)
        self.assertIn(self.env.ref("base.user_admin"), self.personal.user_ids)

    def test_dossiers_of_other_teams_are_closed(self):
        self.account.member_ids = False
        group = self.env["kam.interest.group"].create(
            {"name": "Savers", "account_id": self.account.id}
        )
        goal = self.env["kam.customer.goal"].create(
            {"name": "Grow", "account_id": self.account.id, "org_level": "1_top"}
        )
        self.dossier.attitude = "sponsor"
        for record in (self.dossier, group, goal, self.dossier.history_ids):
            theirs = record.with_user(self.boris)
            with self.subTest(model=record._name):
                self.assertFalse(theirs.search(Domain("id", "=", record.id)))
                with self.assertRaises(AccessError):
                    theirs.read(["display_name"])
                if record == self.dossier:
                    values = {
                        "partner_id": self._person("Bob").id,
                        "account_id": self.account.id,
                    }
                elif record == self.dossier.history_ids:
                    continue
                else:
                    values = record.copy_data()[0]
                with self.assertRaises(AccessError):
                    theirs.create(values)
        self.assertFalse(self.ada.with_user(self.boris).kam_stakeholder_ids)
