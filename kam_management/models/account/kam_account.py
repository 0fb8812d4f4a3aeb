from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..common.kam_guard import HEAD_GROUP

# Only a head of sales says who leads an account and what counts as its history.
HEAD_FIELDS = {
    "active",
    "company_id",
    "partner_id",
    "manager_id",
    "accountable_id",
    "is_key_account",
    "opening_first_date",
    "opening_last_date",
    "opening_count",
    "opening_revenue",
    "opening_revenue_previous",
}


class KamAccount(models.Model):
    """The relationship of one company of ours with one commercial entity.

    Who looks after the customer is typed in; where the relationship stands
    (level, metrics) is computed from what Odoo records, see ``_refresh``.
    """

    _name = "kam.account"
    _description = "Customer Account"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "kam.level.mixin",
        "kam.guard",
        "kam.merge",
        "kam.import",
    ]
    _order = "revenue desc, id desc"
    _rec_name = "partner_id"
    _rec_names_search = ["partner_id.complete_name", "partner_id.ref"]
    _check_company_auto = True
    _merge_key = _import_key = ("partner_id", "company_id")
    _import_companies = ("partner_id",)

    # Identity
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="['|', ('is_company', '=', True), ('parent_id', '=', False)]",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    active = fields.Boolean(default=True)

    # What kind of customer
    sales_type = fields.Selection(
        [
            ("transactional", "Transactional"),
            ("project", "Project"),
            ("consultative", "Consultative"),
        ],
        help="Transactional: repeated orders, short cycle. Project: long cycle, a"
        " project manager takes part. Consultative: the need is worked out together.",
    )
    source_id = fields.Many2one(
        "utm.source",
        help="Where the customer came from: the source of the first lead.",
    )
    is_key_account = fields.Boolean("Key Account", tracking=True)

    can_lead = fields.Boolean(
        compute="_compute_can_lead", help="The user is a head of sales."
    )

    _company_partner_uniq = models.UniqueIndex(
        "(partner_id, company_id)",
        "This customer already has an account in this company.",
    )

    @api.depends("partner_id.display_name")
    def _compute_display_name(self):
        # sudo: who sees an account sees whose it is, though the customer is kept to
        # another company of ours
        for account in self:
            account.display_name = account.partner_id.sudo().display_name

    @api.depends_context("uid")
    def _compute_can_lead(self):
        self.can_lead = self.env.user.has_group(HEAD_GROUP)

    @api.constrains("partner_id")
    def _check_partner(self):
        """Refuse contacts: their company is the customer, and has the account."""
        for account in self:
            customer = account.partner_id.commercial_partner_id
            if account.partner_id != customer:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is a contact of %(customer)s, and accounts are"
                        " kept for companies. Choose %(customer)s as the customer.",
                        contact=account.partner_id.name,
                        customer=customer.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        accounts = super().create(vals_list)
        accounts._enqueue()
        return accounts

    def copy_data(self, default=None):
        raise UserError(
            self.env._(
                "An account cannot be duplicated: a customer has one account with each"
                " of your companies."
            )
        )

    def write(self, vals):
        result = super().write(vals)
        if not self._get_evidence_fields().isdisjoint(vals):
            self._enqueue()
        return result

    def unlink(self):
        """Report the customers: who is one still, by a quotation maybe, gets an account."""
        # sudo: which customer an account is about is no secret from the engine
        self.env["kam.account.event"]._append(
            (account.company_id, account.partner_id) for account in self.sudo()
        )
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_history(self):
        """Keep accounts that would come back at night without manager and touches."""
        kept = self.filtered(lambda account: account.level != "potential")
        if kept and not self.env.su:
            raise UserError(
                self.env._(
                    "%(accounts)s: customers with touches or purchases keep their"
                    " account. Archive it instead.",
                    accounts=", ".join(kept.mapped("display_name")),
                )
            )

    def action_refresh(self):
        """Recompute the given accounts now instead of waiting for the queue."""
        self.check_access("write")
        self._refresh(self)

    @api.model
    def _get_head_fields(self):
        return HEAD_FIELDS

    @api.model
    def _get_found_hint(self):
        return self.env._("Record the order or the touch instead.")

    @api.model
    def _get_head_hint(self):
        return self.env._("Ask the head of sales of the account.")

    def _get_evidence_fields(self):
        """Return the names of the typed fields that decide level or metrics."""
        return {
            "partner_id",
            "company_id",
            "opening_first_date",
            "opening_last_date",
            "opening_count",
            "opening_revenue",
            "opening_revenue_previous",
        }

    @api.model
    def _get_for(self, company, partner):
        """Return the account of a company with a partner's commercial entity.

        :param company: a ``res.company`` record
        :param partner: any ``res.partner``; a contact stands for his company
        :return: a ``kam.account``, empty when there is none
        """
        return self._map_for([(company, partner)]).get(
            (company, partner.commercial_partner_id), self.browse()
        )

    @api.model
    def _map_for(self, pairs):
        """Return {(company, commercial partner): account} for (company, partner) pairs.

        Pairs without an account are missing in the result; archived accounts count.
        """
        companies = {company.id for company, _partner in pairs}
        partners = self.env["res.partner"].union(*(partner for _c, partner in pairs))
        # who is just being typed in has none
        partners = partners.browse(partners.ids)
        if not partners:
            return {}
        query = partners._as_query(ordered=False)
        # customers that have none, as most have where leads come in, are not even read
        customers = query.subselect(
            partners._field_to_sql(query.table, "commercial_partner_id", query)
        )
        accounts = self.with_context(active_test=False).search_fetch(
            [
                ("partner_id", "in", customers),
                ("company_id", "in", list(companies)),
            ],
            ["company_id", "partner_id"],
        )
        # archived accounts count, archived records of theirs do not
        accounts = accounts.with_env(self.env)
        return {
            (account.company_id, account.partner_id): account for account in accounts
        }

    @api.model
    def _refresh(self, accounts=None, as_of=None):
        """Compute the state of the world as known at the end of a day.

        Levels, metrics and the log of transitions of the accounts become what they
        were on ``as_of``, whatever they are now. Without ``accounts``, customers that
        have none yet get theirs, and only what differs is written. See ``kam.engine``.

        :param accounts: ``kam.account`` records, None for all
        :param date as_of: the day; None for today (UTC)
        """
        customers = None
        if accounts is not None:
            # sudo: which customer an account is about is no secret from the engine
            customers = {(a.company_id.id, a.partner_id.id) for a in accounts.sudo()}
        self.env["kam.engine"]._run(customers, as_of)

    @api.model
    def _cron_refresh(self):
        """Bring all accounts to today, see ``kam.engine``."""
        self.env["kam.engine"]._cron_night()

    def _enqueue(self):
        """Have these accounts refreshed by the queue."""
        if self._put_off("_enqueue"):
            return
        self.env["kam.account.event"]._append(
            (account.company_id, account.partner_id) for account in self
        )
