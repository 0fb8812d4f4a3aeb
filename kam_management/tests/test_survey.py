from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from odoo.addons.mail.tests.common import MailCase

from .common import KamCommon


class SurveyCommon(KamCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls._account()
        cls.account.manager_id = cls.anna
        cls.person = cls.env["res.partner"].create(
            {
                "name": "Ines",
                "email": "ines@meyer.example",
                "parent_id": cls.customer.id,
                "company_id": cls.company.id,
            }
        )

    @classmethod
    def _survey(cls, **values):
        return (
            cls.env["kam.survey"]
            .with_user(cls.anna)
            .create(
                {"account_id": cls.account.id, "partner_id": cls.person.id, **values}
            )
        )

    @classmethod
    def _rate(cls, answer, stars, feedback=""):
        answer = answer.sudo()
        answer.rating_apply(
            stars, answer._rating_get_access_token(cls.person), feedback=feedback
        )


@tagged("post_install", "-at_install")
class TestSurvey(SurveyCommon, MailCase):
    """Two questions by mail, answered by clicks, with a trend on the account."""

    def test_mail_asks_both_questions_of_the_person(self):
        survey = self._survey()
        with self.mock_mail_gateway():
            survey.action_send()
        self.assertEqual(survey.state, "sent")
        self.assertEqual(survey.answer_ids.mapped("question"), ["informed", "care"])
        [mail] = self._new_mails
        self.assertIn(self.person, mail.recipient_ids)
        for answer in survey.answer_ids.sudo():
            self.assertIn(answer.rating_ids.access_token, mail.body_html)
            self.assertIn(answer._get_question(), mail.body_html)

    def test_customer_who_asked_for_silence_is_asked_only_on_purpose(self):
        self.account.do_not_contact = True
        survey = self._survey()
        with self.assertRaisesRegex(UserError, "Send Anyway"):
            survey.action_send()
        self.assertEqual(survey.state, "draft")
        survey.with_context(kam_contact_anyway=True).action_send()
        self.assertEqual(survey.state, "sent")

    def test_person_who_asked_for_silence_is_never_asked(self):
        """The questions hang on no document, so the filter of mails let them pass."""
        self.person.kam_do_not_contact = True
        survey = self._survey().with_context(kam_contact_anyway=True)
        with self.mock_mail_gateway(), self.assertRaisesRegex(UserError, "Ines"):
            survey.action_send()
        self.assertFalse(self._new_mails)

    def test_answers_stay_when_the_person_asked_is_deleted(self):
        survey = self._survey()
        survey.action_send()
        self._rate(survey.answer_ids[0], 4)
        self.person.unlink()
        self.assertFalse(survey.partner_id)
        self.assertEqual(survey.score, 4)

    def test_answers_make_the_score_and_the_trend(self):
        before = self._survey()
        before.action_send()
        self._rate(before.answer_ids[0], 3)
        self._rate(before.answer_ids[1], 1, "Nobody called me")
        self.assertEqual((before.state, before.score), ("answered", 2))
        self.assertEqual(before.answer_ids[1].comment, "Nobody called me")
        self.assertEqual((self.account.survey_score, self.account.survey_trend), (2, 0))
        after = self._survey()
        after.action_send()
        self._rate(after.answer_ids[0], 5)
        self.assertEqual((self.account.survey_score, self.account.survey_trend), (5, 3))
        [(average,)] = self.env["kam.survey"]._read_group(
            [("account_id", "=", self.account.id)], [], ["score:avg"]
        )
        self.assertEqual(average, 3.5)

    def test_person_without_address_or_asked_before_is_refused(self):
        survey = self._survey()
        survey.action_send()
        with self.assertRaisesRegex(UserError, "sent already"):
            survey.action_send()
        self.person.email = False
        with self.assertRaisesRegex(UserError, "no mail address"):
            self._survey().action_send()

    def test_person_last_spoken_to_is_suggested(self):
        other = self.person.copy({"name": "Otto", "parent_id": self.customer.id})
        self._touch("2020-03-10", partner_id=other.id)
        action = self.account.with_user(self.anna).action_ask_survey()
        self.assertEqual(action["context"]["default_partner_id"], other.id)

    def test_survey_is_of_the_accounts_team(self):
        survey = self._survey()
        survey.action_send()
        for record in (survey, survey.answer_ids):
            with self.assertRaises(AccessError):
                record.with_user(self.boris).read(["score"])
            self.assertTrue(record.with_user(self.head).read(["score"]))
        with self.assertRaises(AccessError):
            survey.answer_ids.with_user(self.anna).write({"score": 5})
        with self.assertRaises(AccessError):
            self.env["kam.survey"].with_user(self.boris).create(
                {"account_id": self.account.id, "partner_id": self.person.id}
            )

    def test_course_of_a_survey_cannot_be_typed_in(self):
        """A manager could write the score, or the date, of his own surveys."""
        survey = self._survey()
        for values in (
            {"state": "answered"},
            {"score": 5},
            {"date": "2020-01-01"},
            {"answer_date": "2020-01-01"},
            {"user_id": self.boris.id},
        ):
            with (
                self.subTest(values),
                self.assertRaisesRegex(AccessError, "cannot be edited"),
            ):
                survey.write(values)
            with (
                self.subTest(values),
                self.assertRaisesRegex(AccessError, "cannot be edited"),
            ):
                self._survey(**values)
        sneaky = survey.with_context(default_score=5, default_date="2020-01-01")
        values = {"account_id": self.account.id, "partner_id": self.person.id}
        self.assertRecordValues(sneaky.create(values), [{"score": 0, "date": False}])
        self.assertEqual(survey.copy().state, "draft")

    def test_person_asked_is_of_the_customer_and_stays(self):
        rival = self._create_customer("Rival Machines")
        with self.assertRaisesRegex(UserError, "nobody of Meyer"):
            self._survey(partner_id=rival.id)
        with self.assertRaisesRegex(UserError, "nobody of Meyer"):
            self._survey().partner_id = rival
        survey = self._survey()
        survey.action_send()
        with self.assertRaisesRegex(UserError, "whom it went to stays"):
            survey.partner_id = self.person.copy()

    def test_survey_does_not_move_to_a_hidden_account(self):
        """Rules are asked before the write: the new account was not looked at."""
        hidden = self._account(self._create_customer("Rival Machines"))
        with self.assertRaises(AccessError):
            self._survey().write(
                {"account_id": hidden.id, "partner_id": hidden.partner_id.id}
            )

    def test_keys_to_answer_with_are_for_the_person_asked_alone(self):
        """Colleagues read the keys in ratings and in the log, and could answer."""
        survey = self._survey()
        survey.action_send()
        ratings = survey.answer_ids.sudo().rating_ids
        self.assertEqual(len(ratings), 2)
        for user in (self.anna, self.head):
            Rating = self.env["rating.rating"].with_user(user)
            self.assertFalse(Rating.search([("id", "in", ratings.ids)]))
            with self.assertRaises(AccessError):
                ratings.with_user(user).read(["access_token"])
            with self.assertRaises(AccessError):
                ratings.with_user(user).write({"rating": 5, "consumed": True})
            Message = self.env["mail.message"].with_user(user)
            self.assertFalse(Message.search([("body", "ilike", "/rate/")]))
        self.assertIn("mailed to", str(survey.message_ids.mapped("body")))

    def test_last_click_of_the_person_counts(self):
        survey = self._survey()
        survey.action_send()
        self._rate(survey.answer_ids[0], 1)
        self._rate(survey.answer_ids[0], 5)
        self.assertEqual(survey.score, 5)

    def test_merged_accounts_keep_their_surveys(self):
        survey = self._survey()
        rival = self._account(self._create_customer("Rival Machines"))
        self.account._merge_twins({self.account: rival})
        self.assertEqual(survey.sudo().account_id, rival)


@tagged("post_install", "-at_install")
class TestSurveyPage(SurveyCommon, HttpCase):
    def test_link_in_the_mail_works_without_login(self):
        survey = self._survey()
        survey.action_send()
        answer = survey.answer_ids[0].sudo()
        token = answer._rating_get_access_token(self.person)
        page = self.url_open(f"/rate/{token}/5")
        self.assertEqual(page.status_code, 200)

    def test_page_names_the_question_and_goes_on_to_the_other(self):
        survey = self._survey()
        survey.action_send()
        first, second = survey.answer_ids.sudo()
        token = first._rating_get_access_token(self.person)
        page = self.url_open(f"/rate/{token}/3")
        self.assertIn(first._get_question(), page.text)
        self.assertNotIn("rating our services", page.text)
        self.authenticate(None, None)
        data = {"rate": 3, "csrf_token": http.Request.csrf_token(self)}
        page = self.url_open(f"/rate/{token}/submit_feedback", data=data)
        self.assertEqual(first.score, 3)
        self.assertIn("One question is left", page.text)
        self.assertIn(second._get_question(), page.text)
        token = second._rating_get_access_token(self.person)
        self.assertIn(f"/rate/{token}/5", page.text)
        page = self.url_open(f"/rate/{token}/submit_feedback", data={**data, "rate": 5})
        self.assertNotIn("One question is left", page.text)
        self.assertEqual((survey.state, survey.score), ("answered", 4))

    def test_mail_is_headed_by_our_name_and_not_by_that_of_the_person(self):
        survey = self._survey()
        survey.action_send()
        mail = self.env["mail.mail"].search([], order="id desc", limit=1)
        self.assertNotIn("Customer Survey", mail.body_html)
        self.assertIn(self.company.name, mail.body_html)
