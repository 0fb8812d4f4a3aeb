from functools import partial

from odoo import Command, api, models
from odoo.fields import Domain
from odoo.tools import SQL, ormcache

# Constraints run as superuser, so a mere flag in the context could come from any client.
# This object cannot be sent over the wire.
MERGING = object()


def is_merging(env):
    """Return whether the app itself is merging records just now."""
    return env.context.get("kam_merge") is MERGING


# How several values become one, for ``merge=``; ``sum``, ``min`` and ``max`` do as well.


def first(values):
    """Return the first of some values."""
    return values[0]


def join_lines(values):
    """Return some texts one below the other, each once."""
    return "\n".join(dict.fromkeys(values))


def get_link_domain(field, targets):
    """Return the domain of the records that point to one of some others by a field."""
    if field.type == "reference":
        return Domain(field.name, "in", [f"{one._name},{one.id}" for one in targets])
    domain = Domain(field.name, "in", [one.id for one in targets])
    if field.type == "many2one_reference":
        domain &= Domain(field.model_field, "=", next(iter(targets))._name)
    return domain


def get_new_targets(field, record, twins):
    """Return those that a record is to point to instead of some records.

    :param dict twins: {record: the one to point to instead}
    """
    model, old = next(iter(twins)).browse(), record[field.name]
    if field.type == "many2one_reference":
        old = model.browse(old)
    return model.union(*(twins[one] for one in old if one in twins))


def get_link_value(field, targets):
    """Return what to write into a field so that it points to some records."""
    if field.type == "many2many":
        return [Command.link(target.id) for target in targets]
    if field.type == "reference":
        return f"{targets._name},{targets.id}"
    return targets.id


class KamMerge(models.AbstractModel):
    """Records that may turn out to be one: what hangs on them is carried along.

    Whatever points to a record, in any model, points to the one that stays afterwards;
    two records that would then be the same become one in turn. A model says

    - in ``_merge_key``: the names of the fields that make two of its records the same;
    - on a field, by ``merge=``: how values become one, as a function of those there are,
      the survivor's first. By default texts are joined, sets united, gaps filled; what
      nobody types in is left to whatever finds it out;
    - on a link, by ``merge=False``: it stays behind, for it is worked out anew.
    """

    _name = "kam.merge"
    _description = "Mergeable Records"

    _merge_key = ()

    def _valid_field_parameter(self, field, name):
        return name == "merge" or super()._valid_field_parameter(field, name)

    def _validate_fields(self, field_names, excluded_names=()):
        """Let constraints wait during a merge: records move one after the other."""
        if is_merging(self.env):
            return None
        return super()._validate_fields(field_names, excluded_names)

    def _check_company(self, fnames=None):
        """Let records follow a partner of another company.

        Odoo itself merges and moves such partners with all their documents.
        """
        if is_merging(self.env):
            return None
        return super()._check_company(fnames)

    @api.model
    def _merge_twins(self, twins):
        """Make records part of others and remove them.

        :param dict twins: {record: the one that stays}
        """
        twins = {one._for_merge(): twin._for_merge() for one, twin in twins.items()}
        self._move_followers(twins)
        self._carry_along(twins, everything=True)
        for record, survivor in twins.items():
            survivor._break_circles()
            values = record._prepare_merge_values(survivor)
            record.unlink()
            survivor.write(values)
            survivor._break_circles()

    def _repoint(self, vals):
        """Write a link to what stays; records that are the same now become one.

        :param dict vals: {name of the link: value to write}
        """
        keyed = self.filtered(lambda one: not vals.keys().isdisjoint(one._get_key()))
        (self - keyed).write(vals)
        twins = {}
        for record in keyed:
            if twin := record._find_twin(vals):
                twins[record] = twin
            else:
                record.write(vals)
        if twins:
            self._merge_twins(twins)

    def _prepare_merge_values(self, survivor):
        """Return what another record takes over from this one, field by field."""
        values = {}
        for name, field in self._fields.items():
            combine = self._get_combination(field)
            known = [one[name] for one in (survivor, self) if combine and one[name]]
            if not known:
                continue
            value = combine(known)
            if value != survivor[name]:
                values[name] = field.convert_to_write(value, survivor)
        return values

    def _get_combination(self, field):
        """Return the function by which several values of a field become one, or None."""
        if not field.store or field.related or field.type == "one2many":
            return None
        if combine := getattr(field, "merge", None):
            return combine
        if field.readonly:
            return None
        if field.type == "many2many":
            return lambda sets: sets[0].union(*sets)
        return join_lines if field.type == "text" else first

    def _get_key(self):
        """Return the names of the fields that make other records the same as this one.

        There are none where one of them is empty.
        """
        return self._merge_key if all(self[name] for name in self._merge_key) else ()

    def _find_twin(self, vals):
        """Return the record that is the same as this one will be with some values."""
        domain = Domain("id", "!=", self.id)
        for name in self._get_key():
            kept = self._fields[name].convert_to_write(self[name], self)
            domain &= Domain(name, "=", vals.get(name, kept))
        return self.search(domain, limit=1)

    def _break_circles(self):
        """Take this record out of what is above it: so two that become one may stand."""
        for name, field in self._fields.items():
            is_own = field.type == "many2one" and field.comodel_name == self._name
            if is_own and field.store and self._has_cycle(name):
                self[name] = False

    def _for_merge(self):
        """Return these records as a merge sees them: all of them, whatever state."""
        # sudo: whoever may merge records merges all that hangs on them
        return self.sudo().with_context(active_test=False, kam_merge=MERGING)

    @api.model
    def _carry_along(self, twins, everything=False):
        """Let all that points to some records point to others instead.

        :param dict twins: {record: the one that stays}, of any model
        :param bool everything: also what is no ``kam.merge``; where Odoo merges records
            of its own it carries that along itself
        """
        env = self._for_merge().env
        links = [
            env[model]._fields[name]
            for model, name in self._get_links(next(iter(twins))._name)
        ]
        if not everything:
            links = [one for one in links if self._is_merged(env[one.model_name])]
        for field in self._filter_used_links(env, links, twins):
            records = env[field.model_name].search(get_link_domain(field, twins))
            groups = records.grouped(partial(get_new_targets, field, twins=twins))
            for targets, group in groups.items():
                vals = {field.name: get_link_value(field, targets)}
                if self._is_merged(group):
                    group._repoint(vals)
                else:
                    group.write(vals)

    @api.model
    @ormcache("model_name", cache="stable")
    def _get_links(self, model_name):
        """Return the stored fields of all models that may point to records of one.

        Rows of dialogs and of views are left out, and what is worked out anew.

        :return: tuple of (name of the model, name of its field)
        """
        return tuple(
            (model._name, field.name)
            for model in self.env.values()
            if model._auto and not (model._abstract or model._transient)
            for field in model._fields.values()
            if field.store
            and not field.related
            and getattr(field, "merge", 1) is not False
            if field.type in ("many2one_reference", "reference")
            or (
                field.type in ("many2one", "many2many")
                and field.comodel_name == model_name
            )
        )

    @api.model
    def _is_merged(self, records):
        """Return whether records of a model are merged the way it is done here."""
        return isinstance(records, self.pool["kam.merge"])

    @api.model
    def _filter_used_links(self, env, links, targets):
        """Return those of some links by which anything points to some records.

        Most records have nothing that hangs on them: one look tells.
        """
        looks = [
            SQL(
                "SELECT %s WHERE EXISTS (%s)",
                place,
                env[field.model_name]
                ._search(get_link_domain(field, targets))
                .subselect(),
            )
            for place, field in enumerate(links)
        ]
        used = env.execute_query(SQL(" UNION ALL ").join(looks)) if looks else []
        return [links[place] for [place] in sorted(used)]

    @api.model
    def _move_followers(self, twins):
        """Let followers follow what stays, each once."""
        if "message_follower_ids" in self._fields:
            for record, survivor in twins.items():
                record.message_unsubscribe(survivor.message_partner_ids.ids)
                record.message_follower_ids.res_id = survivor.id
                survivor.invalidate_recordset()
