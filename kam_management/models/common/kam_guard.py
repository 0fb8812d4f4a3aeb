from odoo import api, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import ormcache

from .sense import YEARS, makes_sense
from .strangers import is_ours, refuse_strangers

HEAD_GROUP = "kam_management.group_kam_manager"


class KamGuard(models.AbstractModel):
    """What only buttons may change, and what only a head of sales decides.

    A readonly field of ours is filled in by the app: no user sets it, by whatever way it
    comes - write, create, import, copy, default values of a context or of their own.
    The superuser may: a button that has checked its user goes on with ``sudo()``.

    A model declares such a field by ``readonly=True`` alone. It may name what is for heads
    of sales (``_get_head_fields``), and say what to do instead (``_get_..._hint``).
    """

    _name = "kam.guard"
    _description = "Guard of Calculated Fields"

    @api.model
    def default_get(self, fields):
        """Give guarded fields the default value of the model alone.

        :raise AccessError: when the context names a record the user may not read
        """
        guarded = self._get_guarded_fields().intersection(fields)
        others = [name for name in fields if name not in guarded]
        if not self.env.su:
            named = self._kam_get_context_defaults()
            named = {name: named[name] for name in named.keys() & set(others)}
            refuse_strangers(self, [self._leave_out_checked(named)])
        values = super().default_get(others)
        for name in guarded:
            field = self._fields[name]
            if field.default:
                value = field.convert_to_cache(field.default(self), self, False)
                values[name] = field.convert_to_write(value, self)
        return values

    @api.model_create_multi
    def create(self, vals_list):
        # what the records it is called on are linked to is not linked to yet
        self.browse()._check_values(vals_list)
        return super().create(vals_list)

    def copy_data(self, default=None):
        """Let the app fill in a copy by itself; what is asked for is still checked."""
        names = self._get_found_fields().difference(default or ())
        return [
            vals and {name: vals[name] for name in vals if name not in names}
            for vals in super().copy_data(default)
        ]

    def write(self, vals):
        self._check_values([vals])
        result = super().write(vals)
        if not self._get_place_fields().isdisjoint(vals):
            # the rules were asked before: is it still a record the user may change?
            self.check_access("write")
        return result

    def _kam_get_context_defaults(self):
        """Leave out guarded fields: a form begins without them."""
        guarded = self._get_guarded_fields()
        return {
            name: value
            for name, value in super()._kam_get_context_defaults().items()
            if name not in guarded
        }

    def _check_access(self, operation):
        """Keep from the user what is others' to change, beyond the rules."""
        refused = super()._check_access(operation)
        if operation not in ("write", "unlink"):
            return refused
        left = self - refused[0] if refused else self
        others = left - left._filter_changeable()
        if not others:
            return refused
        if refused:
            return refused[0] + others, refused[1]
        return others, self._get_others_error

    def _filter_changeable(self):
        """Return those of these records, open to the user by the rules, that are theirs
        to change and to delete.
        """
        return self

    @api.model
    def _get_others_error(self):
        """Return the error for whoever changes what is others' to change."""
        return AccessError(self.env._("You are not allowed to change this."))

    @api.model
    @ormcache()
    def _get_found_fields(self):
        """Return the names of the fields that the app fills in.

        In a dialog there are none: what is readonly there comes from the button.
        """
        return frozenset(
            name
            for name, field in self._fields.items()
            if field.readonly and field.store and is_ours(field) and not self._transient
        )

    @api.model
    def _get_head_fields(self):
        """Return the names of the fields that only a head of sales may set."""
        return frozenset()

    @api.model
    @ormcache()
    def _get_place_fields(self):
        """Return the names of the fields that say where a record belongs.

        The rules go by them: the company, and what a record cannot be without. A user
        who looks after it is none of these: they may hand it over.
        """
        return frozenset(
            name
            for name, field in self._fields.items()
            if field.type == "many2one" and field.store and is_ours(field)
            if field.required or name == "company_id"
            if field.comodel_name != "res.users"
        )

    @api.model
    def _get_guarded_fields(self):
        """Return the names of the fields that the user may not set."""
        found, decided = self._get_found_fields(), self._get_head_fields()
        return found | decided if decided and not self._is_head_of_sales() else found

    @api.model
    def _get_found_hint(self):
        """Return a sentence about what to do instead of typing in what is found."""
        return ""

    @api.model
    def _get_head_hint(self):
        """Return a sentence about what to do instead of deciding as a head of sales."""
        return ""

    @api.model
    def _is_head_of_sales(self):
        """Return whether the user may decide as a head of sales."""
        return self.env.su or self.env.user.has_group(HEAD_GROUP)

    @api.model
    def _check_guarded_fields(self, vals):
        """Refuse values for fields that the user may not set.

        :raise AccessError: naming them, and what to do instead
        """
        if self.env.su:
            return
        if found := self._get_found_fields().intersection(vals):
            message = self.env._(
                "%(fields)s: calculated, cannot be edited.",
                fields=self._format_field_labels(found),
            )
            raise AccessError(f"{message} {self._get_found_hint()}".strip())
        decided = self._get_head_fields().intersection(vals)
        if decided and not self._is_head_of_sales():
            message = self.env._(
                "%(fields)s: only a head of sales may change this.",
                fields=self._format_field_labels(decided),
            )
            raise AccessError(f"{message} {self._get_head_hint()}".strip())

    def _check_values(self, vals_list):
        """Refuse what the user may not set, links to what they may not read, nonsense.

        :param list vals_list: what is created, or of one dict: what is written
        :raise AccessError: see ``_check_guarded_fields`` and ``refuse_strangers``
        :raise ValidationError: naming figures and days nobody can go on working with
        """
        if self.env.su:
            return
        for vals in vals_list:
            self._check_guarded_fields(vals)
        unchecked = [self._leave_out_checked(vals) for vals in vals_list]
        refuse_strangers(self, unchecked)
        senseless = set().union(*map(self._get_senseless_fields, unchecked))
        if senseless:
            raise ValidationError(
                self.env._(
                    "%(fields)s: this value cannot be used. Enter a number of usual"
                    " size, a date between the years %(first)s and %(last)s, or choose"
                    " one record.",
                    fields=self._format_field_labels(senseless),
                    first=str(YEARS[0]),
                    last=str(YEARS[-1]),
                )
            )

    @api.model
    def _get_checked_fields(self):
        """Return the names of the fields that the model itself checks when it is saved.

        It says better what to do, or knows which hidden records are allowed.
        """
        return frozenset()

    @api.model
    def _leave_out_checked(self, values):
        """Return values without the fields that the model itself checks."""
        checked = self._get_checked_fields()
        return {name: value for name, value in values.items() if name not in checked}

    @api.model
    def _get_senseless_fields(self, vals):
        """Return the names of the fields of ours whose value nobody can work with."""
        return {
            name
            for name, value in vals.items()
            if (field := self._fields.get(name))
            and is_ours(field)
            and (
                not makes_sense(field.type, value)
                # our own checks would be asked before Odoo refuses what is empty
                or field.required
                and field.type in ("date", "datetime", "many2one")
                and not value
            )
        }

    @api.model
    def _format_field_labels(self, names):
        """Return the labels of some fields, in alphabetical order, for a message."""
        labels = {self._fields[name]._description_string(self.env) for name in names}
        return ", ".join(sorted(labels))
