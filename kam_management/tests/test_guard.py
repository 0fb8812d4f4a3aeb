import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.kam_management.models.common.strangers import without_strangers

from .guard_common import GuardCommon

# Nobody has two of them, no quotation either.
NO_COPIES = {"kam.account", "kam.proposal", "kam.stakeholder"}
# A file to import cannot name these.
NO_COLUMNS = {"many2many", "one2many", "many2one_reference", "json"}


def is_ours(field):
    """Return whether a field is stored, and was brought in by this addon."""
    return (
        field.store
        and field._modules[:1] == ("kam_management",)
        and field.name not in ("create_uid", "create_date", "write_uid", "write_date")
    )


@tagged("post_install", "-at_install")
class TestGuard(GuardCommon):
    """What the app fills in is set by no user, by whatever way they try.

    All models are tried: one that is added tomorrow is tried as well.
    """

    def test_no_model_of_ours_is_without_the_guard(self):
        for name in self.env.registry:
            model = self.env[name]
            if name in self.records or not self._keeps(model):
                continue
            ours = [field for field in model._fields.values() if is_ours(field)]
            with self.subTest(model=name):
                self.assertFalse(name.startswith("kam.") and ours)
                self.assertFalse([field.name for field in ours if field.readonly])

    def test_readonly_fields_of_ours_are_guarded(self):
        for name, record in self.records.items():
            readonly = {
                field.name
                for field in record._fields.values()
                if field.readonly and is_ours(field)
            }
            self.assertEqual(record._get_found_fields(), readonly, name)

    def test_nobody_writes_what_the_app_fills_in(self):
        for record, name, value in self._iterate_found():
            before = record[name]
            for user in (self.anna, self.head):
                mine = record.with_user(user)
                self._check_refused(f"{record}.{name}", mine.write, {name: value})
            self.assertEqual(record[name], before)

    def test_nobody_creates_it(self):
        for record, name, value in self._iterate_found():
            for user in (self.anna, self.head):
                Model = record.browse().with_user(user)
                self._check_refused(f"{record}.{name}", Model.create, {name: value})

    def test_nobody_imports_it(self):
        for record, name, value in self._iterate_found():
            kind = record._fields[name].type
            if kind in NO_COLUMNS:
                continue
            column = f"{name}/.id" if kind == "many2one" else name
            for user in (self.anna, self.head):
                Model = record.browse().with_user(user)
                with self.subTest(field=f"{record}.{name}", user=user.name):
                    result = Model.load([column], [[str(value)]])
                    self.assertFalse(result["ids"])
                    message = " ".join(m["message"] for m in result["messages"])
                    if Model.has_access("create"):
                        self.assertIn("cannot be edited", message)

    def test_no_default_of_a_context_sets_it(self):
        for Model, values in self._iterate_creatable():
            context = {f"default_{name}": value for name, value in values.items()}
            self._check_created(Model.with_context(**context), values)

    def test_no_default_value_of_a_user_sets_it(self):
        creatable = list(self._iterate_creatable())
        self.env["ir.default"].create(
            [
                default
                for Model, values in creatable
                for default in self._prepare_defaults(Model, values)
            ]
        )
        for Model, values in creatable:
            self._check_created(Model, values)

    def test_no_form_begins_with_it(self):
        for Model, values in self._iterate_creatable():
            context = {f"default_{name}": value for name, value in values.items()}
            with self.subTest(model=Model._name, user=Model.env.user.name):
                self.assertEqual(
                    Model.with_context(**context).default_get(list(values)),
                    Model.default_get(list(values)),
                )

    def test_copies_are_filled_in_anew(self):
        for name, record in self.records.items():
            mine = record.with_user(self.head)
            if name in NO_COPIES or not mine.has_access("create"):
                continue
            with self.subTest(model=name):
                [copied] = mine.copy_data()
                self.assertFalse(record._get_found_fields().intersection(copied))
                # what is asked for is there to be refused
                for field, value in self.samples[name].items():
                    [copied] = mine.copy_data({field: value})
                    self.assertEqual(copied[field], value)

    def test_nothing_moves_to_where_the_user_may_not_go(self):
        """The rules are asked before a write, which makes them say something else."""
        for record in self.records.values():
            for name in record._get_place_fields() - record._get_found_fields():
                theirs = self._get_hidden(record._fields[name].comodel_name)
                for user in (self.anna, self.head):
                    if self._is_seen(theirs, user):
                        continue
                    mine = record.with_user(user)
                    with (
                        self.subTest(field=f"{record}.{name}", user=user.name),
                        self.assertRaises(UserError),
                    ):
                        mine.write({name: theirs.id})
                        mine.flush_recordset()

    def test_nothing_is_linked_to_what_its_user_may_not_read(self):
        """The name of anything was read by linking it: by a lead, a touch, a wizard."""
        for record, name, theirs, user in self._iterate_links():
            mine = record.with_user(user)
            link = theirs.id if record._fields[name].type == "many2one" else theirs.ids
            context = {f"default_{name}": link}
            for way, method, args in (
                ("write", mine.write, [{name: link}]),
                ("write text", mine.write, [{name: f"{theirs.id}"}]),
                ("create", mine.browse().create, [{name: link}]),
                (
                    "form",
                    mine.browse().with_context(**context).onchange,
                    [{}, [], {name: {}}],
                ),
            ):
                with self.subTest(field=f"{record}.{name}", way=way, user=user.name):
                    own = name in mine._get_checked_fields()
                    if own and way in ("create", "write text"):
                        # checked when it is saved, so that it must be complete
                        continue
                    if way == "write text" and record._fields[name].type != "many2one":
                        continue
                    if way == "form" and name in mine._get_guarded_fields():
                        # begins with nothing but the default of the model
                        continue
                    with self.assertRaises(UserError):
                        method(*args)

    def test_numbers_that_make_no_sense_are_no_links(self):
        touch = self.records["kam.touch"].with_user(self.anna)
        for value in (True, 10**12, -1, "x", [[]], [[6, 0]], [[6, 0, 5]], [[0, 0, 5]]):
            for name in ("partner_id", "partner_ids"):
                with self.subTest(field=name, value=value):
                    without_strangers(touch, {name: value}, [name])

    def test_no_form_shows_what_its_user_may_not_read(self):
        """Dialogs are forms, too."""
        for model in self.guarded:
            for name, field in model._fields.items():
                if not is_ours(field) or field.type != "many2one" or model._abstract:
                    continue
                theirs = self._get_hidden(field.comodel_name)
                for user in (self.anna, self.head):
                    if self._is_seen(theirs, user):
                        continue
                    Model = model.with_user(user)
                    with self.subTest(field=str(field), user=user.name):
                        self._get_refusal(Model.onchange, {name: theirs.id}, [name], {})

    def test_no_line_of_a_form_shows_it(self):
        plan = self.records["kam.plan"].with_user(self.anna)
        stranger = self.hidden_records["kam.stakeholder"]
        need = self.records["kam.plan.need"]
        spec = {"need_ids": {"fields": {"stakeholder_id": {"fields": {}}}}}
        for command in (
            [0, "virtual_1", {"stakeholder_id": stranger.id}],
            [0, "virtual_1", {"stakeholder_id": {"id": stranger.id}}],
            [1, need.id, {"stakeholder_id": stranger.id}],
            [4, self.hidden_records["kam.plan.need"].id],
            [6, 0, self.hidden_records["kam.plan.need"].ids],
        ):
            with self.subTest(command=command), self.assertRaises(AccessError):
                plan.onchange({"need_ids": [command]}, ["need_ids"], spec)

    def test_form_goes_on_with_what_a_record_is_linked_to_already(self):
        touch = self.records["kam.touch"]
        touch.user_id = self.anna
        touch.account_id.manager_id = False
        mine = touch.with_user(self.anna)
        self.assertFalse(mine.account_id.has_access("read"))
        values = {"account_id": touch.account_id.id, "summary": "Called"}
        mine.onchange(values, ["summary"], {"summary": {}})

    def test_form_goes_on_with_what_the_app_has_found_out(self):
        """A lead shows that there is an account, also to who may not open it."""
        account = self.records["kam.account"]
        Lead = self.env["crm.lead"].with_user(self.boris)
        self.assertFalse(account.with_user(self.boris).has_access("read"))
        values = {
            "name": "Second compressor",
            "partner_id": account.partner_id.id,
            "kam_account_id": {"id": account.id},
        }
        Lead.onchange(values, ["name"], {"name": {}})
        with self.assertRaises(AccessError):
            Lead.onchange(values, ["kam_account_id"], {"name": {}})

    # Words of these tests

    def _iterate_links(self):
        """Yield (record, link of ours that is typed in, what a user must not see, user)."""
        for record in self.records.values():
            for name, field in record._fields.items():
                if not (is_ours(field) and field.type in ("many2one", "many2many")):
                    continue
                theirs = self._get_hidden(field.comodel_name)
                for user in (self.anna, self.head):
                    allowed = record.with_user(user)._has_field_access(field, "write")
                    if (
                        allowed
                        and not field.readonly
                        and not self._is_seen(theirs, user)
                    ):
                        yield record, name, theirs, user

    def _iterate_found(self):
        """Yield (record, field, another value) for each field that the app fills in."""
        for name, values in self.samples.items():
            for field, value in values.items():
                yield self.records[name], field, value

    def _iterate_creatable(self):
        """Yield (model of a user who may create, {found field: another value})."""
        for name, samples in self.samples.items():
            for user in (self.anna, self.head):
                Model = self.records[name].browse().with_user(user)
                values = {
                    field: value
                    for field, value in samples.items()
                    # Odoo itself refuses the others
                    if Model._has_field_access(Model._fields[field], "write")
                }
                if values and Model.has_access("create") and name.startswith("kam."):
                    yield Model, values

    def _get_hidden(self, model):
        """Return a record of the other company, empty for models without companies."""
        if model == "res.company":
            return self.other_company
        return self.hidden_records.get(model, self.env[model])

    def _is_seen(self, record, user):
        """Return whether there is a record that a user may read in their own company."""
        mine = record.with_env(self.env).with_user(user)
        return not record or mine.has_access("read")

    def _prepare_defaults(self, Model, values):
        """Return what makes some values the default values of a user."""
        return [
            {
                "field_id": self.env["ir.model.fields"]._get(Model._name, name).id,
                "json_value": json.dumps(value, default=str),
                "user_id": Model.env.uid,
            }
            for name, value in values.items()
            if not isinstance(value, list)
        ]

    def _get_refusal(self, method, *args):
        """Return why a call is refused; the guard does so before anything is done."""
        try:
            method(*args)
        except AccessError as refusal:
            return str(refusal)
        return self.fail("Not refused")

    def _check_refused(self, field, method, vals):
        """Assert that the guard refuses values, unless Odoo has done so before."""
        Model = method.__self__
        with self.subTest(field=field, user=Model.env.user.name):
            message = self._get_refusal(method, vals)
            if Model.has_access("create"):
                self.assertIn("cannot be edited", message)

    def _check_created(self, Model, values):
        """Assert that a record the user creates has none of the values."""
        with self.subTest(model=Model._name, user=Model.env.user.name):
            record = Model.create(self.world.get_values(Model._name)).sudo()
            for name, value in values.items():
                field = Model._fields[name]
                # a line of nothing would have failed
                if field.type != "one2many":
                    cached = field.convert_to_cache(value, record)
                    typed = field.convert_to_record(cached, record)
                    self.assertNotEqual(record[name], typed, name)
