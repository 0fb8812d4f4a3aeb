from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import Form, tagged

from .deal_common import DealCommon


@tagged("post_install", "-at_install")
class TestDealQualification(DealCommon):
    """A telemarketer qualifies a lead; a developer goes on with it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._deal(type="lead", user_id=cls.boris.id)
        cls.account.write(
            {"telemarketer_id": cls.boris.id, "developer_id": cls.anna.id}
        )
        cls.mine = cls.lead.with_user(cls.boris)

    def _open(self, lead=None):
        action = (lead or self.mine).action_kam_qualify()
        Dialog = self.env[action["res_model"]].with_user(self.boris)
        return Form(Dialog.with_context(**action["context"]))

    def _qualify(self, fit="yes", need="yes", **values):
        form = self._open()
        form.fit, form.need = fit, need
        for name, value in values.items():
            form[name] = value
        return form.save().action_apply()

    def test_the_result_is_proposed(self):
        form = self._open()
        self.assertEqual(form.result, "nurture")
        self.assertEqual(form.sales_type, "project", "as the customer buys")
        self.assertEqual(form.developer_id, self.anna)
        for fit, need, result in (
            ("yes", "yes", "qualified"),
            ("yes", "unclear", "nurture"),
            ("yes", "no", "unqualified"),
            ("no", "yes", "unqualified"),
        ):
            form.fit, form.need = fit, need
            self.assertEqual(form.result, result)

    def test_who_qualified_it_and_when_is_kept(self):
        self._qualify("no", need_note="Too small")
        self.assertRecordValues(
            self.lead,
            [
                {
                    "kam_qualification": "unqualified",
                    "kam_qualified_by_id": self.boris.id,
                    "kam_qualified_date": date(2026, 1, 12),
                    "kam_fit": "no",
                    "kam_need": "yes",
                    "kam_need_note": "Too small",
                    "type": "lead",
                }
            ],
        )
        self.assertFalse(self.lead.kam_own_sales_type, "it still follows the customer")

    def test_a_qualified_lead_is_converted_for_the_developer(self):
        action = self._qualify(sales_type="consultative")
        self.assertEqual(self.lead.kam_sales_type, "consultative")
        convert = Form(
            self.env[action["res_model"]]
            .with_user(self.boris)
            .with_context(**action["context"])
        )
        self.assertEqual(convert.user_id, self.anna)
        convert.name = "convert"  # not merged with the other deal
        convert.save().action_apply()
        self.assertRecordValues(
            self.lead,
            [
                {
                    "type": "opportunity",
                    "user_id": self.anna.id,
                    "kam_qualification": "qualified",
                    "kam_sales_type": "consultative",
                }
            ],
        )

    def test_only_the_dialog_says_who_qualified_it(self):
        for values in (
            {"kam_qualification": "qualified"},
            {"kam_qualified_by_id": self.anna.id},
        ):
            with self.assertRaises(AccessError):
                self.mine.write(values)

    def test_what_is_no_lead_is_not_qualified(self):
        with self.assertRaisesRegex(UserError, "no open lead"):
            self._deal(user_id=self.boris.id).with_user(self.boris).action_kam_qualify()
        form = self._open()
        form.fit = form.need = "yes"
        dialog = form.save()
        self.lead.action_set_lost()
        with self.assertRaisesRegex(UserError, "no open lead"):
            dialog.action_apply()

    def test_a_colleagues_lead_is_not_qualified(self):
        other = self._account(self._create_customer("Other"))
        lead = self._deal(
            type="lead", partner_id=other.partner_id.id, user_id=self.anna.id
        )
        with self.assertRaises(AccessError):
            self._open(lead.with_user(self.boris))

    def test_leads_to_qualify_are_found(self):
        domain = self.env["crm.lead"]._get_kam_unqualified_domain()
        mine = domain & Domain("id", "in", (self.lead + self._deal()).ids)
        self.assertEqual(self.mine.search(mine), self.lead)
        self._qualify("no")
        self.assertFalse(self.mine.search(mine))

    def test_it_goes_along_when_leads_are_merged(self):
        self._qualify("yes", "unclear")
        other = self._deal(probability=90)
        left = (self.lead + other).merge_opportunity(auto_unlink=True)
        self.assertRecordValues(
            left,
            [{"kam_qualification": "nurture", "kam_qualified_by_id": self.boris.id}],
        )
