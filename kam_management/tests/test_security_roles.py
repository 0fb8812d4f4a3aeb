import os
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from unittest import SkipTest

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .common import KamCommon
from .complaint_records import complaint_records
from .deal_records import deal_records
from .follow_up_records import follow_up_records
from .handover_records import handover_records
from .moment_records import moment_records
from .plan_content_records import plan_content_records
from .portfolio_records import portfolio_records
from .proposal_records import proposal_records
from .quota_records import quota_records
from .reactivation_records import reactivation_records
from .reference_records import reference_records
from .tender_records import tender_records

TABLE = Path(__file__).parents[2] / "docs" / "rights.md"
INTRODUCTION = """\
# Who may do what

Tried out by the tests, with the records of one account: its stakeholders, touches, running
plan, quotas and so on. `r` read, `w` write, `c` create, `d` delete. A right to write is
one to write what people type in; what the app works out is written by nobody. Whoever is
in the team of an account, in any role, may do what its manager may, with three exceptions:
a touch is changed by who handled or logged it, the salesperson of its lead (of the team, where
there is one), the manager, the head of sales of the account and other heads of sales; the
last three decide who is in the team, and in which role; and they alone make the customer
part of another one, if they are responsible for its account, too. Quotas are one's own. A
tender or pilot project is changed by who may change its opportunity, and read by the team;
likewise a proposal and its quotation. An objection is as a touch. What was conceded is
explained by who may change the quotation, an approval by who asked for it.

"""


@tagged("post_install", "-at_install")
class TestSecurityRoles(KamCommon):
    """What each role may do with the records of an account that Anna leads."""

    # what works on the people of an account
    PEOPLE = {
        "kam.stakeholder": "rwc",
        "kam.stakeholder.history": "r",
        "kam.stakeholder.role": "r",
        "kam.stakeholder.departure": "rwcd",
        "kam.interest.group": "rwcd",
        "kam.customer.goal": "rwcd",
    }
    # what belongs to a plan, which is a draft here
    PLANS = {
        "kam.plan.need": "rwcd",
        "kam.plan.stage": "rwcd",
        "kam.plan.expectation": "rwcd",
        "kam.plan.barrier": "rwcd",
        "kam.customer.unit": "rwcd",
        "kam.white.space": "rwcd",
        "kam.need.transfer": "rwcd",
    }

    # what works on the service plan of an account, which runs
    PLAN = {
        "kam.plan": "rwc",
        "kam.plan.goal": "rw",
        "kam.plan.member": "rwcd",
        "kam.plan.review": "rwcd",
        "kam.plan.review.decision": "rwcd",
        "kam.plan.review.line": "r",
        "kam.plan.version": "r",
        "kam.plan.version.line": "r",
        "kam.plan.new.version": "rwcd",
        "kam.plan.compare": "rwcd",
        "kam.plan.new": "rwcd",
    }

    # what belongs to a tender of a deal that Anna works on
    TENDER = dict.fromkeys(
        (
            "kam.tender",
            "kam.tender.factor",
            "kam.tender.participant",
            "kam.tender.criterion",
            "kam.tender.score",
            "kam.tender.question",
            "kam.tender.document",
            "kam.pilot",
        ),
        "rwcd",
    )
    # what belongs to the proposal of a quotation that Anna works on
    PROPOSAL = dict.fromkeys(
        (
            "kam.proposal",
            "kam.proposal.argument",
            "kam.proposal.criterion",
            "kam.proposal.effect",
            "kam.proposal.reference",
            "kam.proposal.member",
        ),
        "rwcd",
    )
    # what was sent and conceded; why is for Anna to say, whose quotation it is
    SENT = {
        "kam.quotation.version": "r",
        "kam.concession": "rw",
        "kam.concession.approval": "rw",
    }
    # opened by the app, explained by people
    REACTIVATION = {
        "kam.reactivation": "rw",
        "kam.reactivation.report": "r",
        "kam.win.back.report": "r",
    }
    # how the account is passed on, by who leads it; a dialog is its user's own
    HANDOVER = {
        "kam.handover": "rwc",
        "kam.handover.step": "rw",
        "kam.handover.move": "r",
        "kam.handover.new": "c",
        "kam.deputy": "rwcd",
    }
    # who is a key account, and the months of the account
    PORTFOLIO = {
        "kam.account.month": "r",
        "kam.key.nomination": "r",
        "kam.key.decision": "rwcd",
    }
    # what is reached by whom, and decided by the head; Anna carries a decision out
    QUOTA = {
        "kam.account.term": "r",
        "kam.team.term": "r",
        "kam.quota": "r",
        "kam.quota.line": "r",
        "kam.quota.fact": "r",
        "kam.measure.record": "r",
        "kam.quota.cause": "r",
        "kam.quota.decision": "rw",
    }
    QUOTA_OF_HEAD = {
        **QUOTA,
        # all but what goes on today can be deleted, too
        "kam.account.term": "rwc",
        "kam.team.term": "rwc",
        "kam.quota": "rwcd",
        "kam.quota.line": "rwcd",
        "kam.quota.cause": "rwcd",
        "kam.quota.decision": "rwcd",
        "kam.quota.deciding": "rwcd",
        "kam.quota.planning": "rwcd",
        "kam.quota.planning.line": "rwcd",
        "kam.quota.planning.target": "rwcd",
        "kam.quota.closing": "rwcd",
        "kam.quota.reopen": "rwcd",
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls._account()
        cls.account.manager_id = cls.anna
        touch = cls._touch("2020-04-01", direction="in")
        cls._order("2020-05-01")
        cls._refresh(as_of=date(2020, 6, 1))
        funnel = cls.env["kam.funnel.report"]
        stakeholder = cls._create_stakeholder()
        resource = cls.env["kam.resource"].create({"name": "Filter", "cost": 12})
        line = {"touch_id": touch.id, "resource_id": resource.id}
        talk = cls.env["kam.talk"].create({"account_id": cls.account.id})
        used = {"talk_id": talk.id, "resource_id": resource.id}
        adding = cls.env["kam.stakeholder.add"].create({"account_id": cls.account.id})
        added = {"dialog_id": adding.id, "partner_id": cls.customer.id}
        survey = {"account_id": cls.account.id, "partner_id": cls.customer.id}
        cls.survey = cls.env["kam.survey"].create(survey)
        plan = {"name": "Letter", "company_id": cls.company.id, "target": "all"}
        cls.env.cr.flush()
        cls.records = {
            "kam.account": cls.account,
            "kam.account.event": cls.env["kam.account.event"].search(
                [("company_id", "=", cls.company.id)], limit=1
            ),
            "kam.funnel.report": funnel.search(
                [("account_id", "=", cls.account.id)], limit=1
            ),
            "kam.level.transition": cls.account.transition_ids[0],
            "kam.touch": cls.account.touch_ids,
            "kam.stakeholder": stakeholder,
            "kam.stakeholder.history": stakeholder.history_ids,
            "kam.stakeholder.role": stakeholder.role_ids,
            "kam.stakeholder.departure": cls.env["kam.stakeholder.departure"].create(
                {"stakeholder_id": stakeholder.id}
            ),
            "kam.interest.group": cls.account.interest_group_ids,
            "kam.customer.goal": cls.account.goal_ids,
            "kam.person.profile": cls.env["kam.person.profile"].create(
                {
                    "partner_id": stakeholder.partner_id.id,
                    "purpose": "Congratulate",
                    "legal_basis": "interest",
                    "review_date": date.today() + timedelta(days=99),
                }
            ),
            "kam.person.erasure": cls.env["kam.person.erasure"].create(
                {"partner_id": stakeholder.partner_id.id}
            ),
            "kam.remembered.date": cls.env["kam.remembered.date"].create(
                {"stakeholder_id": stakeholder.id, "day": 3, "month": "4"}
            ),
            "kam.resource": resource,
            "kam.touch.resource": cls.env["kam.touch.resource"].create(line),
            "kam.communication": cls.env["kam.communication"].create(
                {**plan, "user_id": cls.head.id}
            ),
            "kam.communication.reach": cls.env["kam.communication.reach"].search(
                [("account_id", "=", cls.account.id)], limit=1
            ),
            "kam.survey": cls.survey,
            "kam.survey.answer": cls.env["kam.survey.answer"].create(
                {"survey_id": cls.survey.id, "question": "care"}
            ),
            "kam.reaction.report": cls.env["kam.reaction.report"].browse(touch.id),
            "kam.sale": cls.env["kam.sale"].search(
                [("account_id", "=", cls.account.id)]
            ),
            "kam.complaint": cls.env["kam.complaint"].create(
                {"name": "Noise", "account_id": cls.account.id}
            ),
            "kam.customer.new": cls.env["kam.customer.new"].create({"name": "New"}),
            "kam.stakeholder.add": adding,
            "kam.stakeholder.add.line": cls.env["kam.stakeholder.add.line"].create(
                added
            ),
            "kam.talk": talk,
            "kam.talk.resource": cls.env["kam.talk.resource"].create(used),
        }
        cls.values = {
            "kam.account": {"sales_type": "project"},
            "kam.account.event": {"partner_id": cls.customer.id},
            "kam.funnel.report": {"days": 1},
            "kam.level.transition": {"days": 1},
            "kam.touch": {"summary": "Price list"},
            "kam.stakeholder": {"goals": "Grow"},
            "kam.stakeholder.history": {"new_rank": 5},
            "kam.stakeholder.role": {"touch_days": 30},
            "kam.stakeholder.departure": {"date": "2020-01-01"},
            "kam.interest.group": {"interest": "Savings"},
            "kam.customer.goal": {"name": "Grow"},
            "kam.person.profile": {"purpose": "Gifts"},
            "kam.person.erasure": {"partner_id": stakeholder.partner_id.id},
            "kam.remembered.date": {"day": 4},
            "kam.resource": {"cost": 13},
            "kam.touch.resource": {"quantity": 2},
            "kam.communication": {"name": "Brochure"},
            "kam.survey": {"partner_id": cls.customer.id},
            "kam.survey.answer": {"question": "informed"},
            "kam.reaction.report": {"answered": 1},
            "kam.sale": {"amount": 1},
            "kam.communication.reach": {"reached": 1},
            "kam.complaint": {"solution": "Silencer"},
            "kam.customer.new": {"city": "Bern"},
            "kam.stakeholder.add": {"line_ids": []},
            "kam.stakeholder.add.line": {"is_chosen": True},
            "kam.talk": {"note": "Hello"},
            "kam.talk.resource": {"quantity": 2},
        }
        account = {"account_id": cls.account.id}
        stranger = cls.env["res.partner"].create(
            {"name": "Bob", "parent_id": cls.customer.id}
        )
        cls.new_people = {
            "kam.stakeholder": {**account, "partner_id": stranger.id},
            "kam.stakeholder.history": {
                "stakeholder_id": stakeholder.id,
                "aspect": "attitude",
            },
            "kam.stakeholder.role": {"name": "Advises", "code": "advises"},
            "kam.stakeholder.departure": {"stakeholder_id": stakeholder.id},
            "kam.interest.group": {**account, "name": "Users"},
            "kam.customer.goal": {**account, "name": "Save", "org_level": "1_top"},
            "kam.person.profile": {"partner_id": stranger.id},
            "kam.person.erasure": {"partner_id": stakeholder.partner_id.id},
            "kam.remembered.date": {
                "stakeholder_id": stakeholder.id,
                "day": 5,
                "month": "5",
            },
        }
        stranger = cls._create_customer("Stranger")
        cls.new_values = {
            "kam.account": {"partner_id": stranger.id, "company_id": cls.company.id},
            "kam.account.event": {
                "partner_id": cls.customer.id,
                "company_id": cls.company.id,
            },
            "kam.funnel.report": {"account_id": cls.account.id},
            "kam.level.transition": {
                "account_id": cls.account.id,
                "date": "2020-07-01",
                "from_level": "new",
                "to_level": "active",
            },
            "kam.touch": {"account_id": cls.account.id, "date": "2020-05-01 12:00:00"},
            **cls.new_people,
            "kam.resource": {"name": "Gift"},
            "kam.touch.resource": line,
            "kam.communication": plan,
            "kam.survey": survey,
            "kam.complaint": {**account, "name": "Oil"},
            "kam.customer.new": {"name": "Newer"},
            "kam.stakeholder.add": account,
            "kam.stakeholder.add.line": added,
            "kam.talk": account,
            "kam.talk.resource": used,
            "kam.survey.answer": {"survey_id": cls.survey.id, "question": "care"},
            "kam.reaction.report": {"account_id": cls.account.id},
            "kam.sale": {"account_id": cls.account.id},
            "kam.communication.reach": {"account_id": cls.account.id},
        }
        for model, tries in plan_content_records(cls.env, cls.account).items():
            cls.records[model], cls.values[model], cls.new_values[model] = tries
        for model, tries in tender_records(cls.env, cls.account).items():
            cls.records[model], cls.values[model], cls.new_values[model] = tries
        for model, tries in proposal_records(cls.env, cls.account).items():
            cls.records[model], cls.values[model], cls.new_values[model] = tries
        for model, tries in complaint_records(cls.env, cls.account).items():
            cls.records[model], cls.values[model], cls.new_values[model] = tries
        for model, tries in moment_records(cls.env, cls.account).items():
            cls.records[model], cls.values[model], cls.new_values[model] = tries
        for model, tries in follow_up_records(cls.env, cls.account).items():
            cls.records[model], cls.values[model], cls.new_values[model] = tries
        for model, tries in handover_records(cls.env, cls.account).items():
            cls.records[model], cls.values[model], cls.new_values[model] = tries
        for model, tries in deal_records(cls.env, cls.account).items():
            cls.records[model], cls.values[model], cls.new_values[model] = tries
        for model, tries in reactivation_records(cls.env, cls.account).items():
            cls.records[model], cls.values[model], cls.new_values[model] = tries
        for model, tries in reference_records(cls.env, cls.account).items():
            cls.records[model], cls.values[model], cls.new_values[model] = tries
        for model, tries in portfolio_records(cls.env, cls.account).items():
            cls.records[model], cls.values[model], cls.new_values[model] = tries
        # the catalogue and the plans of the company are no secret among managers
        cls.shared = {
            "kam.customer.new": "c",
            "kam.resource": "r",
            "kam.communication": "rc",
            "kam.argument": "r",
            "kam.plan.template": "r",
            "kam.plan.template.goal": "r",
            "kam.key.criterion": "r",
            "kam.objection.category": "r",
            "kam.risk.accuracy": "r",
            "kam.quota.cause": "r",
            "kam.complaint.cause": "r",
            "kam.complaint.level": "r",
            "kam.moment.template": "r",
            "kam.concession.limit": "r",
            "kam.deputy": "r",
        }

        cls._create_plan()
        for model, tries in quota_records(cls.env, cls.account).items():
            cls.records[model], cls.values[model], cls.new_values[model] = tries
        cls.roles, cls.rights = cls._create_roles(), {}

    @classmethod
    def _create_plan(cls):
        """Add a plan that was changed once and runs, with what hangs on it."""
        Plan = cls.env["kam.plan"]
        goal = {"name": "Stops", "unit": "a year", "target": 1}
        values = {"account_id": cls.account.id, "strategy": "retain"}
        plan = Plan.create({**values, "goal_ids": [(0, 0, goal)]})
        for _turn in range(2):
            plan.with_user(cls.anna).action_submit()
            plan.with_user(cls.head).action_approve()
            if not plan.version_ids:
                plan._start_new_version("Again")
        review, other = cls.env["kam.plan.review"].create([{"plan_id": plan.id}] * 2)
        review.action_done()
        version = plan.version_ids
        template = cls.env["kam.plan.template"].create(
            {
                "name": "Keep",
                "strategy": "retain",
                "goal_ids": [(0, 0, {"name": "Stops", "unit": "a year"})],
            }
        )
        on_plan = {"plan_id": plan.id}
        cls.plan_parts = {  # record, values to write, values to create
            "kam.plan": (plan, {"wallet": 5}, {**values, "date_start": "2035-01-01"}),
            "kam.plan.goal": (plan.goal_ids, {"actual": 2}, {**on_plan, **goal}),
            "kam.plan.member": (
                cls.env["kam.plan.member"].create({**on_plan, "user_id": cls.anna.id}),
                {"role": "Engineer"},
                {**on_plan, "user_id": cls.head.id},
            ),
            "kam.plan.review": (other, {"minutes": "Well"}, on_plan),
            "kam.plan.review.decision": (
                cls.env["kam.plan.review.decision"].create(
                    {
                        "review_id": other.id,
                        "name": "Offer",
                        "user_id": cls.anna.id,
                        "date_due": "2035-01-01",
                    }
                ),
                {"name": "Visit"},
                {
                    "review_id": other.id,
                    "name": "Call",
                    "user_id": cls.anna.id,
                    "date_due": "2035-01-01",
                },
            ),
            "kam.plan.review.line": (
                review.line_ids,
                {"actual": 1},
                {"review_id": review.id, "name": "Stops"},
            ),
            "kam.plan.version": (version, {"reason": "None"}, on_plan),
            "kam.plan.version.line": (
                version.line_ids,
                {"target": 1},
                {"version_id": version.id, "name": "Stops"},
            ),
            "kam.plan.new.version": (
                cls.env["kam.plan.new.version"].create({**on_plan, "reason": "Why"}),
                {"reason": "Because"},
                {**on_plan, "reason": "Why"},
            ),
            "kam.plan.template": (
                template,
                {"touch_days": 9},
                {
                    "name": "More",
                    "strategy": "expand",
                    "goal_ids": [(0, 0, {"name": "Fuel", "unit": "l"})],
                },
            ),
            "kam.plan.template.goal": (
                template.goal_ids,
                {"name": "Halts"},
                {"template_id": template.id, "name": "Fuel", "unit": "l"},
            ),
            "kam.plan.new": (
                cls.env["kam.plan.new"].create({"account_id": cls.account.id}),
                {"date_end": "2040-12-31"},
                {"account_id": cls.account.id},
            ),
            "kam.plan.compare": (
                cls.env["kam.plan.compare"].create(on_plan),
                {"new_version_id": version.id},
                on_plan,
            ),
        }
        for model, parts in cls.plan_parts.items():
            cls.records[model], cls.values[model], cls.new_values[model] = parts

    @classmethod
    def _create_stakeholder(cls):
        """Return a dossier in the account, with a group and a goal beside it."""
        for model, values in (
            ("kam.interest.group", {}),
            ("kam.customer.goal", {"org_level": "1_top"}),
        ):
            cls.env[model].create(
                {"name": "Savings", "account_id": cls.account.id, **values}
            )
        person = cls.env["res.partner"].create(
            {"name": "Ada", "parent_id": cls.customer.id}
        )
        return cls.env["kam.stakeholder"].create(
            {
                "partner_id": person.id,
                "account_id": cls.account.id,
                "attitude": "neutral",
                "role_ids": cls.env.ref("kam_management.stakeholder_role_pays").ids,
            }
        )

    def test_every_model_of_ours_is_in_this_matrix(self):
        models = {
            model
            for model, cls in self.registry.items()
            if model.startswith("kam.") and not cls._abstract
        }
        self.assertEqual(models, set(self.records))
        for model, record in self.records.items():
            self.assertEqual(len(record), 1, model)

    def test_nobody_outside_may_do_anything(self):
        self.assertRights("public", {})
        self.assertRights("portal", {})

    def test_colleague_outside_sales_may_do_nothing(self):
        self.assertRights("internal", {})

    def test_salesperson_may_do_nothing_with_the_account_he_sells_to(self):
        self.assertRights("salesperson", {})

    def test_key_account_manager_may_do_nothing_with_a_colleagues_account(self):
        # the roles there are name nobody
        self.assertRights(
            "manager of another", {**self.shared, "kam.stakeholder.role": "r"}
        )

    def test_key_account_manager_works_on_his_account(self):
        self.assertRights(
            "manager of the account",
            {
                "kam.account": "rw",
                "kam.funnel.report": "r",
                "kam.level.transition": "r",
                "kam.touch": "rwcd",
                # a dialog is its user's own
                "kam.talk": "c",
                "kam.stakeholder.add": "c",
                "kam.customer.new": "c",
                **self.PEOPLE,
                **self.PLANS,
                **self.PLAN,
                **self.PORTFOLIO,
                **self.TENDER,
                **self.PROPOSAL,
                **self.SENT,
                "kam.concession.request": "c",
                "kam.objection": "rwcd",
                "kam.channel.report": "r",
                "kam.lead.qualify": "c",
                **self.QUOTA,
                "kam.touch.resource": "rwcd",
                "kam.answer": "r",
                "kam.complaint": "rwc",
                **self.REACTIVATION,
                "kam.moment": "r",
                "kam.reference": "rwc",
                "kam.reference.lead": "c",
                "kam.reference.report": "r",
                "kam.survey": "rwc",
                "kam.survey.answer": "r",
                "kam.reaction.report": "r",
                "kam.sale": "r",
                **self.shared,
                **self.HANDOVER,
            },
        )

    def test_who_takes_part_has_the_rights_of_the_manager(self):
        """But touches of colleagues are theirs, and nobody is taken into the team."""
        rights = self._get_rights_of("manager of the account") | {
            "kam.touch": "rc",
            "kam.touch.resource": "r",
            "kam.objection": "rc",
            "kam.plan.member": "rwd",
            # as the deal and the quotation itself
            **dict.fromkeys(self.TENDER, "r"),
            **dict.fromkeys(self.PROPOSAL, "r"),
            **dict.fromkeys(self.SENT, "r"),
            # nor does it pass the account on
            **dict.fromkeys(self.HANDOVER, "r"),
            "kam.handover.new": "c",
        }
        # quotas are the manager's own
        for model in set(self.QUOTA) - {"kam.account.term", "kam.quota.cause"}:
            del rights[model]
        self.account.member_ids += self.boris
        self.assertEqual(self._get_rights(self.boris), rights)

    def test_any_role_makes_one_take_part(self):
        for role in (
            "developer_id",
            "telemarketer_id",
            "project_manager_id",
            "member_ids",
        ):
            with self.subTest(role=role), closing(self.cr.savepoint()):
                self.assertFalse(self._may(self.boris, "kam.plan", "w"))
                self.account[role] = self.boris
                self.assertTrue(self._may(self.boris, "kam.plan", "w"))
                self.assertIn(self.boris, self.account.team_user_ids)

    def test_head_of_sales_may_do_all_but_rewrite_history(self):
        self.assertRights(
            "head of sales",
            {
                "kam.account": "rwc",
                "kam.funnel.report": "r",
                "kam.level.transition": "r",
                "kam.touch": "rwcd",
                # a dialog is its user's own
                "kam.talk": "c",
                "kam.stakeholder.add": "c",
                "kam.customer.new": "c",
                **self.PEOPLE,
                **self.PLANS,
                **self.PLAN,
                **self.PORTFOLIO,
                **self.TENDER,
                **self.PROPOSAL,
                **self.SENT,
                "kam.concession.limit": "rwcd",
                "kam.objection": "rwcd",
                "kam.objection.category": "rwcd",
                "kam.channel.report": "r",
                "kam.lead.qualify": "c",
                "kam.concession.request": "c",
                "kam.cockpit.figures": "r",
                "kam.portfolio.month": "r",
                "kam.portfolio.alarm": "r",
                "kam.key.criterion": "rwcd",
                "kam.risk.accuracy": "r",
                "kam.key.nomination": "rwc",
                **self.QUOTA_OF_HEAD,
                "kam.stakeholder": "rwcd",
                "kam.stakeholder.role": "rwcd",
                "kam.touch.resource": "rwcd",
                "kam.resource": "rwc",
                "kam.communication": "rwcd",
                "kam.argument": "rwcd",
                "kam.plan.template": "rwcd",
                "kam.plan.template.goal": "rwcd",
                "kam.answer": "r",
                "kam.reference": "rwcd",
                "kam.reference.lead": "c",
                "kam.reference.report": "r",
                "kam.complaint": "rwcd",
                **self.REACTIVATION,
                "kam.reactivation": "rwd",
                "kam.complaint.cause": "rwcd",
                "kam.complaint.level": "rwcd",
                "kam.moment": "r",
                "kam.moment.template": "rwcd",
                "kam.complaint.mail": "rwd",
                "kam.complaint.mailbox": "rwcd",
                **self.HANDOVER,
                "kam.handover": "rwcd",
                "kam.survey": "rwcd",
                "kam.survey.answer": "r",
                "kam.reaction.report": "r",
                "kam.sale": "r",
            },
        )

    def test_right_to_personal_data_opens_the_personal_part_alone(self):
        personal = self.env.ref("kam_management.group_kam_personal")
        rights = self._get_rights_of("manager of the account")
        self.anna.group_ids += personal
        # no second one of the person is made: Bob has no dossier in her account
        opened = {
            "kam.person.profile": "rwd",
            "kam.person.erasure": "rwcd",
            "kam.remembered.date": "rwcd",
        }
        self.assertEqual(self._get_rights(self.anna), {**rights, **opened})

    def test_administrator_may_look_into_the_queue(self):
        admin = self._create_user("admin", "base.group_system")
        self.assertEqual(self._get_rights(admin), {"kam.account.event": "r"})

    def test_table_in_the_documents_is_true(self):
        """``KAM_WRITE_RIGHTS=1`` writes it anew; the difference is looked at by people."""
        if not TABLE.parent.exists():
            raise SkipTest("The addon was installed without its documents.")
        text = self._format_table()
        if os.environ.get("KAM_WRITE_RIGHTS"):
            TABLE.write_text(text)
        self.maxDiff = None
        self.assertEqual(TABLE.read_text(), text)

    @classmethod
    def _create_roles(cls):
        """Return {name of a role: a user who has it}."""
        head_elsewhere = cls._create_user(
            "elsewhere",
            "kam_management.group_kam_manager",
            cls._create_company("Other Company"),
        )
        personal = "kam_management.group_kam_personal"
        clerk, alone, informed = cls._create_users(
            clerk="base.group_user",
            alone=personal,
            informed=f"kam_management.group_kam_user,{personal}",
        )
        cls.account.member_ids = alone + informed
        return {
            "public": cls.env.ref("base.public_user"),
            "portal": new_test_user(
                cls.env, "kam_test_portal", groups="base.group_portal"
            ),
            "internal": clerk,
            "salesperson": cls.seller,
            "manager of the account": cls.anna,
            "manager of another": cls.boris,
            "head of sales": cls.head,
            "head of another company": head_elsewhere,
            "personal data alone": alone,
            "in the team, with personal data": informed,
        }

    def _format_table(self):
        """Return the page about what the roles may do with the records of one account."""
        roles = self.roles
        rights = {name: self._get_rights_of(name) for name in roles}
        rows = [
            [f"{self.env[model]._description} (`{model}`)"]
            + [rights[name].get(model, "") for name in roles]
            for model in sorted(self.records)
        ]
        head = ["model", *roles]
        lines = [head, ["---"] * len(head), *rows]
        return INTRODUCTION + "".join(f"| {' | '.join(line)} |\n" for line in lines)

    def assertRights(self, role, expected):
        self.maxDiff = None
        self.assertEqual(self._get_rights_of(role), expected, role)

    def _get_rights_of(self, role):
        """Return what a role may do; tried once for all tests, as it takes seconds."""
        if role not in self.rights:
            self.rights[role] = self._get_rights(self.roles[role])
        return self.rights[role]

    def _get_rights(self, user):
        """Return {model: letters of read, write, create, delete} as tried by a user."""
        rights = {
            model: "".join(
                letter for letter in "rwcd" if self._may(user, model, letter)
            )
            for model in self.records
        }
        return {model: letters for model, letters in rights.items() if letters}

    def _may(self, user, model, letter):
        """Try one operation and take it back; say whether it was allowed."""
        # as in a session of theirs: other companies cannot even be asked for
        companies = user.company_ids.ids
        record = self.records[model].with_user(user)
        record = record.with_context(allowed_company_ids=companies)
        tries = {
            "r": record.read,
            "w": lambda: record.write(self.values[model]),
            "c": lambda: record.create(self.new_values[model]),
            "d": record.unlink,
        }
        with closing(self.cr.savepoint()):
            try:
                result = tries[letter]()
            except UserError:  # an AccessError, or a history that is kept
                return False
        # a row that is not there for a user is read without a word
        return letter != "r" or bool(result)
