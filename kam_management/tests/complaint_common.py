"""Words to complain with: a customer's account, its manager, and what is reported."""

from freezegun import freeze_time

from .stakeholder_common import StakeholderCommon

TODAY = "2026-06-15"  # a Monday


class ComplaintCommon(StakeholderCommon):
    """An account that Anna leads and the head answers for, at noon of a Monday."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(f"{TODAY} 10:00:00"))
        cls.Complaint = cls.env["kam.complaint"]
        cls.company.resource_calendar_id.tz = "UTC"
        cls.account.accountable_id = cls.head
        # levels of the tests alone
        cls.Level = cls.env["kam.complaint.level"]
        cls.Level.search([]).unlink()

    @classmethod
    def _complain(cls, **values):
        return cls.Complaint.with_user(cls.anna).create(
            {"name": "Oil in the air", "account_id": cls.account.id, **values}
        )

    def _answer(self, complaint, **values):
        """Log a conversation about a complaint as Anna does."""
        context = complaint.with_user(self.anna).action_answer()["context"]
        talk = self.env["kam.talk"].with_user(self.anna).with_context(**context)
        said = {"person_name": "Ada", "note": "We look into it", **values}
        talk.create(said).action_save()
