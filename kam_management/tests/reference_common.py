"""Words to speak of references with: a content customer, and who of them recommends us."""

from datetime import date

from .complaint_common import TODAY, ComplaintCommon


class ReferenceCommon(ComplaintCommon):
    """An account that Anna leads, which bought lately and rated us well."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.manager_id = cls.anna
        cls.ada = cls._dossier("Ada", "decides")
        cls._order("2026-05-01")
        cls._give_rating(cls.account, 5, "2026-06-01", cls.ada.partner_id)
        cls._refresh(as_of=date(2026, 6, 15))
        cls.Reference = cls.env["kam.reference"]

    @classmethod
    def _ask(cls, **values):
        return cls.Reference.with_user(cls.anna).create(
            {
                "account_id": cls.account.id,
                "partner_id": cls.ada.partner_id.id,
                **values,
            }
        )

    @classmethod
    def _give(cls, **values):
        """Return a reference that was given."""
        reference = cls._ask(**{"consent": "Ada, by mail", **values})
        reference.action_give()
        return reference


__all__ = ["TODAY", "ReferenceCommon"]
