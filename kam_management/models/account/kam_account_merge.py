from odoo import api, models

# What the surviving account takes over where it has nothing of its own.
INHERITED_FIELDS = (
    "manager_id",
    "developer_id",
    "telemarketer_id",
    "project_manager_id",
    "accountable_id",
    "team_id",
    "sales_type",
    "source_id",
)


class KamAccount(models.Model):
    """Two customers turn out to be one: their accounts become one, nothing is lost."""

    _inherit = "kam.account"

    @api.model
    def _move_to_partner(self, partners, target):
        """Move the accounts of some partners, with their orders, to another entity.

        In a company where the target has an account, the accounts become one; elsewhere
        an account changes its customer.

        :param partners: ``res.partner`` records whose accounts move
        :param target: the ``res.partner`` that is the customer from now on, maybe only
            by what follows
        """
        # sudo: whoever may merge or move partners moves all that hangs on them
        orders = self.env["sale.order"].sudo().with_context(active_test=False)
        orders.search(
            [("kam_commercial_partner_id", "in", partners.ids)]
        ).kam_commercial_partner_id = target
        Account = self.sudo().with_context(active_test=False)
        sources = Account.search(
            [("partner_id", "in", partners.ids), ("partner_id", "!=", target.id)]
        )
        survivors = Account.search([("partner_id", "=", target.id)])
        survivors = survivors.grouped("company_id")
        for company, accounts in sources.grouped("company_id").items():
            survivor = survivors.get(company)
            if not survivor:
                survivor, accounts = accounts[0], accounts[1:]
                survivor.with_context(kam_follow_customer=True).partner_id = target
            accounts._merge_into(survivor)

    def _check_company(self, fnames=None):
        """Let an account follow its customer into a partner of another company.

        Odoo itself merges and moves such partners with all their documents.
        """
        if self.env.su and self.env.context.get("kam_follow_customer"):
            return None
        return super()._check_company(fnames)

    def _filter_with_history(self):
        """Return those of these accounts that hold more than a name."""
        return self.filtered_domain(
            [
                "|",
                "|",
                ("level", "!=", "potential"),
                ("opening_count", ">", 0),
                ("touch_ids", "!=", False),
            ]
        )

    def _merge_into(self, survivor):
        """Make these accounts part of another one and remove them.

        - Roles and classification fill the survivor's gaps; who loses his role stays
          in the team; being a key account stays.
        - Opening balances add up; touches, leads, chatter, followers and activities move.
        - The log is computed anew by the queue.

        :param survivor: the ``kam.account`` that remains
        """
        if not self:
            return
        survivor.write(self._prepare_merge_values(survivor))
        self._merge_relations(survivor)
        # one who follows both would make Odoo drop all followers
        survivor.message_subscribe(self.message_partner_ids.ids)
        self.message_follower_ids.unlink()
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._update_reference_fields_generic("kam.account", self, survivor)
        survivor._enqueue()
        self.unlink()

    def _prepare_merge_values(self, survivor):
        """Return what the survivor takes over from the accounts merged into it."""
        values = {}
        for name in INHERITED_FIELDS:
            if not survivor[name] and (
                kept := next(filter(None, self.mapped(name)), None)
            ):
                values[name] = kept.id if isinstance(kept, models.BaseModel) else kept
        everyone = self + survivor
        firsts = list(filter(None, everyone.mapped("opening_first_date")))
        lasts = list(filter(None, everyone.mapped("opening_last_date")))
        if firsts:
            values.update(
                opening_first_date=min(firsts),
                opening_last_date=max(lasts),
                opening_count=sum(everyone.mapped("opening_count")),
            )
        values["is_key_account"] = any(everyone.mapped("is_key_account"))
        values["active"] = any(everyone.mapped("active"))
        values["member_ids"] = (everyone.member_ids | self.team_user_ids).ids
        return values

    def _merge_relations(self, survivor):
        """Move the records of these accounts to the survivor.

        Later rooms override this for what they hang on an account.
        """
        merged, kept = (
            accounts.with_context(active_test=False).touch_ids
            for accounts in (self, survivor)
        )
        twins = merged._get_twins(kept)
        twins.unlink()
        (merged - twins).write({"account_id": survivor.id})
        self.with_context(active_test=False).lead_ids.write(
            {"kam_account_id": survivor.id}
        )
