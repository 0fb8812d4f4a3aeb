from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, clean_context, email_normalize, escape_psql

from ..models.evidence.look import NOBODYS_CUSTOMERS

# So many digits make a whole phone number: one in common is the same customer.
WHOLE_NUMBER = 7


class KamCustomerNew(models.TransientModel):
    """A new customer in one step: the company, who one talked to, and the account.

    Whoever makes it leads it. A customer there is already stays with who leads it.
    """

    _name = "kam.customer.new"
    _description = "New Customer"
    _inherit = ["kam.guard"]

    name = fields.Char("Company Name", required=True)
    contact_name = fields.Char("Contact")
    function = fields.Char("Job Position")
    phone = fields.Char()
    email = fields.Char()
    city = fields.Char()
    source_id = fields.Many2one("utm.source")
    manager_id = fields.Many2one(
        "res.users",
        "Key Account Manager",
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', allowed_company_ids)]",
        help="Leads the customer from today. A head of sales may choose somebody else.",
    )
    can_lead = fields.Boolean(compute="_compute_can_lead")

    known = fields.Char("Known Already", compute="_compute_known")
    known_account_id = fields.Many2one("kam.account", compute="_compute_known")
    is_another = fields.Boolean(
        "This Is Another Customer", help="It only has the same name, address or number."
    )

    @api.depends_context("uid")
    def _compute_can_lead(self):
        self.can_lead = self._is_head_of_sales()

    @api.depends("name", "phone", "email")
    @api.depends_context("company")
    def _compute_known(self):
        """Say which customer this is already, and who leads it."""
        for wizard in self:
            customer = wizard._find_customer()
            # sudo: who leads a customer is told to whoever is about to make it again
            account = (
                self.env["kam.account"].sudo()._get_for(self.env.company, customer)
            )
            wizard.known = bool(customer) and wizard._format_known(customer, account)
            wizard.known_account_id = account.sudo(False)._filtered_access("read")

    def _find_customer(self):
        """Return the customer with this name, or with a person of this address or number.

        :return: a ``res.partner`` the user may read; empty when there is none
        """
        if not (domain := self._get_same_domain()):
            return self.env["res.partner"]
        ours = SQL("(%s)", NOBODYS_CUSTOMERS)
        domain &= Domain("commercial_partner_id", "not in", ours)
        # the oldest: what came later is its copy
        found = self.env["res.partner"].search(domain, order="id", limit=1)
        return found.commercial_partner_id

    def _get_same_domain(self):
        """Return the domain of the partners that are this customer, None without any."""
        domains = []
        if name := " ".join((self.name or "").split()):
            # a name is no pattern
            is_customer = Domain("is_company", "=", True) | Domain(
                "parent_id", "=", False
            )
            domains.append(Domain("name", "=ilike", escape_psql(name)) & is_customer)
        if address := email_normalize(self.email or ""):
            domains.append(Domain("email_normalized", "=", address))
        number = (self.phone or "").strip()
        digits = self.env["kam.account"]._get_national_digits(number)
        if len(digits) >= WHOLE_NUMBER:
            domains.append(Domain("phone_mobile_search", "like", digits))
        return Domain.OR(domains) if domains else None

    def _format_known(self, customer, account):
        """Return a sentence about a customer there is already, and what to do."""
        names = {
            "customer": customer.display_name,
            "manager": account.manager_id.name,
        }
        if account.manager_id == self.env.user:
            return self.env._("%(customer)s is your customer already.", **names)
        if account.manager_id:
            return self.env._(
                "%(customer)s is a customer already: %(manager)s leads it. Ask"
                " %(manager)s or your head of sales to take you into the team.",
                **names,
            )
        return self.env._(
            "%(customer)s is known already, and nobody leads it. Ask your head of sales"
            " to give it to you.",
            **names,
        )

    def action_create_customer(self):
        """Make the company, its contact and the account, and open it.

        :raise UserError: when there is the customer already, naming who leads it
        :raise AccessError: when who is no head of sales gives it to somebody else
        """
        self.ensure_one()
        # what the list one comes from fills in is not meant for these records
        self = self.with_context(clean_context(self.env.context))
        self._check_new()
        customer = self.env["res.partner"].create(self._prepare_customer())
        # sudo: nobody served this customer before, so whoever brings it may keep it
        account = self.env["kam.account"].sudo().create(self._prepare_account(customer))
        account = account.sudo(False)
        if self.contact_name:
            person = self.env["res.partner"].create(self._prepare_person(customer))
            account.stakeholder_ids.create(
                {
                    "account_id": account.id,
                    "partner_id": person.id,
                    "user_id": self.manager_id.id or self.env.uid,
                }
            )
        return account.get_formview_action()

    def action_open_known(self):
        """Open the account there is already."""
        self.ensure_one()
        return self.known_account_id.get_formview_action()

    def _check_new(self):
        """Check that the customer is new, and whom the user may give it to."""
        self.env["kam.account"].check_access("read")
        if not " ".join((self.name or "").split()):
            raise UserError(self.env._("Enter the name of the company."))
        if self.known and not self.is_another:
            raise UserError(
                self.env._(
                    "%(known)s If it is another customer, tick “This Is Another"
                    " Customer”.",
                    known=self.known,
                )
            )
        if self.manager_id != self.env.user and not self._is_head_of_sales():
            raise AccessError(
                self.env._(
                    "You are the manager of a customer you create. Ask your head of"
                    " sales to assign somebody else."
                )
            )

    def _prepare_customer(self):
        """Return the values of the company; with the ways to reach it, if nobody there
        is named.
        """
        values = {
            "name": " ".join(self.name.split()),
            "is_company": True,
            "city": self.city,
        }
        return values if self.contact_name else {**values, **self._prepare_ways()}

    def _prepare_person(self, customer):
        """Return the values of the contact."""
        return {
            "name": self.contact_name,
            "parent_id": customer.id,
            "is_company": False,
            "function": self.function,
            **self._prepare_ways(),
        }

    def _prepare_ways(self):
        """Return phone, as people write it across borders, and mail."""
        number, country = self.phone, self.env.company.country_id
        international = number and self.env["res.partner"]._phone_format(
            number=number, country=country, force_format="INTERNATIONAL"
        )
        return {"phone": international or number, "email": self.email}

    def _prepare_account(self, customer):
        """Return the values of the account."""
        return {
            "partner_id": customer.id,
            "company_id": self.env.company.id,
            "manager_id": self.manager_id.id,
            "source_id": self.source_id.id,
        }
