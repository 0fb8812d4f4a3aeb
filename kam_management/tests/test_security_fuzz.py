"""Anything is sent to all that can be called from outside."""

from inspect import signature
from itertools import product
from math import isfinite
from traceback import extract_tb

from odoo.exceptions import RedirectWarning, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from .guard_common import GuardCommon

NAN, INFINITY = float("nan"), float("inf")
NUMBERS = (NAN, INFINITY, -INFINITY, 1e308, -1e308, "nan", "inf", 2**31, "x", [], None)
DAYS = ("9999-12-31", "0001-01-01", "x", 5, NAN, [])
LINKS = (0, -1, 10**12, "x", [], [0], [[6, 0]], [[0, 0, {}]], [[]], {}, NAN, True)
NONSENSE = {
    "float": NUMBERS,
    "monetary": NUMBERS,
    "integer": NUMBERS,
    "date": DAYS,
    "datetime": tuple(f"{day} 10:00:00" for day in DAYS[:2]) + DAYS,
    "many2one": LINKS,
    "many2many": LINKS,
    "one2many": LINKS,
    "selection": ("x", 5, [], NAN, {}),
    "char": (5, [], {}, NAN, "\x00", "x" * 9999),
}
ARGUMENTS = (
    *(None, False, True, 0, -1, 10**12, 1e308, NAN, INFINITY),
    *("", "x", "9999-12-31", [], [0], ["x"], {}, {"x": NAN}),
)
# Odoo's own, which takes values: the fields are tried one by one.
ORM = {"create", "write", "unlink", "copy_data", "onchange", "default_get", "init"}
OURS = "odoo.addons.kam_management."


@tagged("post_install", "-at_install")
class TestSecurityFuzz(GuardCommon):
    """Nonsense is refused in words, or by Odoo; it never breaks in our code."""

    def test_methods_are_called_with_anything(self):
        for name, method in self._iterate_methods():
            for user in (self.anna, self.head):
                for args in self._iterate_arguments(name, method):
                    self._call(name, method, args, user)

    def test_anything_is_written_into_each_field(self):
        """One touch with a cost of NaN broke the list of the head of sales."""
        for record in self.records.values():
            for name, field in record._fields.items():
                if not self._is_typed_in(field):
                    continue
                for value in NONSENSE.get(field.type, ()):
                    self._write(record, name, value)

    def test_anything_is_in_a_form(self):
        for model in self.guarded:
            Model = model.with_user(self.head)
            if model._abstract or not Model.has_access("create"):
                continue
            for name, field in model._fields.items():
                if not self._is_typed_in(field):
                    continue
                for value in NONSENSE.get(field.type, ()):
                    args = [[], {name: value}, [name], {name: {}}]
                    self._call(model._name, "onchange", args, self.head)

    # Words of these tests

    def _is_typed_in(self, field):
        return (
            field.store
            and not field.readonly
            and field._modules[:1] == ("kam_management",)
        )

    def _iterate_methods(self):
        """Yield (model, method) of what can be called from outside and is ours."""
        for model, cls in sorted(self.registry.items()):
            names = {
                name
                for base in cls.mro()
                if base.__module__.startswith(OURS)
                for name, value in vars(base).items()
                if callable(value) and not name.startswith("_") and name not in ORM
            }
            if not cls._abstract or model == "kam.cockpit":
                yield from ((model, name) for name in sorted(names))

    def _iterate_arguments(self, model, name):
        """Yield lists of arguments: records that are there or not, and anything."""
        method = getattr(self.registry[model], name)
        count = len(signature(method).parameters) - 1
        receivers = [[]]
        if not getattr(method, "_api_model", False):
            mine = self.records.get(model, self.env[model]).ids
            theirs = self.hidden_records.get(model, self.env[model]).ids
            receivers = [[ids] for ids in (mine, [], [0], theirs, [*mine, *theirs])]
        yield from receivers
        for place, value in product(range(count), ARGUMENTS):
            args = [0] * count
            args[place] = value
            yield [*receivers[0], *args]

    def _write(self, record, name, value):
        self._call(record._name, "write", [record.ids, {name: value}], self.head)

    def _call(self, model, name, args, user):
        """Call a method as a client does, and undo what it did."""
        Model = self.env[model].with_user(user)
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint() as savepoint:
                call_kw(Model, name, args, {})
                self.env.flush_all()
                self._check_figures(model)
                savepoint.rollback()
        except (UserError, RedirectWarning):
            return
        except AssertionError:
            raise
        except Exception as fault:
            last = extract_tb(fault.__traceback__)[-1].filename
            if "kam_management" in last:
                with self.subTest(call=f"{model}.{name}", args=args, user=user.name):
                    raise
        finally:
            self.env.invalidate_all()

    def _check_figures(self, model):
        """Check that no figure of our record is stored that is none."""
        record = self.records.get(model)
        if record is None or not record.exists():
            return
        for name, field in record._fields.items():
            if field.store and field.type in ("float", "monetary"):
                self.assertTrue(isfinite(record[name]), f"{model}.{name}")
