from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..common.names import list_names


class ResPartner(models.Model):
    """A person of the customer: the dossiers, and the right to know what they say."""

    _inherit = "res.partner"

    kam_stakeholder_ids = fields.One2many(
        "kam.stakeholder",
        "partner_id",
        string="Stakeholder Records",
        groups="kam_management.group_kam_user",
    )

    def write(self, vals):
        # Odoo takes values out of vals on the way
        silenced = "kam_do_not_contact" in vals
        result = super().write(vals)
        if silenced:
            # sudo: whose silence it is, and nothing else, is read
            self.sudo().kam_stakeholder_ids._enqueue_accounts()
        return result

    def action_kam_add_to_dossiers(self):
        """Keep a dossier on this person in his company's accounts, and open it.

        :raise UserError: when he is a company, or his company has no account one sees
        """
        self.ensure_one()
        Dossier = self.env["kam.stakeholder"].with_context(active_test=False)
        if self.is_company:
            raise UserError(
                self.env._(
                    "Only persons can be stakeholders. Open one of the"
                    " company's contacts."
                )
            )
        accounts = self.env["kam.account"].search(
            [("partner_id", "=", self.commercial_partner_id.id)]
        )
        if not accounts:
            raise UserError(
                self.env._(
                    "You are not in the account team of %(customer)s. Ask your head of"
                    " sales to add you.",
                    customer=self.commercial_partner_id.display_name,
                )
            )
        dossiers = Dossier.search(
            [("partner_id", "=", self.id), ("account_id", "in", accounts.ids)]
        )
        dossiers += Dossier.create(
            [
                {"partner_id": self.id, "account_id": account.id}
                for account in accounts - dossiers.account_id
            ]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "kam_management.kam_stakeholder_action"
        )
        if len(dossiers) == 1:
            return dossiers.get_formview_action()
        return {
            **action,
            "domain": [("id", "in", dossiers.ids)],
            "context": {"active_test": False},
        }

    def action_kam_print_person(self):
        """Print all that is on record about these persons, as they may ask for it."""
        self._check_kam_personal()
        return self.env.ref("kam_management.report_person_action").report_action(self)

    def _check_kam_personal(self):
        """Check that the user may see personal data, and looks after these persons.

        A dossier does not count that is archived, or whose person works elsewhere.

        :raise AccessError: saying whom to ask
        """
        user = self.env.user
        if not user.has_group("kam_management.group_kam_personal"):
            raise AccessError(
                self.env._(
                    "You are not allowed to see personal data. Ask your administrator."
                )
            )
        if self.env.su or user.has_group("kam_management.group_kam_manager"):
            return
        mine = self.env["kam.stakeholder"].search(
            [("partner_id", "in", self.ids), ("is_present", "=", True)]
        )
        if strangers := self - mine.partner_id:
            raise AccessError(
                self.env._(
                    "%(people)s: you are not in the account team now. Ask your head of"
                    " sales.",
                    people=list_names(strangers),
                )
            )

    def _check_kam_may_merge(self, people=False):
        """Let teams merge only what they know: dossiers of others would come along.

        :param bool people: whether these persons themselves are merged, or only the
            accounts of these customers
        :raise AccessError: when others keep dossiers that the user does not see
        """
        super()._check_kam_may_merge(people)
        if self.env.su:
            return
        if not self.env.user.has_group("kam_management.group_kam_user"):
            if people:
                self._check_kam_facts_stay()
            return
        # a head of sales knows all dossiers of the own companies
        Dossier = self.env["kam.stakeholder"].with_context(
            active_test=False, allowed_company_ids=self.env.user.company_ids.ids
        )
        domain = Domain("account_id.partner_id", "in", self.ids)
        if people:
            domain |= Domain("partner_id", "in", self.ids)
        # sudo: tells that there are dossiers, not what is in them
        hidden = Dossier.sudo().search(domain) - Dossier.search(domain).sudo()
        if hidden:
            raise AccessError(
                self.env._(
                    "Other teams keep stakeholder records of these contacts. Ask your"
                    " head of sales to merge them."
                )
            )

    def _check_kam_facts_stay(self):
        """Take what is known of a person to no other customer's team.

        :raise AccessError: when these persons, who are to be one, work for several
            customers, and there are personal facts
        """
        # sudo: tells that there is a personal part, not what is in it
        people = self.sudo()
        facts = self.env["kam.person.profile"].sudo()
        if len(people.commercial_partner_id) > 1 and facts.search_count(
            [("partner_id", "in", self.ids)], limit=1
        ):
            raise AccessError(
                self.env._(
                    "These contacts work for different customers, and colleagues keep"
                    " personal data of them. Ask your head of sales to merge them."
                )
            )

    def _kam_follow_archival(self):
        """Archive and restore dossiers with their persons."""
        result = super()._kam_follow_archival()
        # sudo: the dossier follows its person, whoever archives them
        Dossier = self.env["kam.stakeholder"].sudo().with_context(active_test=False)
        for active, partners in self.grouped("active").items():
            changed = [("partner_id", "in", partners.ids), ("active", "!=", active)]
            # who left stays away, whatever becomes of the contact
            Dossier.search([*changed, ("left_date", "=", False)]).active = active
        return result
