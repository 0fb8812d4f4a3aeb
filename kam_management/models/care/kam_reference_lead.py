from odoo import api, fields, models
from odoo.exceptions import UserError

RECOMMENDATION = "kam_management.utm_source_recommendation"


class KamReference(models.Model):
    """What a reference brought: leads, meetings, deals and revenue."""

    _inherit = "kam.reference"

    lead_ids = fields.One2many("crm.lead", "kam_reference_id", "Leads", readonly=True)
    lead_count = fields.Integer("Leads Brought", compute="_compute_brought")
    meeting_count = fields.Integer("Meetings Brought", compute="_compute_brought")
    won_count = fields.Integer("Deals Won", compute="_compute_brought")
    revenue = fields.Monetary(
        "Revenue Brought",
        compute="_compute_brought",
        help="What the customers it brought bought within a year from their first"
        " purchase.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    proposal_count = fields.Integer(compute="_compute_proposal_count")
    is_advocate_gone = fields.Boolean(
        "Advocate Left",
        readonly=True,
        copy=False,
        help="The advocate does not work for the customer any more.",
    )

    @api.depends("lead_ids")
    def _compute_brought(self):
        """Sum up the leads, in one query; colleagues' leads count as well."""
        # sudo: what a reference brought is a figure of it, whoever works on the leads
        report = self.env["kam.reference.report"].sudo()
        brought = {
            reference.id: figures
            for reference, *figures in report._read_group(
                [("reference_id", "in", self.ids)],
                ["reference_id"],
                ["__count", "meetings:sum", "won:sum", "revenue:sum"],
            )
        }
        for reference in self:
            leads, meetings, won, revenue = brought.get(reference._origin.id, (0,) * 4)
            reference.lead_count, reference.meeting_count = leads, meetings
            reference.won_count, reference.revenue = won, revenue

    def _compute_proposal_count(self):
        # sudo: a figure of the reference, whoever made the proposals
        counts = dict(
            self.env["kam.proposal.reference"]
            .sudo()
            ._read_group(
                [("reference_id", "in", self.ids)], ["reference_id"], ["__count"]
            )
        )
        for reference in self:
            reference.proposal_count = counts.get(reference._origin.sudo(), 0)

    def action_new_lead(self):
        """Ask whom the advocate recommends; each becomes a lead."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "given":
            raise UserError(
                self.env._("Note that the reference was given first: button “Given”.")
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Recommended Person"),
            "res_model": "kam.reference.lead",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_reference_id": self.id},
        }

    def action_view_leads(self):
        """Open what the leads of this reference brought."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "kam_management.kam_reference_report_action"
        )
        return {
            **action,
            "domain": [("reference_id", "=", self.id)],
            "context": {},
        }

    def _prepare_lead(self, values):
        """Return the values of a lead that this reference brought.

        :param dict values: who was recommended: contact_name, partner_name, ...
        """
        self.ensure_one()
        advocate = self.partner_id or self.customer_id
        source = self.env.ref(RECOMMENDATION, raise_if_not_found=False)
        name = values.get("partner_name") or values["contact_name"]
        return {
            **values,
            "name": self.env._(
                "%(name)s, recommended by %(advocate)s",
                name=name,
                advocate=advocate.name,
            ),
            "type": "lead"
            if self.env.user.has_group("crm.group_use_lead")
            else "opportunity",
            "company_id": self.company_id.id,
            "source_id": source and source.id,
            "referred": advocate.name,
        }

    def _handle_advocate_left(self, person):
        """React to an advocate who left: calls and questions end, what was written stays.

        Who leads the account looks for a new advocate.
        """
        self.is_advocate_gone = True
        living = self.filtered(lambda one: one.state == "asked" or one.kind == "call")
        living._end("ended", self.env._("The advocate left"))
        for account in self.account_id:
            owner = account.manager_id or account.accountable_id
            if owner.active:
                account.with_context(mail_activity_quick_update=True).activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=owner.id,
                    summary=self.env._(
                        "%(person)s, who recommended us, left: find a new advocate",
                        person=person.name,
                    ),
                    note=self.env._(
                        "What they wrote stays valid until its date. Their new employer"
                        " may be a new customer."
                    ),
                )
