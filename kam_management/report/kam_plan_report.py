from odoo import api, models
from odoo.tools.image import image_data_uri

from ..models.common import clock, formats
from ..models.common.pictures.goals import goals_picture

# What is measured for the customer as well as for us; all else is ours.
CUSTOMER_INDICATORS = ("revenue", "transaction", "loyalty")
# Categories of the white space that fit on paper.
MOST_CATEGORIES = 7


class ReportPlan(models.AbstractModel):
    """The whole plan on paper, for ourselves."""

    _name = "report.kam_management.report_plan"
    _description = "Service Plan: Internal Edition"
    # what lays out the values of a document
    _template = "kam_management.plan_paper"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return what is printed of each plan.

        :raise AccessError: when the user may not read one of them
        """
        plans = self.env["kam.plan"].browse(docids)
        plans.check_access("read")
        return {
            "doc_ids": docids,
            "doc_model": "kam.plan",
            "docs": [
                {"id": plan.id, "html": self._render_document(plan)} for plan in plans
            ],
        }

    @api.model
    def _render_document(self, plan):
        """Return one plan as markup, made of the values of its document alone."""
        values = self._prepare_document(plan)
        qweb = self.env["ir.qweb"].with_context(lang=values["lang"])
        return qweb._render(self._template, values)

    @api.model
    def _prepare_document(self, plan):
        """Return the values of the internal edition of one plan."""
        actions = plan.action_ids.sorted("date_deadline")
        return {
            **self._prepare_title(plan),
            **plan.account_id._get_facts(),
            "plan": plan,
            "goals_picture": plan.goals_picture,
            "funnel_picture": plan.funnel_picture,
            "needs": plan.need_ids.sorted("value", reverse=True),
            "people": plan.stakeholder_ids.filtered("active"),
            "white_space": self._prepare_white_space(plan.account_id),
            "open_actions": actions.filtered("active"),
            "done_actions": actions.filtered(lambda action: not action.active),
            "reviews": plan.review_ids.sorted("date"),
            "team": self._prepare_team(plan),
        }

    @api.model
    def _prepare_title(self, plan):
        """Return what stands on the title of any edition."""
        # sudo: name and logo of the company are on everything it prints
        company = plan.company_id.sudo()
        return {
            "id": plan.id,
            "lang": self.env.lang,
            "name": plan.name,
            # sudo: of the plan that the user sees
            "customer": plan.partner_id.sudo().name,
            "company": company.name,
            "logo": company.logo and image_data_uri(company.logo),
            "colour": company.primary_color or "#5c6bc0",
            "date_start": plan.date_start,
            "date_end": plan.date_end,
            "printed": clock.here(plan),
        }

    @api.model
    def _prepare_team(self, plan):
        """Return who of us works for the customer: name, role, phone and mail."""
        people = [
            (plan.user_id, self.env._("Key account manager")),
            (plan.accountable_id, self.env._("Head of sales")),
            *((member.user_id, member.role) for member in plan.member_ids),
        ]
        team = {}
        for user, role in people:
            if user:
                team.setdefault(user, []).append(role)
        return [
            {
                "name": user.name,
                "role": ", ".join(filter(None, roles)),
                "phone": user.phone,
                "email": user.email,
            }
            for user, roles in team.items()
        ]

    @api.model
    def _prepare_white_space(self, account):
        """Return the white space as rows: (unit, [cell or None per category])."""
        space = account.get_white_space()
        categories = space["categories"][:MOST_CATEGORIES]
        cells = space["cells"]
        return {
            "categories": [
                category["name"].split(" / ")[-1] for category in categories
            ],
            "rows": [
                (
                    unit["name"],
                    [cells.get(f"{unit['id']}-{categ['id']}") for categ in categories],
                )
                for unit in space["units"]
            ],
            "known": any(cells.values()),
        }


class ReportPlanPage(models.AbstractModel):
    """The essential of the plan on one page."""

    _name = "report.kam_management.report_plan_page"
    _description = "Service Plan: On a Page"
    _template = "kam_management.plan_page"
    _inherit = ["report.kam_management.report_plan"]


class ReportPlanCustomer(models.AbstractModel):
    """What of the plan is handed to the customer.

    The template gets no record, only what is listed here: what is not named cannot be
    printed. Nothing of people's attitudes, of barriers, margins, costs, competitors, our
    own goals and notes is among it.
    """

    _name = "report.kam_management.report_plan_customer"
    _description = "Service Plan: Edition for the Customer"
    _template = "kam_management.plan_paper_customer"
    _inherit = ["report.kam_management.report_plan"]

    @api.model
    def _prepare_document(self, plan):
        """Return the values of the customer's edition of one plan, in their language."""
        # sudo: of the plan that the user sees
        plan = plan.with_context(lang=plan.partner_id.sudo().lang or self.env.lang)
        self = self.with_env(plan.env)
        return {
            **self._prepare_title(plan),
            **plan.account_id._get_formats(),
            "foreword": plan.foreword,
            **self._prepare_goals(plan),
            **self._prepare_needs(plan),
            "funnel_picture": plan.funnel_picture,
            "actions": self._prepare_actions(plan),
            "promises": self._prepare_promises(plan),
            "team": self._prepare_team(plan),
            "reviews": self._get_common_reviews(plan),
            "next_review": self._get_next_review(plan),
        }

    @api.model
    def _get_common_reviews(self, plan):
        """Return the days of the reviews at which somebody of the customer took part."""
        reviews = plan.review_ids.filtered(
            lambda review: review.state == "done" and review.stakeholder_ids
        )
        return reviews.sorted("date").mapped("date")

    @api.model
    def _get_next_review(self, plan):
        """Return when to meet again; nobody is told that we are late."""
        day = plan.next_review_date
        return day if day and day >= clock.today() else False

    @api.model
    def _prepare_goals(self, plan):
        """Return the customer's own goals, and none of ours."""
        goals = plan.goal_ids.filtered(
            lambda goal: (
                goal.side == "customer"
                and (not goal.indicator or goal.indicator in CUSTOMER_INDICATORS)
            )
        )
        courses = plan._get_goal_courses()
        rows = [plan._prepare_goal_row(goal, courses.get(goal, [])) for goal in goals]
        return {
            "goals": [
                {
                    "name": goal.name,
                    "level": self._get_label(goal, "org_level"),
                    "unit": goal.unit,
                    **{
                        name: formats.number(plan.env, goal[name])
                        for name in ("baseline", "target", "actual")
                    },
                    "standing": self._get_label(goal, "standing"),
                }
                for goal in goals
            ],
            "goals_picture": rows and goals_picture(rows, plan._get_goal_words()),
        }

    @api.model
    def _prepare_needs(self, plan):
        """Return the needs of the customer and our answers, by their value."""
        needs = plan.need_ids.filtered(lambda need: need.state != "dropped")
        needs = needs.sorted("value", reverse=True)
        return {
            "needs": [
                {
                    "name": need.name,
                    "where": need.unit_id.name,
                    "answer": need.service or need.product_id.name,
                    "value": need.value,
                    "state": self._get_label(need, "state"),
                }
                for need in needs
            ],
            "value": sum(needs.mapped("value")),
        }

    @api.model
    def _prepare_actions(self, plan):
        """Return the actions that are marked to be shared with the customer."""
        actions = plan.action_ids.filtered("kam_with_customer")
        return [
            {
                "name": action.summary or action.activity_type_id.name,
                "user": action.user_id.name,
                "date": action.date_deadline if action.active else action.date_done,
                "done": not action.active,
            }
            for action in actions.sorted("date_deadline")
        ]

    @api.model
    def _prepare_promises(self, plan):
        """Return what we have promised, without what anybody thinks of it."""
        promises = plan.expectation_ids.filtered(
            lambda line: line.origin == "promised" and line.state != "dropped"
        )
        return [
            {
                "name": line.name,
                "user": line.user_id.name,
                "date": line.date_due,
                "done": line.state == "met",
            }
            for line in promises
        ]

    @api.model
    def _get_label(self, record, name):
        """Return the label of the value of a selection field."""
        options = record._fields[name]._description_selection(record.env)
        return dict(options).get(record[name], "")
