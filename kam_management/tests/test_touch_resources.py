import psycopg2

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import KamCommon


class ResourcesCommon(KamCommon):
    """A catalogue with two resources."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls._account()
        cls.account.manager_id = cls.anna
        cls.Touch = cls.env["kam.touch"]
        cls.expert, cls.sample = cls.env["kam.resource"].create(
            [
                {"name": "Engineer", "kind": "expert", "unit": "hour", "cost": 90},
                {"name": "Filter", "kind": "sample", "unit": "piece", "cost": 12.5},
            ]
        )

    def _log(self, user=None, **values):
        Touch = self.Touch.with_user(user) if user else self.Touch
        return Touch.create({"account_id": self.account.id, **values})

    def _line(self, resource=None, **values):
        return Command.create({"resource_id": (resource or self.expert).id, **values})


@tagged("post_install", "-at_install")
class TestTouchResources(ResourcesCommon):
    """What a contact took, how good it was, and how it ended."""

    def test_cost_comes_from_the_catalogue_and_adds_up(self):
        touch = self._log(
            resource_ids=[self._line(quantity=2), self._line(self.sample, quantity=4)]
        )
        self.assertEqual(touch.resource_ids.mapped("cost"), [180, 50])
        self.assertEqual(touch.cost, 230)
        self.assertEqual(touch.resource_ids.company_id, self.company)

    def test_typed_cost_stays_until_the_quantity_changes(self):
        touch = self._log(resource_ids=[self._line(cost=70)])
        self.assertEqual(touch.cost, 70)
        self.expert.cost = 100
        self.assertEqual(touch.cost, 70)
        touch.resource_ids.quantity = 2
        self.assertEqual(touch.cost, 200)

    def test_removed_resource_lowers_the_cost(self):
        touch = self._log(resource_ids=[self._line(), self._line(self.sample)])
        touch.resource_ids[0].unlink()
        self.assertEqual(touch.cost, 12.5)

    def test_used_resource_is_archived_not_deleted(self):
        self._log(resource_ids=[self._line()])
        with self.assertRaisesRegex(UserError, "Archive it instead"):
            self.expert.with_user(self.head).unlink()
        self.sample.with_user(self.head).unlink()

    def test_negative_values_are_refused_with_clear_messages(self):
        touch = self._log()
        for model, values, message in (
            ("kam.touch", {"account_id": self.account.id, "duration": -1}, "negative"),
            (
                "kam.touch",
                {"account_id": self.account.id, "quality": 6},
                "1 to 5 stars",
            ),
            (
                "kam.touch",
                {"account_id": self.account.id, "quality": -1},
                "1 to 5 stars",
            ),
            ("kam.resource", {"name": "Gift", "cost": -1}, "negative"),
            (
                "kam.touch.resource",
                {"touch_id": touch.id, "resource_id": self.expert.id, "quantity": -1},
                "negative",
            ),
            ("kam.touch.resource", {"resource_id": self.expert.id}, "which touch"),
        ):
            with (
                self.subTest(values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.IntegrityError) as caught,
                self.env.cr.savepoint(),
            ):
                self.env[model].create(values)
            told = self.env[model]._sql_error_to_message(caught.exception)
            self.assertIn(message, told)

    def test_cost_of_a_touch_cannot_be_typed_in(self):
        with self.assertRaisesRegex(AccessError, "resources used"):
            self._log(self.anna, cost=5)

    def test_quality_is_averaged_over_rated_touches_alone(self):
        for quality in (5, 2, 0):
            self._log(quality=quality)
        self._log()
        [(average, count)] = self.Touch._read_group(
            [("account_id", "=", self.account.id)], [], ["quality:avg", "__count"]
        )
        self.assertEqual((average, count), (3.5, 4))

    def test_talk_dialog_logs_everything_at_once(self):
        person = self.env["res.partner"].create(
            {
                "name": "Ines",
                "parent_id": self.customer.id,
                "company_id": self.company.id,
            }
        )
        action = self.account.with_user(self.anna).action_log_touch()
        Talk = self.env["kam.talk"].with_user(self.anna)
        with Form(Talk.with_context(**action["context"])) as form:
            form.channel = "meeting"
            form.partner_ids.add(person)
            form.duration = 1.5
            form.outcome = "talked"
            form.quality = 4
            with form.resource_ids.new() as line:
                line.resource_id = self.expert
                line.quantity = 1.5
        form.record.action_save()
        self.assertRecordValues(
            form.record.touch_id,
            [
                {
                    "account_id": self.account.id,
                    "user_id": self.anna.id,
                    "partner_id": person.id,
                    "quality": 4,
                    "outcome": "talked",
                    "cost": 135,
                }
            ],
        )

    def test_feedback_typed_in_on_the_form_of_an_activity_is_logged(self):
        """Who opened the form for the resources lost what he had written before."""
        activity = self.account.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.anna.id
        ).with_user(self.anna)
        activity.write(
            {"feedback": "She signs next week", "kam_resource_ids": [self._line()]}
        )
        activity.action_done()
        self.assertIn("She signs next week", self.account.message_ids[0].body)

    def test_talk_dialog_opens_from_contact_and_lead(self):
        person = self.env["res.partner"].create(
            {
                "name": "Ines",
                "parent_id": self.customer.id,
                "company_id": self.company.id,
            }
        )
        lead = self.env["crm.lead"].create(
            {"name": "Compressors", "partner_id": person.id, "user_id": self.anna.id}
        )
        for record in (person, lead):
            mine = record.with_user(self.anna).with_company(self.company)
            action = mine.action_kam_log_touch()
            Talk = self.env["kam.talk"].with_user(self.anna)
            talk = Form(Talk.with_context(**action["context"]))
            talk.note = "Asked for the price"
            talk = talk.save()
            talk.action_save()
            self.assertEqual(talk.touch_id.account_id, self.account)
            self.assertEqual(talk.touch_id.partner_id, person)


@tagged("post_install", "-at_install")
class TestSecurityResources(ResourcesCommon):
    """Resources and their cost are seen by who sees the touch, and by nobody else."""

    def test_lines_follow_the_touch(self):
        touch = self._log(self.anna, resource_ids=[self._line()])
        line = touch.resource_ids
        for attempt in (
            lambda: line.with_user(self.boris).read(["cost"]),
            lambda: line.with_user(self.boris).write({"quantity": 9}),
            lambda: line.with_user(self.boris).unlink(),
            lambda: (
                self.env["kam.touch.resource"]
                .with_user(self.boris)
                .create({"touch_id": touch.id, "resource_id": self.expert.id})
            ),
        ):
            with self.assertRaises(AccessError):
                attempt()
        self.account.member_ids = self.boris
        self.assertTrue(line.with_user(self.boris).read(["cost"]))
        with self.assertRaisesRegex(AccessError, "log a new touch"):
            line.with_user(self.boris).quantity = 2
        line.with_user(self.anna).quantity = 2
        self.assertEqual(touch.cost, 180)
        self.assertTrue(line.with_user(self.head).read(["cost"]))

    def test_line_does_not_move_to_a_hidden_touch(self):
        hidden = self._log(self.anna)
        rival = self._account(self._create_customer("Rival Machines"))
        rival.manager_id = self.boris
        mine = self.Touch.with_user(self.boris).create(
            {"account_id": rival.id, "resource_ids": [self._line()]}
        )
        with self.assertRaises(AccessError):
            mine.resource_ids.touch_id = hidden

    def test_catalogue_is_the_head_of_sales_business(self):
        self.assertTrue(self.expert.with_user(self.anna).read(["cost"]))
        with self.assertRaises(AccessError):
            self.expert.with_user(self.anna).cost = 1
        self.expert.with_user(self.head).cost = 95
        with self.assertRaises(AccessError):
            self.expert.with_user(self.seller).read(["cost"])

    def test_resource_of_another_company_is_hidden(self):
        other = self._create_company("Our Other Company")
        self.expert.company_id = other
        Resource = self.env["kam.resource"].with_user(self.head)
        self.assertNotIn(self.expert, Resource.search([]))
