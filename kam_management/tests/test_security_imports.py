from odoo.tests import tagged
from odoo.tools import mute_logger

from .stakeholder_common import StakeholderCommon


@tagged("post_install", "-at_install")
class TestSecurityImports(StakeholderCommon):
    """A file gives names to the records it is about, and takes them from no others.

    Anna leads Meyer, where there is a dossier on Otto; Boris leads Rival.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.otto = cls._dossier("Otto")
        cls.rival = cls._account(cls._create_customer("Rival"))
        cls.rival.manager_id = cls.boris

    def _load(self, model, row, **context):
        """Load one row as Anna; return its ids, and the messages as one text."""
        Model = self.env[model].with_user(self.anna).with_context(**context)
        with mute_logger("odoo.addons.base.models.ir_rule"):
            result = Model.load(list(row), [list(row.values())])
        return result["ids"], " ".join(m["message"] for m in result["messages"])

    def _get_owner(self, xml_id):
        """Return (model, id) of what an external id belongs to, None if to nothing."""
        module, name = xml_id.split(".")
        row = self.env["ir.model.data"].search(
            [("module", "=", module), ("name", "=", name)]
        )
        return row and (row.model, row.res_id)

    def _iterate_rows(self):
        """Yield (model, row) about records of Anna's that are there."""
        yield "kam.account", {"partner_id/.id": str(self.customer.id)}
        yield (
            "kam.stakeholder",
            {
                "account_id/.id": str(self.account.id),
                "partner_id/.id": str(self.otto.partner_id.id),
                "goals": "Less waste",
            },
        )

    def test_external_ids_of_the_system_stay(self):
        """The group of heads became a dossier: nobody was a head any more."""
        for model, row in self._iterate_rows():
            for xml_id in (
                "kam_management.group_kam_manager",
                "kam_management.mail_template_survey",
                "base.main_company",
                "base.group_system",
            ):
                for context in ({}, {"import_file": True}, {"mode": "update"}):
                    owner = self._get_owner(xml_id)
                    with self.subTest(model=model, xml_id=xml_id, context=context):
                        ids, words = self._load(model, {"id": xml_id, **row}, **context)
                        self.assertFalse(ids)
                        self.assertIn("belongs to a record of another kind", words)
                        self.assertEqual(self._get_owner(xml_id), owner)
        module, name = "kam_management", "group_kam_manager"
        for model, row in self._iterate_rows():
            ids, _words = self._load(model, {"id": name, **row}, module=module)
            self.assertFalse(ids)
        self.assertTrue(self.head.has_group(f"{module}.{name}"))
        self.assertFalse(self.otto.goals)

    def test_external_id_of_another_record_of_the_kind_stays(self):
        """The row is about the record it names: one must be allowed to see that."""
        self.env["ir.model.data"]._update_xmlids(
            [{"xml_id": "old_erp.rival", "record": self.rival}]
        )
        row = {"id": "old_erp.rival", "partner_id/.id": str(self.customer.id)}
        ids, _words = self._load("kam.account", row)
        self.assertFalse(ids)
        self.assertEqual(
            self._get_owner("old_erp.rival"), ("kam.account", self.rival.id)
        )

    def test_record_is_not_named_as_if_an_app_had_brought_it(self):
        """The next update of the app would have deleted it."""
        for model, row in self._iterate_rows():
            with self.subTest(model=model):
                xml_id = "kam_management.brought_by_nobody"
                ids, words = self._load(model, {"id": xml_id, **row})
                self.assertFalse(ids)
                self.assertIn("would belong to the app “kam_management”", words)
                self.assertFalse(self._get_owner(xml_id))

    def test_only_who_may_change_a_record_names_it(self):
        """Anna reads her quota; a row without any change was never refused."""
        quota = self.env["kam.quota"].create(
            {"user_id": self.anna.id, "period": "month", "date_start": "2099-03-01"}
        )
        row = {
            "scope": "manager",
            "user_id/.id": str(self.anna.id),
            "period": "month",
            "date_start": "2099-03-01",
        }
        ids, words = self._load("kam.quota", {"id": "mine.quota", **row})
        self.assertFalse(ids)
        self.assertTrue(words)
        self.assertFalse(self._get_owner("mine.quota"))
        self.assertTrue(quota.with_user(self.anna).has_access("read"))

    def test_own_names_are_given_kept_and_given_anew(self):
        for number, (model, row) in enumerate(self._iterate_rows()):
            xml_id = f"old_erp.m{number}"
            with self.subTest(model=model):
                ids, words = self._load(model, {"id": xml_id, **row})
                self.assertEqual(words, "")
                self.assertEqual(self._get_owner(xml_id), (model, *ids))
                self.assertEqual(self._load(model, {"id": xml_id, **row}), (ids, ""))
        gone = self._dossier("Ines")
        self.env["ir.model.data"]._update_xmlids(
            [{"xml_id": "old_erp.gone", "record": gone}]
        )
        self.env.cr.execute("DELETE FROM kam_stakeholder WHERE id = %s", [gone.id])
        [_account, (model, row)] = self._iterate_rows()
        ids, words = self._load(model, {"id": "old_erp.gone", **row})
        self.assertEqual((ids, words), (self.otto.ids, ""))
        self.assertEqual(self._get_owner("old_erp.gone"), (model, self.otto.id))
