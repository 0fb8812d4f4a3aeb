from odoo import fields, models


class KamAccountTerm(models.Model):
    """From when to when somebody led an account: whose its figures are.

    An account has no two terms on the same day; a day without one is nobody's. The
    first term has no beginning: who leads an account when the app comes to know it
    answers for its past, too.
    """

    _name = "kam.account.term"
    _description = "Term of a Key Account Manager"
    _order = "date_start desc nulls last, id desc"
    _rec_name = "user_id"

    account_id = fields.Many2one(
        "kam.account", required=True, index=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, index=True
    )
    user_id = fields.Many2one(
        "res.users", "Key Account Manager", required=True, readonly=True, index=True
    )
    date_start = fields.Date("From", readonly=True, help="Empty: since ever.")
    date_end = fields.Date(
        "Until", readonly=True, help="The last day; empty: leads the account today."
    )

    _open_uniq = models.UniqueIndex(
        "(account_id) WHERE date_end IS NULL",
        "An account is led by one manager at a time.",
    )
