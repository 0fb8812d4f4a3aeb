from contextlib import contextmanager
from datetime import datetime

from odoo import http
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from .complaint_common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestComplaintRating(ComplaintCommon, HttpCase):
    """The customer says whether it is solved; who is not satisfied reopens it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ines = cls._person("Ines", email="ines@meyer.example")

    def _solved(self, **values):
        complaint = self._complain(
            partner_id=self.ines.id, solution="Filter changed", **values
        )
        complaint.action_solve()
        return complaint.sudo()

    def _rate(self, complaint, rate, feedback="So it is"):
        complaint.rating_apply(
            rate, token=complaint._get_rating_key(), feedback=feedback
        )

    # Asked

    def test_who_reported_it_is_asked_when_it_is_solved(self):
        complaint = self._solved()
        self.assertEqual(complaint.date_asked, datetime(2026, 6, 15, 10))
        mail = complaint.rating_mail_id
        self.assertEqual(mail.email_to, '"Ines" <ines@meyer.example>')
        self.assertIn("Oil in the air", mail.subject)
        [sent] = mail._prepare_outgoing_list()
        self.assertIn(f"/rate/{complaint._get_rating_key()}/5", sent["body"])

    def test_key_is_in_nothing_that_colleagues_read(self):
        complaint = self._solved()
        key = complaint._get_rating_key()
        self.assertNotIn(key, str(complaint.rating_mail_id.body_html))
        self.assertNotIn(key, str(complaint.message_ids.mapped("body")))
        for user in (self.anna, self.head):
            ratings = complaint.rating_ids
            with self.assertRaises(AccessError):
                ratings.with_user(user).read(["access_token"])
            with self.assertRaises(AccessError):
                complaint.with_user(user).read(["rating_ids"])

    def test_nobody_is_asked_who_should_not_be(self):
        self.assertFalse(self._complain(solution="Done").date_asked)
        other = self._complain(solution="Done")
        other.action_solve()
        self.assertFalse(other.date_asked, "nobody reported it")
        self.company.kam_complaint_ask = False
        self.assertFalse(self._solved().date_asked)
        self.company.kam_complaint_ask = True
        self.account.do_not_contact = True
        self.assertFalse(self._solved().date_asked)
        self.account.do_not_contact = False
        self.ines.email = False
        self.assertFalse(self._solved().date_asked)

    # Forged

    def _own_rating(self, user):
        """Return a rating of a user's own contact, to do anything with."""
        return (
            self.env["rating.rating"]
            .with_user(user)
            .create(
                {
                    "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                    "res_id": user.partner_id.id,
                    "rating": 1,
                    "consumed": True,
                }
            )
        )

    @contextmanager
    def _refused(self):
        """Take back what is refused, as the end of a request does."""
        with (
            self.assertRaisesRegex(AccessError, "Only the customer"),
            self.env.cr.savepoint(),
        ):
            yield

    def test_rating_of_something_else_rates_nothing(self):
        """The token of any rating at all was taken, and the complaint was reopened."""
        complaint = self._solved()
        for user in (self.anna, self.head, self.seller):
            rating = self._own_rating(user)
            for values in ({"token": rating.access_token}, {"rating": rating}):
                with self._refused():
                    complaint.with_user(user).rating_apply(1, **values)
        other = self._solved()
        with self._refused():
            complaint.rating_apply(1, token=other._get_rating_key())
        self.assertEqual((complaint.state, complaint.satisfaction), ("solved", 0))

    def test_rating_is_neither_entered_nor_moved_here(self):
        """A colleague's own rating, moved to a complaint, was the customer's."""
        complaint = self._solved()
        model = self.env["ir.model"]._get(complaint._name)
        here = {"res_model_id": model.id, "res_id": complaint.id}
        for user in (self.anna, self.head):
            rating = self._own_rating(user)
            for values in (here, {"res_model": model.model, "res_id": complaint.id}):
                with self._refused():
                    rating.write(values)
            with self._refused():
                rating.create({**here, "rating": 5, "consumed": True})
            with self._refused():
                complaint.with_user(user).message_post(body="Fine", rating_value=5)
        self.assertFalse(complaint.rating_ids.filtered("consumed"))
        # what is not ours goes on
        rating.write({"rating": 2})
        self.assertEqual(rating.rating, 2)

    # Rated

    def test_satisfied_customer_confirms(self):
        complaint = self._solved()
        self._rate(complaint, 5)
        self.assertEqual(
            (complaint.stage, complaint.state, complaint.satisfaction),
            ("confirmed", "solved", 5),
        )
        self.assertIn("So it is", str(complaint.message_ids.mapped("body")))

    def test_unsatisfied_customer_reopens_and_the_owner_hears(self):
        complaint = self._solved()
        self._rate(complaint, 1, "It leaks again")
        self.assertEqual(
            (complaint.stage, complaint.reopen_count, complaint.satisfaction),
            ("progress", 1, 1),
        )
        self.assertFalse(complaint.date_solved)
        activity = complaint.activity_search(
            ["kam_management.mail_activity_type_complaint"]
        )
        self.assertEqual(activity.user_id, self.anna)
        note = complaint.message_ids.filtered(
            lambda message: "not satisfied" in (message.body or "")
        )
        self.assertIn(self.anna.partner_id, note.partner_ids)
        self.assertTrue(note.subtype_id.internal)

    def test_next_solution_is_asked_about_anew(self):
        complaint = self._solved()
        first = complaint._get_rating_key()
        self._rate(complaint, 1)
        complaint.with_user(self.anna).action_solve()
        self.assertEqual((complaint.stage, complaint.satisfaction), ("solved", 0))
        self.assertNotEqual(complaint._get_rating_key(), first)
        self._rate(complaint, 3)
        self.assertEqual((complaint.stage, complaint.reopen_count), ("confirmed", 1))

    def test_old_answer_does_not_touch_what_is_open(self):
        complaint = self._solved()
        complaint.action_reopen()
        self._rate(complaint, 5)
        self.assertEqual((complaint.state, complaint.satisfaction), ("open", 0))

    def test_average_is_of_those_who_rated(self):
        self._rate(self._solved(), 5)
        self._rate(self._solved(), 3)
        self._solved()
        [(average,)] = self.Complaint._read_group(
            [("account_id", "=", self.account.id)], [], ["satisfaction:avg"]
        )
        self.assertEqual(average, 4)

    def test_click_in_the_mail_rates(self):
        complaint = self._solved()
        key = complaint._get_rating_key()
        page = self.url_open(f"/rate/{key}/1")
        self.assertIn("Oil in the air", page.text)
        self.assertEqual(complaint.state, "solved", "to look at the page is no answer")
        self.authenticate(None, None)
        values = {
            "rate": 1,
            "feedback": "No",
            "csrf_token": http.Request.csrf_token(self),
        }
        self.url_open(f"/rate/{key}/submit_feedback", data=values)
        complaint.invalidate_recordset()
        self.assertEqual((complaint.state, complaint.satisfaction), ("open", 1))
