"""Records of all models of ours, made of what the models require and little more."""

from datetime import date, timedelta
from itertools import count

from odoo import Command, fields

from .common import KamCommon

SIMPLE_VALUES = {
    "boolean": True,
    "date": date(2001, 2, 3),
    "datetime": "2001-02-03 04:05:06",
    "json": {"typed": "in"},
    "many2one_reference": 7,
}


class World:
    """Makes records in one company, each with owners of its own: no two are in the way."""

    # in all worlds
    numbers = count(1)

    def __init__(self, env, company, user):
        self.env = env(context={"allowed_company_ids": company.ids})
        self.company, self.user = company, user
        self.samples = {}

    def make(self, model):
        """Return a record of a model, a new one of ours."""
        make = getattr(self, f"_make_{model.replace('.', '_')}", None)
        return make() if make else self.env[model].create(self.get_values(model))

    def get_values(self, model):
        """Return values with which a new record of a model can be made."""
        values = {
            name: self._get_value(field)
            for name, field in self.env[model]._fields.items()
            if field.required and field.store
            if not (field.default or field.compute or field.related)
        }
        complete = getattr(self, f"_complete_{model.replace('.', '_')}", dict)
        return {**values, **complete(values)}

    def get_sample(self, field, record):
        """Return a value to write that a field of a record does not have."""
        if field.type == "selection":
            keys = field.get_values(self.env)
            return next(key for key in keys if key != record[field.name])
        if field.type == "many2one":
            return self._get_other(field.comodel_name, record[field.name]).id
        if field.type in ("one2many", "many2many"):
            return [Command.create({})]
        if field.type in SIMPLE_VALUES:
            return SIMPLE_VALUES[field.type]
        return 87 if field.type in ("integer", "float", "monetary") else "Typed in"

    def _get_value(self, field):
        number = next(self.numbers)
        if field.type == "many2one":
            return self.make(field.comodel_name).id
        if field.type == "selection":
            return field.get_values(self.env)[0]
        if field.type in ("date", "datetime"):
            return date(2020, 1, 1) + timedelta(days=number)
        return 1 if field.type == "integer" else f"{field.name} {number}"

    def _get_other(self, model, record):
        """Return a record of a model that is not a certain one."""
        known = self.samples.setdefault(model, self.env[model])
        if not known - record:
            known |= self.make(model)
            self.samples[model] = known
        return (known - record)[:1]

    # Records of Odoo's models

    def _make_res_company(self):
        return self.company

    def _make_res_users(self):
        return self.user

    def _make_res_partner(self):
        return self.env["res.partner"].create(
            {
                "name": f"Customer {next(self.numbers)}",
                "is_company": True,
                "company_id": self.company.id,
            }
        )

    def _make_product_category(self):
        return self.env["product.category"].create({"name": "Air"})

    def _make_product_product(self):
        return self.env["product.product"].create({"name": "Compressor"})

    def _make_mail_message(self):
        return self.env["mail.message"].create({"body": "Salaries"})

    def _make_calendar_event(self):
        return self.env["calendar.event"].create(
            {"name": "Board", "start": "2020-01-01", "stop": "2020-01-01"}
        )

    def _make_crm_lead(self):
        return self.env["crm.lead"].create({"name": "Lead", "user_id": False})

    def _make_crm_team(self):
        return self.env["crm.team"].create({"name": "Nord"})

    def _make_sale_order(self):
        customer = self._make_res_partner()
        return self.env["sale.order"].create({"partner_id": customer.id})

    def _make_account_move(self):
        journal = {"name": "Sales", "code": "INV", "type": "sale"}
        journal = self.env["account.journal"].create(journal)
        return self.env["account.move"].create(
            {"move_type": "out_invoice", "journal_id": journal.id}
        )

    def _make_mail_alias(self):
        model = self.env["ir.model"]._get_id("kam.complaint.mail")
        return self.env["mail.alias"].create({"alias_model_id": model})

    def _make_mail_activity(self):
        partner = self._make_res_partner()
        return partner.activity_schedule("mail.mail_activity_data_todo")

    # What else a record of ours needs

    def _complete_kam_account(self, values):
        return {"manager_id": self.user.id}

    def _complete_kam_account_term(self, values):
        # the one without an end is that of the manager
        return {"date_start": date(2010, 1, 1), "date_end": date(2010, 12, 31)}

    _complete_kam_team_term = _complete_kam_account_term

    def _complete_kam_customer_unit(self, values):
        return {"name": "North"}

    def _complete_kam_stakeholder(self, values):
        customer = self.env["kam.account"].browse(values["account_id"]).partner_id
        person = {
            "name": "Ada",
            "parent_id": customer.id,
            "company_id": self.company.id,
        }
        return {"partner_id": self.env["res.partner"].create(person).id}

    def _complete_kam_tender(self, values):
        lead = self.env["crm.lead"].browse(values["lead_id"])
        lead.write(
            {
                "type": "opportunity",
                "company_id": self.company.id,
                "user_id": self.user.id,
            }
        )
        return {}

    def _complete_kam_proposal(self, values):
        order = self.env["sale.order"].browse(values["order_id"])
        order.write({"company_id": self.company.id, "user_id": self.user.id})
        return {}

    def _complete_kam_proposal_argument(self, values):
        return {"name": "Service"}

    def _complete_kam_pilot(self, values):
        self._complete_kam_tender(values)
        return {"date_start": date(2010, 1, 1), "date_end": date(2010, 12, 31)}

    def _complete_kam_reference(self, values):
        return {"ask_anyway": "They offered it"}

    def _complete_kam_objection(self, values):
        return {"account_id": self.make("kam.account").id}

    def _complete_kam_tender_participant(self, values):
        return {"kind": "rival"}

    def _complete_kam_tender_score(self, values):
        rival = self.env["kam.tender.participant"].browse(values["participant_id"])
        of_tender = {"tender_id": rival.tender_id.id, "name": "Price"}
        return {"criterion_id": self.env["kam.tender.criterion"].create(of_tender).id}

    def _complete_kam_concession_limit(self, values):
        return {"percent": 100}

    def _complete_kam_person_profile(self, values):
        return {
            "partner_id": self.make("kam.stakeholder").partner_id.id,
            "company_id": self.company.id,
            "purpose": "Congratulate",
            "legal_basis": "consent",
            "review_date": fields.Date.today() + timedelta(days=90),
        }

    def _complete_kam_remembered_date(self, values):
        person = self.env["kam.stakeholder"].browse(values["stakeholder_id"]).partner_id
        profile = self._complete_kam_person_profile(values)
        self.env["kam.person.profile"].create({**profile, "partner_id": person.id})
        return {}

    def _complete_kam_plan_goal(self, values):
        return {"name": "Fewer stops", "unit": "hours"}

    def _complete_kam_plan_template(self, values):
        return {"goal_ids": [Command.create({"name": "Revenue", "unit": "EUR"})]}

    def _complete_kam_plan_template_goal(self, values):
        return {"unit": "hours"}

    def _complete_kam_quota(self, values):
        day = date(2030, 1, 1) + timedelta(days=next(self.numbers))
        dates = {"period": "free", "date_start": day, "date_end": day}
        return {"user_id": self.user.id, **dates}

    def _complete_kam_quota_line(self, values):
        return {"indicator": "won"}

    def _complete_kam_deputy(self, values):
        deputy = self.env.ref("base.user_admin")
        deputy.company_ids += self.company
        return {
            "user_id": self.user.id,
            "deputy_id": deputy.id,
            "date_start": date(2010, 1, 1),
            "date_end": date(2010, 12, 31),
        }

    def _complete_kam_handover_move(self, values):
        account = self.make("kam.account")
        return {"model": "kam.account", "res_id": account.id, "field": "manager_id"}

    def _complete_kam_survey(self, values):
        account = self.env["kam.account"].browse(values["account_id"])
        return {"partner_id": account.partner_id.id}

    def _complete_kam_touch(self, values):
        return {"account_id": self.make("kam.account").id}

    def _complete_kam_touch_resource(self, values):
        return {"touch_id": self.make("kam.touch").id}


class GuardCommon(KamCommon):
    """A world that the users see, and one of another company that they do not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        personal = cls.env.ref("kam_management.group_kam_personal")
        personal.user_ids |= cls.anna | cls.head
        cls.other_company = cls._create_company("Other Company")
        stranger = cls._create_user(
            "stranger", "kam_management.group_kam_user", cls.other_company
        )
        cls.world = World(cls.env, cls.company, cls.anna)
        cls.world.samples.update(
            {
                "res.company": cls.other_company | cls.company,
                "res.users": cls.boris | cls.seller,
            }
        )
        hidden = World(cls.env, cls.other_company, stranger)
        guard = cls.env.registry["kam.guard"]
        cls.guarded = [
            cls.env[name]
            for name in sorted(cls.env.registry)
            if issubclass(cls.env.registry[name], guard)
        ]
        cls.records, cls.hidden_records, cls.samples = {}, {}, {}
        for model in filter(cls._keeps, cls.guarded):
            cls.records[model._name] = cls.world.make(model._name)
            cls.hidden_records[model._name] = hidden.make(model._name)
        for name, record in cls.records.items():
            cls.samples[name] = {
                field: cls.world.get_sample(record._fields[field], record)
                for field in sorted(record._get_found_fields())
            }

    @classmethod
    def _keeps(cls, model):
        """Return whether a model keeps records for more than a dialog."""
        return model._auto and not model._abstract and not model._transient
