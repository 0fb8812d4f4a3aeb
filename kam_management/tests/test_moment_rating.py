from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from .moment_common import MomentCommon


@tagged("post_install", "-at_install")
class TestMomentRating(MomentCommon, HttpCase):
    """The customer is asked when the moment is done, and rates by a click."""

    def _asked(self, **values):
        template = {"question": "How satisfied are you?", **values}
        self._template("confirmed", **template)
        moment = self._moments(self._ordered())
        moment.activity_ids.action_done()
        return moment

    def test_contact_of_the_order_is_asked_when_it_is_done(self):
        moment = self._asked()
        self.assertTrue(moment.date_asked)
        mail = moment.sudo().rating_mail_id
        self.assertEqual(mail.email_to, '"Eva" <eva@meyer.example>')
        self.assertEqual(mail.subject, "How satisfied are you?")
        key = moment.sudo()._get_rating_key()
        self.assertNotIn(key, str(mail.body_html))
        [sent] = mail._prepare_outgoing_list()
        self.assertIn(f"/rate/{key}/5", sent["body"])

    def test_nobody_is_asked_without_a_question(self):
        self.assertFalse(self._asked(question=False).date_asked)

    def test_nobody_is_asked_who_wants_no_mail(self):
        self.eva.kam_do_not_contact = True
        self.assertFalse(self._asked().date_asked)

    def test_who_is_not_satisfied_is_called(self):
        moment = self._asked()
        key = moment.sudo()._get_rating_key()
        self.env.cr.flush()
        response = self.url_open(f"/rate/{key}/1")
        self.assertEqual(response.status_code, 200)
        moment.rating_apply(1, token=key)
        moment.rating_apply(1, token=key)
        self.assertEqual(moment.satisfaction, 1)
        calls = self._steps(moment.order_id)
        self.assertEqual(len(calls), 1)
        self.assertIn("not satisfied", calls.summary)
        self.assertEqual(calls.user_id, self.anna)

    def test_only_the_customer_rates(self):
        moment = self._asked()
        key = moment.sudo()._get_rating_key()
        moment.rating_apply(5, token=key)
        self.assertEqual(moment.satisfaction, 5)
        with self.assertRaises(AccessError):
            moment.with_user(self.anna).satisfaction = 5
        ratings = self.env["rating.rating"].with_user(self.anna)
        self.assertFalse(ratings.search([("res_model", "=", "kam.moment")]))
