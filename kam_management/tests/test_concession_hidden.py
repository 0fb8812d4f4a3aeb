from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import HttpCase, new_test_user, tagged

from .test_concession_approval import ApprovalCommon


@tagged("post_install", "-at_install")
class TestConcessionHidden(ApprovalCommon, HttpCase):
    """The customer sees no price that waits for an approval."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = new_test_user(cls.env, "offer_portal", groups="base.group_portal")
        cls.portal.partner_id.parent_id = cls.customer

    def _own(self, **values):
        """Return a quotation to the portal user, lowered from 1000 to 777."""
        order = self._lowered(77.7, partner_id=self.portal.partner_id.id, **values)
        return order.sudo()

    def test_page_and_paper_are_closed_until_it_is_approved(self):
        order = self._own()
        url = order.get_portal_url()
        self.authenticate("offer_portal", "offer_portal")
        for address in (
            url,
            f"{url}&report_type=html",
            f"{url}&report_type=pdf&download=true",
            "/my/quotes",
        ):
            page = self.url_open(address).text
            self.assertIn("eing revised", page, address)
            self.assertNotIn("777", page, address)
        self._asked(order.with_user(self.anna)).action_approve()
        for address in (url, f"{url}&report_type=html", "/my/quotes"):
            page = self.url_open(address).text
            self.assertNotIn("eing revised", page, address)
            self.assertIn("777", page, address)

    def test_whoever_has_the_link_sees_no_more(self):
        order = self._own()
        page = self.url_open(order.get_portal_url()).text
        self.assertIn("being revised", page)
        self.assertNotIn("777", page)

    def test_nobody_signs_it_before_it_is_approved(self):
        order = self._own(require_signature=True, require_payment=False)
        url = f"/my/orders/{order.id}/accept"
        params = {
            "access_token": order._portal_ensure_token(),
            "name": "Eva",
            "signature": "iVBORw0KGgo=",
        }
        self.assertIn("error", self.make_jsonrpc_request(url, params))
        self.assertEqual(order.state, "sent")
        self.assertFalse(order.signed_by)

    def test_the_salesperson_prints_it_only_then_the_head_looks(self):
        order = self._own()
        report = self.env["ir.actions.report"]
        name = "sale.report_saleorder"
        with self.assertRaisesRegex(UserError, "Request Approval"):
            report.with_user(self.anna)._render_qweb_html(name, order.ids)
        html, _kind = report.with_user(self.head)._render_qweb_html(name, order.ids)
        self.assertIn(b"777", html)
        self.assertFalse(order.kam_approval_ids)

    def test_no_field_of_ours_is_read_from_outside(self):
        order = self._own()
        mine = order.with_user(self.portal)
        self.assertTrue(mine.amount_total)
        for record in (mine, mine.order_line, mine.partner_id):
            offered = record.fields_get()
            ours = {name for name in offered if name.startswith("kam_")}
            # the buttons of the form ask whether it is locked: it never is for them
            known = {"kam_commercial_partner_id", "kam_is_locked"}
            self.assertLessEqual(ours, known, record)
        self.assertTrue(order.with_user(self.anna).kam_is_locked)
        self.assertFalse(mine.kam_is_locked)

    # Many at once

    def test_mailed_to_many_at_once_each_is_sent(self):
        orders = self._draft() | self._draft(user_id=self.guest.id)
        sent = self._sent()
        self.limit.unlink()
        self._mail_many(orders | sent, user=self.head)
        self.assertEqual(orders.mapped("state"), ["sent", "draft"])
        self.assertEqual(orders[0].kam_follow_up, "receipt")
        self.assertEqual([len(o.kam_version_ids) for o in orders | sent], [1, 0, 2])

    def test_mailed_to_many_at_once_none_is_beyond_the_limit(self):
        with self.assertRaisesRegex(UserError, "Request Approval"):
            self._mail_many(self._sent() | self._lowered().sudo())

    def test_a_letter_to_many_is_no_quotation(self):
        order = self._draft()
        template = self.env.ref("sale.email_template_edi_sale").copy()
        template.report_template_ids = [Command.clear()]
        self._mail_many(order, template)
        self.assertEqual(order.state, "draft")

    def _mail_many(self, orders, template=None, user=None):
        template = template or self.env.ref("sale.email_template_edi_sale")
        orders = orders.with_user(user or self.anna)
        action = orders.with_context(hide_default_template=True).action_quotation_send()
        context = {**action["context"], "default_composition_mode": "mass_mail"}
        composer = orders.env["mail.compose.message"].with_context(**context)
        composer.create({"template_id": template.id})._action_send_mail()

    # At once

    def test_whether_many_wait_is_asked_together(self):
        def count(orders):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertEqual({*orders.sudo().mapped("kam_approval")}, {"needed"})
            return self.cr.sql_log_count - before

        few = self._lowered() | self._lowered()
        more = few.union(*(self._lowered() for _number in range(6)))
        count(few)
        self.assertEqual(count(few), count(more))
