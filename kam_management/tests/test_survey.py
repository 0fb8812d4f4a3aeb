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
        answer.rating_apply(stars, answer._get_rating_key(), feedback=feedback)


@tagged("post_install", "-at_install")
class TestSurvey(SurveyCommon, MailCase):
    """Two questions by mail, answered by clicks, with a trend on the account."""

    def test_mail_asks_both_questions_of_the_person(self):
        survey = self._survey()
        with self.mock_mail_gateway():
            survey.action_send()
            self._new_mails.send()
        self.assertEqual(survey.state, "sent")
        self.assertEqual(survey.answer_ids.mapped("question"), ["informed", "care"])
        [mail] = self._mails
        self.assertEqual(mail["email_to"], ['"Ines" <ines@meyer.example>'])
        for answer in survey.answer_ids.sudo():
            self.assertIn(f"/rate/{answer.rating_ids.access_token}/5", mail["body"])
            self.assertIn(answer._get_question(), mail["body"])

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
        after = self._survey()
        after.action_send()
        self._rate(after.answer_ids[0], 5)
        [(average,)] = self.env["kam.survey"]._read_group(
            [("account_id", "=", self.account.id)], [], ["score:avg"]
        )
        self.assertEqual(average, 3.5)

    def test_person_without_address_or_asked_before_is_refused(self):
        survey = self._survey()
        survey.action_send()
        with self.assertRaisesRegex(UserError, "already sent"):
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
        with self.assertRaisesRegex(UserError, "not a contact of Meyer"):
            self._survey(partner_id=rival.id)
        with self.assertRaisesRegex(UserError, "not a contact of Meyer"):
            self._survey().partner_id = rival
        survey = self._survey()
        survey.action_send()
        with self.assertRaisesRegex(UserError, "recipient cannot be changed"):
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
        for answer in survey.answer_ids.sudo():
            answer._get_rating_key()
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

    def test_answer_is_not_forged_with_a_rating_of_ones_own(self):
        """A rating of the user, moved to the answer, was the customer's."""
        answer = self._sent_survey().answer_ids.sudo()[0]
        rating = (
            self.env["rating.rating"]
            .with_user(self.anna)
            .create(
                {
                    "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                    "res_id": self.anna.partner_id.id,
                    "rating": 5,
                    "consumed": True,
                }
            )
        )
        model = self.env["ir.model"]._get(answer._name)
        refused = self.assertRaisesRegex(AccessError, "Only the customer")
        with refused, self.env.cr.savepoint():
            rating.write({"res_model_id": model.id, "res_id": answer.id})
        mine = answer.with_user(self.anna)
        with self.assertRaisesRegex(AccessError, "Only the customer"):
            mine.rating_apply(5, token=rating.access_token)
        with self.assertRaisesRegex(AccessError, "Only the customer"):
            mine.message_post(body="Fine", rating_value=5)
        self.assertEqual(answer.score, 0)

    def test_keys_are_in_nothing_that_is_stored(self):
        """The mail that waited to be sent held the links to answer with."""
        survey = self._sent_survey()
        keys = [answer._get_rating_key() for answer in survey.answer_ids.sudo()]
        mail = self.env["mail.mail"].search([], order="id desc", limit=1)
        self.assertEqual(mail.email_to, '"Ines" <ines@meyer.example>')
        self.assertFalse(mail.recipient_ids)
        for text in (mail.body_html, mail.body, survey.message_ids.mapped("body")):
            self.assertFalse([key for key in keys if key in str(text)])

    def test_preview_of_the_mail_shows_no_key(self):
        """Who previewed the template of the mail could answer for the customer."""
        survey = self._sent_survey()
        template = self.env.ref("kam_management.mail_template_survey")
        preview = self.env["mail.template.preview"].with_user(self.anna)
        preview = preview.create(
            {
                "mail_template_id": template.id,
                "resource_ref": f"{survey._name},{survey.id}",
            }
        )
        self.assertIn("How far do you agree", preview.body_html)
        self._check_no_key(survey, preview.body_html)

    def test_mail_to_anybody_else_holds_no_key(self):
        """Who sent the template to themselves got the links of the customer."""
        survey = self._sent_survey()
        template = self.env.ref("kam_management.mail_template_survey")
        template = template.with_user(self.anna)
        stranger = self.person.copy({"name": "Otto", "email": "otto@meyer.example"})
        with self.mock_mail_gateway():
            template.send_mail(
                survey.id,
                force_send=True,
                email_values={"email_to": "me@home.example", "email_cc": "x@y.example"},
            )
            for people in (self.anna.partner_id, stranger):
                survey.message_mail_with_source(
                    "kam_management.mail_template_survey", partner_ids=people.ids
                )
            survey.message_post_with_source(
                "kam_management.mail_template_survey", partner_ids=stranger.ids
            )
            self._new_mails.send()
        self.assertTrue(self._mails)
        for mail in self._mails:
            if "ines@meyer.example" not in str(mail["email_to"]):
                self._check_no_key(survey, mail["body"])
        self._check_no_key(survey, survey.message_ids.mapped("body"))

    def test_address_of_one_of_us_is_not_asked(self):
        """A manager could enter an own address on the contact."""
        colleague = self._create_user("otto", "base.group_user")
        colleague.email = "otto@ours.example"
        colleague.active = False
        for address in (
            self.anna.email_normalized,
            f"ines@meyer.example, {self.anna.email_normalized}",
            "otto@ours.example",
            "otto+ines@ours.example",
        ):
            with self.subTest(address=address):
                self.person.email = address
                with self.assertRaisesRegex(UserError, "our own addresses"):
                    self._survey().action_send()

    def test_address_changed_afterwards_gets_no_mail(self):
        """The log named one address, and the keys went to another."""
        survey = self._sent_survey()
        mail = survey.sudo().mail_id
        self.person.with_user(self.anna).email = "anna@home.example"
        with self.mock_mail_gateway():
            mail.send()
        [sent] = self._mails
        self.assertEqual(sent["email_to"], ['"Ines" <ines@meyer.example>'])
        self.assertIn(
            f"/rate/{survey.answer_ids.sudo()[0]._get_rating_key()}/", sent["body"]
        )
        self.assertIn("ines@meyer.example", str(survey.message_ids.mapped("body")))

    def test_no_other_mail_takes_the_keys_along(self):
        """A mark in any message to the person became the key, even after the survey."""
        survey = self._sent_survey()
        marks = " ".join(
            answer._rating_get_access_token() for answer in survey.answer_ids
        )
        for address in ("ines@meyer.example", "anna@home.example"):
            self.person.with_user(self.anna).email = address
            with self.subTest(address=address), self.mock_mail_gateway():
                for record in (self.account, survey):
                    record.with_user(self.anna).message_post(
                        body=f"Dear Ines, {marks}",
                        partner_ids=self.person.ids,
                        subtype_xmlid="mail.mt_comment",
                    )
                (self._new_mails - survey.sudo().mail_id).send()
                self.assertEqual(len(self._mails), 2)
                for mail in self._mails:
                    self.assertIn(marks, mail["body"])
                self._check_no_key(survey, self._mails)

    def test_nobody_says_which_mail_is_the_surveys(self):
        survey = self._sent_survey()
        own = survey.sudo().mail_id
        for user in (self.anna, self.head):
            mine = survey.with_user(user)
            for attempt in (
                lambda s=mine: s.write({"mail_id": own.id}),
                lambda s=mine: s.read(["mail_id"]),
                lambda s=mine: s.create(
                    {
                        "account_id": self.account.id,
                        "partner_id": self.person.id,
                        "mail_id": own.id,
                    }
                ),
                lambda s=mine: s.search([("mail_id", "=", own.id)]),
            ):
                with self.assertRaises(AccessError):
                    attempt()
        self.assertFalse(survey.copy().sudo().mail_id)
        own.unlink()
        self.assertFalse(survey.sudo().mail_id)

    def test_copies_of_the_template_bring_no_key_to_a_third_address(self):
        """Whoever may change the template gets no copy of what the person gets."""
        template = self.env.ref("kam_management.mail_template_survey")
        template.write({"email_cc": "anna@home.example", "email_to": "x@home.example"})
        with self.mock_mail_gateway():
            self._survey().action_send()
            self._new_mails.send()
        [mail] = self._mails
        self.assertEqual(mail["email_to"], ['"Ines" <ines@meyer.example>'])
        self.assertFalse(mail["email_cc"])

    def test_key_is_not_found_by_searching(self):
        survey = self._sent_survey()
        answer = survey.answer_ids[0]
        key = answer.sudo()._get_rating_key()
        for user in (self.anna, self.head):
            Answer = answer.with_user(user).browse()
            token = [("access_token", "=like", f"{key[:3]}%")]
            domain = [("rating_ids.access_token", "=like", f"{key[:3]}%")]
            for attempt in (
                lambda A=Answer, d=domain: A.search(d),
                lambda A=Answer, t=token: A.search([("rating_ids", "any", t)]),
                lambda a=answer, u=user: a.with_user(u).read(["rating_ids"]),
                lambda a=answer, u=user: a.with_user(u).export_data(
                    ["rating_ids/access_token"]
                ),
                lambda A=Answer: A.formatted_read_group([], ["rating_ids"]),
            ):
                # not even exported, whoever may export
                with self.assertRaises(UserError):
                    attempt()
        template = self.env["mail.template"].create(
            {
                "model_id": self.env["ir.model"]._get_id(answer._name),
                "body_html": "<p t-out='object._rating_get_access_token()'/>",
            }
        )
        body = template.with_user(self.anna)._render_field("body_html", answer.ids)
        self._check_no_key(survey, body)

    def test_mark_in_any_mail_does_no_harm(self):
        for number in (0, 123456789, 10**12):
            body = f"kam-answer-{number}"
            mail = self._sent_survey().sudo().mail_id
            filled = self.env["kam.survey.answer"]._fill_in_keys(body, mail)
            self.assertEqual(filled, body)

    def _sent_survey(self):
        """Return a survey that has gone out, with the keys to its answers."""
        survey = self._survey()
        survey.action_send()
        for answer in survey.sudo().answer_ids:
            answer._get_rating_key()
        return survey

    def _check_no_key(self, survey, text):
        """Check that a text holds no key of a survey."""
        ratings = survey.sudo().answer_ids.rating_ids
        self.assertEqual(len(ratings), 2)
        for rating in ratings:
            self.assertNotIn(rating.access_token, str(text))

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
        token = answer._get_rating_key()
        page = self.url_open(f"/rate/{token}/5")
        self.assertEqual(page.status_code, 200)

    def test_page_names_the_question_and_goes_on_to_the_other(self):
        survey = self._survey()
        survey.action_send()
        first, second = survey.answer_ids.sudo()
        token = first._get_rating_key()
        page = self.url_open(f"/rate/{token}/3")
        self.assertIn(first._get_question(), page.text)
        self.assertNotIn("rating our services", page.text)
        self.authenticate(None, None)
        data = {"rate": 3, "csrf_token": http.Request.csrf_token(self)}
        page = self.url_open(f"/rate/{token}/submit_feedback", data=data)
        self.assertEqual(first.score, 3)
        self.assertIn("One question is left", page.text)
        self.assertIn(second._get_question(), page.text)
        token = second._get_rating_key()
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
