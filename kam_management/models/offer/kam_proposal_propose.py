from odoo import models
from odoo.fields import Command, Domain

from ..common import clock
from .kam_proposal_effect import GAIN

# So many arguments for each way to decide.
MOST_ARGUMENTS = 3
# What somebody is in the team of the account, where nothing else says.
ROLES = ("manager_id", "developer_id", "project_manager_id", "accountable_id")


class KamProposal(models.Model):
    """One click fills in what is missing; what was typed is left alone.

    From the library by who judges, from the tender, the plan and the team of the account.
    """

    _inherit = "kam.proposal"

    def action_propose(self):
        """Fill in the parts that are empty."""
        self.check_access("write")
        for proposal in self:
            proposal._propose_arguments()
            proposal._propose_criteria()
            proposal._propose_effects()
            proposal._propose_texts()
            proposal._propose_members()
        self._note_past()

    def _propose_arguments(self):
        """Take arguments from the library for each way to decide that has none yet.

        By the influence of the judges; where nobody is known, one for each way.
        """
        Argument = self.env["kam.argument"]
        known = self._get_styles()
        styles = known or Argument._fields["style"].get_values(self.env)
        most = MOST_ARGUMENTS if known else 1
        there = set(self.argument_ids.mapped("style"))
        fitting = Argument._find_fitting(self.order_id, styles).grouped("style")
        chosen = Argument.union(
            *(
                fitting[style][:most]
                for style in styles
                if style in fitting and style not in there
            )
        )
        chosen -= self.argument_ids.argument_id
        self._append_lines("argument_ids", [{"argument_id": one.id} for one in chosen])

    def _propose_criteria(self):
        """Take over the customer's criteria from the tender, the heaviest first."""
        # sudo: the tender of the deal; what of it is open to the user is asked next
        tenders = self.order_id.sudo().opportunity_id.kam_tender_ids
        criteria = self.env["kam.tender.criterion"].search(
            [("tender_id", "in", tenders.ids)]
        )
        names = {(name or "").casefold() for name in self.criterion_ids.mapped("name")}
        missing = (criteria - self.criterion_ids.criterion_id).filtered(
            lambda one: one.name.casefold() not in names
        )
        self._append_lines(
            "criterion_ids",
            [
                {"name": one.name, "criterion_id": one.id}
                for one in missing.sorted("weight", reverse=True)
            ],
        )

    def _propose_effects(self):
        """Offer what the needs are worth to the customer that this quotation answers.

        How we came to the value is ours, as in the customer's edition of the plan.
        """
        if self.effect_ids:
            return
        currency, day = self.currency_id, clock.today()
        self._append_lines(
            "effect_ids",
            [
                {
                    "name": need.name,
                    "kind": GAIN,
                    "amount_with_us": need.currency_id._convert(
                        need.value, currency, need.company_id, day
                    ),
                    "need_id": need.id,
                }
                for need in self._find_needs().sorted("value", reverse=True)
            ],
        )

    def _find_needs(self):
        """Return the needs of the current plan that the quotation answers.

        Those of its opportunity, those its products are for, and those that name none.
        """
        # sudo: products and deal of a quotation that the user sees
        order = self.order_id.sudo()
        products = order.order_line.product_id
        answered = Domain("categ_id", "=", False) & Domain("product_id", "=", False)
        answered |= Domain("product_id", "in", products.ids)
        answered |= Domain("product_id", "=", False) & Domain(
            "categ_id", "parent_of", products.categ_id.ids
        )
        if order.opportunity_id:
            answered |= Domain("lead_id", "=", order.opportunity_id.id)
        return self.env["kam.plan.need"].search(
            Domain("plan_id", "=", self._get_account().plan_id.id)
            & Domain("state", "!=", "dropped")
            & Domain("value", ">", 0)
            & answered
        )

    def _propose_texts(self):
        """Take over what they gain from the plan, and the rest from the last proposal.

        Only what its customer's edition tells, and what this customer has read before:
        strengths and weaknesses of the plan are ours.
        """
        last, values = self._find_previous(), {}
        if not self.advantages:
            answers = self._find_needs().filtered("service")
            values["advantages"] = "\n".join(
                f"{need.name}: {need.service}" for need in answers
            )
        for name in ("uniqueness", "exclusivity", "past_note"):
            if not self[name]:
                values[name] = last[name]
        if values := {name: text for name, text in values.items() if text}:
            self.write(values)

    def _find_previous(self):
        """Return the last proposal that this customer was sent, by the same company."""
        return self.search(
            [
                ("id", "!=", self.id),
                ("customer_id", "=", self.customer_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "in", ("sent", "sale")),
            ],
            limit=1,
        )

    def _propose_members(self):
        """Name who works for the customer, where nobody is named yet."""
        if self.member_ids:
            return
        self._append_lines(
            "member_ids",
            [
                # their own function, else what they are in the team
                {"user_id": user.id, "position": user.sudo().function or role}
                for user, role in self._get_team().items()
            ],
        )

    def _get_team(self):
        """Return {colleague: position} of who works on the deal, the salesperson first."""
        self.ensure_one()
        # sudo: who works for the customer of a quotation that the user sees
        order, account = self.order_id.sudo(), self._get_account().sudo()
        roles = {}
        for name in ROLES:
            label = account._fields[name]._description_string(self.env)
            roles.setdefault(account[name], label)
        seller = order.user_id
        team = {seller: roles.get(seller) or self.env._("Salesperson"), **roles}
        return {user: role for user, role in team.items() if user and user.active}

    def _append_lines(self, name, vals_list):
        """Add lines to a part, after those that are there."""
        if not vals_list:
            return
        last = max(self[name].mapped("sequence"), default=0)
        self[name] = [
            Command.create({"sequence": last + 10 * place, **vals})
            for place, vals in enumerate(vals_list, 1)
        ]
