from odoo import Command
from odoo.tests import Form

from .common import KamCommon


class TalkCommon(KamCommon):
    """A customer of Anna's with two people, and the dialog to talk to them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls._account()
        cls.account.manager_id = cls.anna
        cls.company.kam_touch_days_engaged = 30
        cls.eva, cls.otto = cls.env["res.partner"].create(
            [{"name": name, "parent_id": cls.customer.id} for name in ("Eva", "Otto")]
        )
        cls.role = cls.env["kam.stakeholder.role"].search([], limit=1)
        cls.call = cls.env.ref("mail.mail_activity_data_call")

    def _talk(self, user=None, **values):
        """Return the dialog as a client would make it that notes a word with Eva."""
        Talk = self.env["kam.talk"].with_user(user or self.anna)
        said = {"account_id": self.account.id, "note": "Talked", **values}
        with_whom = {"partner_ids", "person_name"}
        if said["account_id"] == self.account.id and with_whom.isdisjoint(values):
            said["partner_ids"] = self.eva.ids
        return Talk.create(said)

    def _open(self, action, user=None):
        """Return the form of the dialog as a button opens it."""
        Talk = self.env["kam.talk"].with_user(user or self.anna)
        self.assertEqual((action["res_model"], action["target"]), ("kam.talk", "new"))
        return Form(
            Talk.with_context(**{"default_note": "Talked", **action["context"]})
        )

    def _activity(self, record, **values):
        """Return a call of Anna's that is planned on a record."""
        return record.activity_schedule(
            act_type_xmlid="mail.mail_activity_data_call",
            user_id=self.anna.id,
            **values,
        ).with_user(self.anna)

    def _quotation(self):
        """Return a quotation of Anna's that has been sent to Eva."""
        order = self.env["sale.order"].create(
            {
                "partner_id": self.eva.id,
                "company_id": self.company.id,
                "user_id": self.anna.id,
                "order_line": [Command.create({"product_id": self.product.id})],
            }
        )
        order.state = "sent"
        return order.with_user(self.anna)

    def _steps(self, record):
        """Return the next steps that are planned on a record."""
        return self.env["mail.activity"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)]
        )
