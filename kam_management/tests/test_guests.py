from odoo import Command
from odoo.tests import Form, tagged

from .common import KamCommon

# What a salesperson writes and we extend
MODELS = ("crm.lead", "res.partner", "sale.order", "calendar.event", "mail.activity")


@tagged("post_install", "-at_install")
class TestGuests(KamCommon):
    """Colleagues without our groups work as if we were not there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.guest = cls._create_user(
            "guest",
            "sales_team.group_sale_salesman_all_leads,base.group_partner_manager,"
            "base.group_allow_export",
        )
        # a customer with all we keep of one: account, dossier, touches, plan, complaint
        cls.account = cls._account()
        cls.account.manager_id = cls.anna
        cls.person = cls.env["res.partner"].create(
            {"name": "Ines Meyer", "parent_id": cls.customer.id, "email": "ines@x.test"}
        )
        dossier = {"account_id": cls.account.id, "partner_id": cls.person.id}
        cls.dossier = cls.env["kam.stakeholder"].create(dossier)
        cls.order = cls._order("2020-05-01")
        cls._touch("2020-05-01", partner_ids=[Command.set(cls.person.ids)])
        cls.plan = cls.env["kam.plan"].create({"account_id": cls.account.id})
        cls.lead = cls._create_lead(
            kam_stakeholder_ids=[Command.set(cls.dossier.ids)],
            kam_plan_id=cls.plan.id,
        )
        cls.meeting = cls.env["calendar.event"].create(
            {
                "name": "About compressors",
                "start": "2020-05-02 10:00:00",
                "stop": "2020-05-02 11:00:00",
                "partner_ids": [Command.set(cls.person.ids)],
            }
        )
        cls.activity = cls.lead.activity_schedule(
            "mail.mail_activity_data_call", user_id=cls.guest.id
        )
        cls._refresh()

    def test_records_are_duplicated(self):
        copy = self._mine(self.lead).copy()
        self.assertFalse(copy.sudo().kam_stakeholder_ids)
        self.assertFalse(copy.sudo().kam_plan_id)
        for record in (self.customer, self.person, self.order, self.meeting):
            self.assertTrue(self._mine(record).copy(), record)

    def test_forms_are_opened_and_saved(self):
        for record in (self.lead, self.customer, self.person, self.order):
            with self.subTest(record._name), Form(self._mine(record)) as form:
                for name in ("phone", "client_order_ref"):
                    if name in form._view["fields"]:
                        setattr(form, name, "12345")

    def test_all_that_is_seen_is_exported_and_imported_again(self):
        for record in (self.lead, self.customer, self.order, self.meeting):
            with self.subTest(record._name):
                mine = self._mine(record)
                names = [
                    name
                    for name, field in mine.fields_get(
                        attributes=["exportable", "type", "readonly"]
                    ).items()
                    if field.get("exportable", True)
                    and not field["type"].endswith("2many")
                    and not name.startswith("properties_base_")  # the administrator's
                    and not name.startswith(("kam_", "message_", "activity_"))
                ]
                self.assertTrue(mine.export_data(["id", *names])["datas"])
        rows = self._mine(self.lead).export_data(["id", "name", "phone"])["datas"]
        rows[0][1] = "Renamed"
        result = self.lead.with_user(self.guest).load(["id", "name", "phone"], rows)
        self.assertEqual(result["ids"], self.lead.ids, result["messages"])
        self.assertEqual(self.lead.name, "Renamed")

    def test_none_of_our_fields_is_offered(self):
        for model in MODELS:
            offered = self.env[model].with_user(self.guest).fields_get()
            ours = {name for name in offered if name.startswith("kam_")}
            self.assertLessEqual(ours, SEEN.get(model, set()), model)

    def test_leads_are_converted_merged_archived_and_deleted(self):
        loose = self._create_lead(partner_id=False, email_from="new@x.test")
        convert = (
            self.env["crm.lead2opportunity.partner"]
            .with_user(self.guest)
            .with_context(active_model="crm.lead", active_ids=loose.ids)
            .create({"lead_id": loose.id, "name": "convert", "action": "create"})
        )
        convert.action_apply()
        self.assertEqual(loose.type, "opportunity")
        other = self._create_lead()
        merged = self._mine(self.lead | other).merge_opportunity()
        self.assertEqual(merged.sudo().kam_stakeholder_ids, self.dossier)
        merged.action_set_lost()
        merged.action_unarchive()
        merged.action_set_won()
        merged.with_user(self._boss()).unlink()
        self.assertFalse((self.lead | other).exists())

    def test_leads_are_converted_in_mass(self):
        leads = self.env["crm.lead"].union(*(self._create_lead() for _n in range(3)))
        convert = (
            self.env["crm.lead2opportunity.partner.mass"]
            .with_user(self.guest)
            .with_context(active_model="crm.lead", active_ids=leads.ids)
            .create({"deduplicate": False, "user_ids": [Command.set(self.guest.ids)]})
        )
        convert.action_mass_convert()
        self.assertEqual({*leads.exists().mapped("type")}, {"opportunity"})

    def test_contacts_are_archived_restored_and_deleted(self):
        mine = self._mine(self.person)
        mine.active = False
        mine.active = True
        stranger = self._create_customer("Nobody's")
        self._mine(stranger).unlink()
        self.assertFalse(stranger.exists())

    def test_activities_are_done_and_meetings_moved_and_deleted(self):
        self._mine(self.activity).action_feedback(feedback="Talked")
        mine = self._mine(self.meeting)
        mine.write({"start": "2020-05-03 10:00:00", "stop": "2020-05-03 11:00:00"})
        mine.unlink()
        self.assertFalse(self.meeting.exists())

    def _mine(self, record):
        return record.with_user(self.guest).with_context(
            allowed_company_ids=self.company.ids
        )

    def _boss(self):
        return self._create_user("boss", "sales_team.group_sale_manager")

    @classmethod
    def _create_lead(cls, **values):
        return cls.env["crm.lead"].create(
            {
                "name": "Compressor",
                "type": "lead",
                "partner_id": cls.person.id,
                "company_id": cls.company.id,
                "user_id": cls.guest.id,
                **values,
            }
        )


# What everybody may see: who is not to be contacted, and why; whose order it is, and
# whether it waits for an approval, as there may be a limit for them; that an
# activity is a contact, and how it was
SEEN = {
    "mail.activity": {"kam_is_touch", "kam_channel", "kam_outcome", "kam_quality"},
    "sale.order": {
        "kam_commercial_partner_id",
        "kam_approval",
        "kam_is_locked",
        "kam_version_id",
    },
    "res.partner": {"kam_do_not_contact", "kam_do_not_contact_reason"},
}
