from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..common.turns import take_turns
from .kam_stakeholder_role import ARGUMENT_STYLES

INFLUENCES = [
    ("0", "Not known yet"),
    ("1", "Very low"),
    ("2", "Low"),
    ("3", "Medium"),
    ("4", "High"),
    ("5", "Very high"),
]
ATTITUDES = [
    ("opponent", "Opponent"),
    ("sceptic", "Sceptic"),
    ("neutral", "Neutral"),
    ("supporter", "Supporter"),
    ("sponsor", "Sponsor"),
]
RELATIONS = [
    ("supplier", "Supplier"),
    ("source", "Credible source"),
    ("solver", "Problem solver"),
    ("adviser", "Trusted adviser"),
]
ORG_LEVELS = [
    ("1_top", "Owners and board"),
    ("2_director", "Directors"),
    ("3_manager", "Managers"),
    ("4_staff", "Specialists and staff"),
]


class KamStakeholder(models.Model):
    """The dossier of one person of the customer's decision team, in one account.

    Facts about the person himself are no part of it: see ``kam.person.profile``.
    """

    _name = "kam.stakeholder"
    _description = "Stakeholder"
    _inherit = ["kam.guard", "kam.merge", "kam.import"]
    _order = "influence desc, id"
    _rec_names_search = ["partner_id.name", "partner_id.function"]
    _check_company_auto = True
    _merge_key = ("account_id", "partner_id")

    # Who
    partner_id = fields.Many2one(
        "res.partner",
        string="Person",
        index=True,
        ondelete="set null",
        check_company=True,
        domain="[('is_company', '=', False)]",
        help="Empty when the person was deleted: the position in the organisation"
        " stays.",
    )
    # company_id follows it: to check that would leave none to choose on a new record
    account_id = fields.Many2one(
        "kam.account",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    active = fields.Boolean(default=True)
    function = fields.Char(related="partner_id.function", readonly=False)
    email = fields.Char(related="partner_id.email")
    phone = fields.Char(related="partner_id.phone")
    avatar_128 = fields.Image(related="partner_id.avatar_128")
    customer_id = fields.Many2one(related="account_id.partner_id", string="Customer")
    employer_id = fields.Many2one(
        "res.partner",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="Where the person worked when the stakeholder was created.",
    )
    erased_date = fields.Date(
        "Erased On", readonly=True, help="When the personal data was erased."
    )
    is_moved = fields.Boolean(
        "Moved",
        compute="_compute_is_moved",
        search="_search_is_moved",
        help="The person now works for somebody else.",
    )

    # His part in the decision
    role_ids = fields.Many2many(
        "kam.stakeholder.role",
        "kam_stakeholder_role_rel",
        "stakeholder_id",
        "role_id",
        string="Buying Roles",
        help="The person's parts in the decision; there may be several.",
    )
    influence = fields.Selection(
        INFLUENCES, default="0", required=True, group_expand=True, merge=max
    )
    attitude = fields.Selection(
        ATTITUDES,
        group_expand=True,
        help="The person's attitude towards us. Leave it empty while it is not known.",
    )
    argument_style = fields.Selection(
        ARGUMENT_STYLES,
        "Decision Style",
        compute="_compute_argument_style",
        store=True,
        readonly=False,
        help="Suggested by the buying roles; change it where the person turns out to"
        " be different.",
    )
    argument_hint = fields.Char("Presentation Tips", compute="_compute_argument_hint")

    # What he wants
    goals = fields.Text(help="What this person must reach at work.")
    interests = fields.Text(
        "Business Interests", help="What this person cares about in what we offer."
    )

    # His place in the organisation
    org_level = fields.Selection(ORG_LEVELS, "Organisation Level", group_expand=True)
    parent_id = fields.Many2one(
        "kam.stakeholder",
        "Reports To",
        index="btree_not_null",
        ondelete="set null",
        domain="[('account_id', '=', account_id), ('id', '!=', id)]",
    )
    child_ids = fields.One2many("kam.stakeholder", "parent_id", "Direct Reports")
    group_ids = fields.Many2many(
        "kam.interest.group",
        string="Interest Groups",
        domain="[('account_id', '=', account_id)]",
    )

    # The relation with us
    user_id = fields.Many2one(
        "res.users",
        "Relationship Owner",
        default=lambda self: self.env.user,
        index="btree_not_null",
        check_company=True,
        domain="[('share', '=', False)]",
        help="The colleague who owns the relationship with this person.",
    )
    relation_current = fields.Selection(
        RELATIONS, "Current Relationship", group_expand=True
    )
    relation_wanted = fields.Selection(
        RELATIONS,
        string="Target Relationship",
    )

    _account_partner_uniq = models.UniqueIndex(
        "(account_id, partner_id)",
        "This person is a stakeholder of this account already. If you do not see them,"
        " look among those who departed.",
    )

    @api.depends("partner_id.name")
    def _compute_display_name(self):
        for dossier in self:
            gone = self.env._("Erased person") if dossier._origin else False
            # sudo: who sees a dossier sees whose it is
            dossier.display_name = dossier.partner_id.sudo().name or gone

    @api.depends(
        "partner_id.commercial_partner_id", "employer_id", "account_id.partner_id"
    )
    def _compute_is_moved(self):
        for dossier in self:
            works_for = dossier.partner_id.commercial_partner_id
            dossier.is_moved = bool(
                works_for
                and dossier.employer_id
                and works_for not in dossier.employer_id + dossier.account_id.partner_id
            )

    def _search_is_moved(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.flush_model(["partner_id", "employer_id", "account_id"])
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        moved = SQL(
            """(
            SELECT d.id FROM kam_stakeholder d
              JOIN kam_account a ON a.id = d.account_id
              JOIN res_partner p ON p.id = d.partner_id
             WHERE p.commercial_partner_id NOT IN (d.employer_id, a.partner_id)
            )"""
        )
        return [("id", "in" if True in value else "not in", moved)]

    @api.depends("role_ids")
    def _compute_argument_style(self):
        """Suggest the style of the first role that has one, where none is chosen."""
        for dossier in self:
            styles = dossier.role_ids.sorted("sequence").mapped("argument_style")
            dossier.argument_style = dossier.argument_style or next(
                filter(None, styles), False
            )

    @api.depends("argument_style")
    def _compute_argument_hint(self):
        hints = {
            "status": self.env._(
                "Show what nobody else gets: exclusivity, first place, our management at"
                " the table. Keep it short."
            ),
            "people": self.env._(
                "Name similar people and firms who are glad they did it. Let them talk"
                " to each other."
            ),
            "figures": self.env._(
                "Bring the calculation: cost, saving, payback, risk. Leave it on paper."
            ),
            "technical": self.env._(
                "Bring data sheets, a test on site and your engineer. Promise nothing"
                " you cannot measure."
            ),
        }
        for dossier in self:
            dossier.argument_hint = hints.get(dossier.argument_style, False)

    @api.constrains("parent_id", "account_id")
    def _check_parent(self):
        """Keep reporting lines within one account and free of circles.

        Also when two people are made each other's superior at the same moment.
        """
        take_turns(self._get_superiors())
        for dossier in self:
            if dossier.parent_id and dossier.parent_id.account_id != dossier.account_id:
                raise ValidationError(
                    self.env._(
                        "%(boss)s belongs to another account. Choose a stakeholder of"
                        " the same account.",
                        boss=dossier.parent_id.display_name,
                    )
                )
        if self._has_cycle():
            raise ValidationError(
                self.env._(
                    "A reporting line cannot lead back to the person it starts from."
                    " Change the reporting line of the other person first."
                )
            )

    @api.constrains("group_ids", "account_id")
    def _check_groups(self):
        self.group_ids._check_stakeholders()

    @api.model_create_multi
    def create(self, vals_list):
        dossiers = super().create(vals_list)
        # sudo: a fact of this day, which nobody may write
        for dossier in dossiers.sudo():
            dossier.employer_id = dossier.partner_id.commercial_partner_id
        return dossiers

    def copy_data(self, default=None):
        raise UserError(
            self.env._(
                "A stakeholder cannot be duplicated: a person is one only once in each"
                " account. Create one for another person instead."
            )
        )

    def _repoint(self, vals):
        result = super()._repoint(vals)
        if "partner_id" in vals:
            # constraints wait during a merge, but a company never has a dossier
            self.exists()._check_person()
        return result

    def _get_superiors(self):
        """Return those whom these people report to, directly or not."""
        superiors = self.parent_id
        while more := superiors.parent_id - superiors:
            superiors |= more
        return superiors

    def _is_below(self, other):
        """Return whether this person reports to another one, directly or not."""
        boss, seen = self.parent_id, self
        while boss and boss not in seen:
            if boss == other:
                return True
            seen |= boss
            boss = boss.parent_id
        return False
