from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..common import clock
from ..common.turns import take_turns
from .spells import Claim, by_turns, find_clash, left_over


class KamTermMixin(models.AbstractModel):
    """A dated stretch of time in which somebody was responsible for something.

    The terms of a subject share no day. Whoever types in or imports one gives it its
    days: the others are cut, split or removed. Who is responsible today is said
    elsewhere, and the term without an end follows; see ``_follow``.
    """

    _name = "kam.term.mixin"
    _description = "Assignment"
    _inherit = ["kam.import"]
    _order = "date_start desc nulls last, id desc"
    _rec_name = "user_id"
    # Whose history this is, and what changes in the course of it
    _subject_name = _value_name = None
    _import_former = ("user_id",)

    # Odoo lets people be deleted, and so do we: nobody is left to have the credit
    user_id = fields.Many2one(
        "res.users", required=True, index=True, ondelete="cascade"
    )
    date_start = fields.Date("From", help="The first day. Empty: from the beginning.")
    date_end = fields.Date("Until", help="The last day. Empty: still running.")

    _check_days = models.Constraint(
        "CHECK(date_end >= date_start)", "The last day cannot be before the first day."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Give these terms their days, one after the other of each subject.

        What a later one takes from an earlier one is gone, and so is one that is left
        without a day.
        """
        self.check_access("create")
        defaults = self.default_get(self._get_claim_fields())
        claims = [self._prepare_claim({**defaults, **vals}) for vals in vals_list]
        ids = [None] * len(claims)
        for turn in by_turns([claim.subject for claim in claims]):
            self._take_days([claims[place] for place in turn])
            created = super().create([vals_list[place] for place in turn])
            for place, term in zip(turn, created, strict=True):
                ids[place] = term.id
        terms = self.browse(ids)
        if not self.env.su:
            typed = terms.exists()
            typed._check_typed()
            typed._check_colleague()
        return terms

    def write(self, vals):
        whose = self._subject_name, self._value_name
        if vals.keys().isdisjoint((*whose, "date_start", "date_end")):
            return super().write(vals)
        if not self.env.su:
            self.check_access("write")
            self._check_current_stays(vals)
        claims = [self._prepare_claim({**term._read_claim(), **vals}) for term in self]
        if find_clash(claims):
            raise ValidationError(
                self.env._("Several assignments would overlap. Change them one by one.")
            )
        self._take_days(claims, siblings=self)
        result = super().write(vals)
        if not self.env.su:
            # the rules were asked before: is it still of a company of the user's?
            self.check_access("write")
            self._check_typed()
            if not vals.keys().isdisjoint(whose):
                self._check_colleague()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_current(self):
        """Keep the terms of today: they follow what is said elsewhere."""
        current = (
            self.browse()
            if self.env.su
            else self.filtered(lambda term: term._is_current())
        )
        if current:
            raise UserError(current[0]._get_current_error())

    # Days

    @api.model
    def _get_subject_fields(self):
        """Return the names of the fields of which a day belongs to one term alone."""
        return (self._subject_name,)

    @api.model
    def _get_claim_fields(self):
        return [*self._get_subject_fields(), "date_start", "date_end"]

    def _read_claim(self):
        """Return the values of this term that say which days it has, and of what."""
        self.ensure_one()
        return {
            name: self[name].id if name.endswith("_id") else self[name]
            for name in self._get_claim_fields()
        }

    @api.model
    def _prepare_claim(self, vals):
        """Return the ``Claim`` that values for a term make.

        :raise ValidationError: when it ends before it begins
        """
        start, end = (
            fields.Date.to_date(vals.get(name)) or None
            for name in ("date_start", "date_end")
        )
        if start and end and start > end:
            raise ValidationError(
                self.env._(
                    "The last day cannot be before the first day. Check the dates."
                )
            )
        subject = tuple(vals.get(name) or 0 for name in self._get_subject_fields())
        return Claim(subject, start, end)

    def _take_days(self, claims, siblings=()):
        """Take the days of some claims from the other terms of their subjects.

        :param siblings: terms that keep their days
        :return: new terms, of the days left over after the days taken
        """
        ids = {claim.subject[0] for claim in claims} - {0}
        name = self._get_subject_fields()[0]
        # who works on the same history at the same time takes turns
        take_turns(self.env[self._fields[name].comodel_name].browse(ids))
        taken = defaultdict(list)
        for claim in claims:
            taken[claim.subject].append((claim.start, claim.end))
        rest = []
        # sudo: whose day it is, also of the terms that other companies keep
        known = self.sudo().search([(name, "in", list(ids))]).sudo(self.env.su)
        mine = known._filtered_access("read")
        for term in known.sudo():
            subject, *spell = self._prepare_claim(term._read_claim())
            if term in siblings or subject not in taken:
                continue
            spells = left_over(spell, taken[subject])
            if term in mine:
                rest += term.sudo(self.env.su)._keep_days(spell, spells)
            elif spells != [tuple(spell)]:
                raise ValidationError(
                    self.env._(
                        "Another of your companies has an assignment on these days."
                        " Choose other days, or ask its head of sales to change it."
                    )
                )
        # an index minds two terms with one beginning: the old days are given up first
        self.flush_model(["date_start", "date_end"])
        # past this model's own create, which would take days in its turn
        # pylint: disable-next=super-method-mismatch
        return super().create(rest)

    def _keep_days(self, spell, spells):
        """Reduce this term to some of its days.

        :param spell: the days it has, as (first, last)
        :param list spells: those that it keeps, in as many parts; none removes it
        :return: values of terms to create for the parts after the first one
        """
        if not spells:
            # sudo: that it has no day left was decided with the days of the others
            self.sudo().unlink()
            return []
        days = [{"date_start": start, "date_end": end} for start, end in spells]
        if spells != [tuple(spell)]:
            # pylint: disable-next=super-method-mismatch
            super().write(days[0])
        return [self.copy_data(later)[0] for later in days[1:]]

    # What people may type in

    def _check_typed(self):
        """Refuse terms that cannot be.

        - One that is yet to begin, or has an end that is yet to come.
        - One without end of somebody who is not responsible today.

        :raise ValidationError: with what to do instead
        """
        today = clock.today()
        for term in self:
            if term.date_start and term.date_start > today:
                raise ValidationError(
                    self.env._(
                        "An assignment cannot begin in the future. Check the dates."
                    )
                )
            if term.date_end and term.date_end >= today:
                raise ValidationError(
                    self.env._(
                        "The last day of an assignment must be in the past. Leave it"
                        " empty if the assignment goes on."
                    )
                )
            if not term.date_end and not term._is_current():
                raise ValidationError(term._get_not_current_error())

    def _check_colleague(self):
        """Refuse terms of somebody from outside, or from another company of ours.

        Former colleagues may be archived.
        """
        # sudo: whether a colleague is one, and where they work, is no secret
        for term in self.sudo():
            user, company = term.user_id, term.company_id
            if user.share or company and company not in user.company_ids:
                raise ValidationError(
                    self.env._(
                        "%(user)s is not an internal user of %(company)s. Choose"
                        " somebody who works or worked there.",
                        user=user.name,
                        company=(company or self.env.company).name,
                    )
                )

    def _check_current_stays(self, vals):
        """Refuse to end by typing what goes on, or to make it that of something else.

        :param dict vals: values given to write
        """
        subject = self._get_subject_fields()[0]
        for term in self:
            moved = subject in vals and vals[subject] != term[subject].id
            if (vals.get("date_end") or moved) and term._is_current():
                raise ValidationError(term._get_current_error())

    def _is_current(self):
        """Return whether this is the term of who is responsible today."""
        raise NotImplementedError

    def _get_current_error(self):
        """Return where to end what goes on today."""
        raise NotImplementedError

    def _get_not_current_error(self):
        """Return why a term needs an end."""
        raise NotImplementedError
