"""Words to hand over with: a customer whom Anna leads, with work of hers on it."""

from freezegun import freeze_time

from odoo import Command

from .stakeholder_common import StakeholderCommon

TODAY = "2026-06-15"  # a Monday


class HandoverCommon(StakeholderCommon):
    """An account that Anna leads and the head answers for, on a Monday afternoon."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(f"{TODAY} 16:00:00"))
        cls.Handover = cls.env["kam.handover"]
        cls.account.write({"manager_id": cls.anna.id, "accountable_id": cls.head.id})

    @classmethod
    def _hand_over(cls, **values):
        """Return a handover to Boris, begun by the head."""
        return cls.Handover.with_user(cls.head).create(
            {
                "account_id": cls.account.id,
                "manager_id": cls.boris.id,
                **values,
            }
        )

    @classmethod
    def _complete(cls, handover, **values):
        """Complete a handover at a stroke, as the head does."""
        handover.write({"skip_reason": "Long known to each other", **values})
        handover.action_complete()

    @classmethod
    def _step(cls, handover, code):
        return handover.step_ids.filtered(lambda step: step.code == code)

    @classmethod
    def _deal(cls, user, customer=None):
        """Return an open opportunity of a user with a customer."""
        return cls.env["crm.lead"].create(
            {
                "name": "Filters",
                "type": "opportunity",
                "partner_id": (customer or cls.customer).id,
                "company_id": cls.company.id,
                "user_id": user.id,
            }
        )

    @classmethod
    def _work(cls, user, customer=None):
        """Return what a user has in hand about a customer: {name: record}."""
        customer = customer or cls.customer
        account, lead = cls._account(customer), cls._deal(user, customer)
        order = cls.env["sale.order"].create(
            {
                "partner_id": customer.id,
                "company_id": cls.company.id,
                "user_id": user.id,
            }
        )
        work = {
            "lead": lead,
            "order": order,
            "plan": cls.env["kam.plan"].create(
                {
                    "account_id": account.id,
                    "date_start": "2026-01-01",
                    "user_id": user.id,
                }
            ),
            "complaint": cls.env["kam.complaint"].create(
                {"name": "Noise", "account_id": account.id, "user_id": user.id}
            ),
            "person": cls.env["kam.stakeholder"].create(
                {
                    "account_id": account.id,
                    "user_id": user.id,
                    "partner_id": cls.env["res.partner"]
                    .create({"name": "Ida", "parent_id": customer.id})
                    .id,
                }
            ),
            "call": lead.activity_schedule(
                "mail.mail_activity_data_call", user_id=user.id
            ),
        }
        account.message_subscribe(user.partner_id.ids)
        return work

    @classmethod
    def _meet(cls, *users, person, day=TODAY):
        """Return the touch of a meeting of some of us with a person of the customer."""
        people = [person.id, *(user.partner_id.id for user in users)]
        event = cls.env["calendar.event"].create(
            {
                "name": "Introduction",
                "start": f"{day} 08:00:00",
                "stop": f"{day} 09:00:00",
                "user_id": users[0].id,
                "partner_ids": [Command.set(people)],
            }
        )
        return cls._touch(
            day,
            channel="meeting",
            user_id=users[0].id,
            partner_id=person.id,
            event_id=event.id,
        )
