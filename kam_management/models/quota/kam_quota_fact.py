from odoo import api, fields, models
from odoo.exceptions import UserError

# Facts let go at a time
GC_BATCH = 10_000


class KamQuotaFact(models.Model):
    """A record behind a figure of a quota; together they add up to it.

    Facts of a running period are worked out when somebody looks at them, those of a
    closed one are kept.
    """

    _name = "kam.quota.fact"
    _description = "Fact of a Quota"
    _order = "date desc, id desc"
    _log_access = False

    line_id = fields.Many2one(
        "kam.quota.line", required=True, index=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="line_id.company_id", store=True)
    date = fields.Date(readonly=True)
    account_id = fields.Many2one(
        "kam.account",
        "Customer",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    user_id = fields.Many2one("res.users", "Credited To", readonly=True)
    value = fields.Float(readonly=True)
    weight = fields.Float(
        "Share",
        readonly=True,
        aggregator=None,
        help="The part of the period in which it was led by whom it is credited to.",
    )
    res_model = fields.Char("Kind of Record", readonly=True)
    res_id = fields.Many2oneReference(
        "Record", model_field="res_model", readonly=True, aggregator=None
    )
    source = fields.Char(
        compute="_compute_source", compute_sudo=True, help="What was counted."
    )

    @api.depends("res_model", "res_id")
    def _compute_source(self):
        """Name the records, a kind of them at a time; one may be gone by now."""
        self.source = False
        for model, facts in self.grouped("res_model").items():
            if model not in self.env:
                continue
            records = self.env[model].browse(facts.mapped("res_id")).exists()
            kind = self.env["ir.model"]._get(model).name
            names = {record.id: record.display_name or kind for record in records}
            for fact in facts:
                name = names.get(fact.res_id, self.env._("Deleted since"))
                if model == fact.line_id._name:
                    name = self.env._("Correction of %(period)s", period=name)
                fact.source = name

    def action_open_record(self):
        """Open what was counted.

        :raise UserError: when it has been deleted since
        """
        self.ensure_one()
        record = self.env[self.res_model].browse(self.res_id)
        if not record.exists():
            raise UserError(self.env._("This has been deleted since it was counted."))
        record.check_access("read")
        if self.res_model == self.line_id._name:
            return record.action_open_facts()
        return record.get_formview_action()

    @api.autovacuum
    def _gc_facts(self):
        """Let go of facts that were worked out to be looked at."""
        facts = self.search(
            [("line_id.state", "!=", "closed")], limit=GC_BATCH, order="id"
        )
        facts.unlink()
        return len(facts), len(facts) == GC_BATCH
