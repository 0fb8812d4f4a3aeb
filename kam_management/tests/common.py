"""The world the tests live in: a supplier, his people, and a few words to write history."""

from contextlib import contextmanager
from datetime import date, datetime, time

from odoo import Command, fields
from odoo.tests import new_test_user

from odoo.addons.base.tests.common import BaseCommon


class KamCommon(BaseCommon):
    """One company of its own, so that demo data never counts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls._create_company("Our Company")
        cls.env.user.company_ids |= cls.company
        cls.env = cls.env(
            context={**cls.env.context, "allowed_company_ids": cls.company.ids}
        )
        cls.Account = cls.env["kam.account"]
        cls.product = cls.env["product.product"].create(
            {
                "name": "Compressor",
                "type": "service",
                "list_price": 100,
                "taxes_id": False,
            }
        )
        cls.head, cls.anna, cls.boris, cls.seller = cls._create_users(
            head="kam_management.group_kam_manager",
            anna="kam_management.group_kam_user",
            boris="kam_management.group_kam_user",
            seller="sales_team.group_sale_salesman",
        )
        cls.customer = cls._create_customer("Meyer Machines")

    @classmethod
    def _create_company(cls, name, **values):
        """Return a new company of ours with dollars as its currency."""
        usd = cls.env.ref("base.USD")
        usd.active = True
        return cls.env["res.company"].create(
            {"name": name, "currency_id": usd.id, **values}
        )

    @classmethod
    def _create_user(cls, login, groups, company=None):
        """Return an internal user of a company, by default of ours."""
        return cls._create_users(company, **{login: groups})

    @classmethod
    def _create_portal_user(cls):
        """Return a customer's user who is let into our company by mistake."""
        portal = new_test_user(cls.env, "kam_test_portal", groups="base.group_portal")
        portal.company_ids += cls.company
        return portal

    @classmethod
    def _create_users(cls, company=None, **groups):
        """Return internal users of a company in one go, from their groups by login."""
        company = company or cls.company
        return cls.env["res.users"].create(
            [
                {
                    "login": f"kam_test_{login}",
                    "password": f"kam_test_{login}",
                    "name": login.title(),
                    "email": "k.k@example.com",
                    "company_id": company.id,
                    "company_ids": [Command.set(company.ids)],
                    "group_ids": [
                        Command.set(
                            [
                                cls.env.ref(group).id
                                for group in ("base.group_user", *names.split(","))
                            ]
                        )
                    ],
                }
                for login, names in groups.items()
            ]
        )

    @classmethod
    def _create_customer(cls, name, **values):
        """Return a company on the market of our company alone."""
        return cls.env["res.partner"].create(
            {"name": name, "is_company": True, "company_id": cls.company.id, **values}
        )

    @classmethod
    def _order(cls, day, amount=100, partner=None, **values):
        """Return an order confirmed on a day (ISO string or date) by a customer."""
        partner = partner or cls.customer
        company = cls.env["res.company"].browse(
            values.get("company_id", cls.company.id)
        )
        order = (
            cls.env["sale.order"]
            .with_company(company)
            .create(
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "user_id": cls.seller.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": cls.product.id,
                                "price_unit": amount,
                                "tax_ids": False,
                            }
                        )
                    ],
                    **values,
                }
            )
        )
        order.action_confirm()
        order.date_order = datetime.combine(fields.Date.to_date(day), time(12))
        return order

    @classmethod
    def _invoice(cls, day, amount=100, partner=None, move_type="out_invoice", **values):
        """Return a customer invoice or credit note posted with a day as its date."""
        move = cls.env["account.move"].create(
            {
                "partner_id": (partner or cls.customer).id,
                "company_id": cls.company.id,
                "move_type": move_type,
                "invoice_date": day,
                "invoice_user_id": cls.seller.id,
                "journal_id": cls._sale_journal().id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Compressor",
                            "price_unit": amount,
                            "tax_ids": False,
                            "account_id": cls._income_account().id,
                        }
                    )
                ],
                **values,
            }
        )
        move.action_post()
        return move

    @classmethod
    def _touch(cls, day, partner=None, **values):
        """Return a touch of a customer's account on a day."""
        account = cls._account(partner)
        return cls.env["kam.touch"].create(
            {
                "account_id": account.id,
                "date": f"{day} 12:00:00",
                "user_id": cls.anna.id,
                **values,
            }
        )

    @classmethod
    def _give_rating(cls, account, stars, day, person=None):
        """Return the answer that somebody gave to a survey of ours on a day."""
        person = person or cls.env["res.partner"]
        survey = cls.env["kam.survey"].create(
            {"account_id": account.id, "partner_id": person.id, "date": day}
        )
        answer = cls.env["kam.survey.answer"].create(
            {"survey_id": survey.id, "question": "care"}
        )
        rating = cls.env["rating.rating"].create(
            {
                "res_model_id": cls.env["ir.model"]._get_id(answer._name),
                "res_id": answer.id,
                "partner_id": person.id,
            }
        )
        rating.write({"rating": stars, "consumed": True})
        # Odoo puts in when it was written
        rating.rated_on = f"{day} 12:00:00"
        return answer

    @classmethod
    def _account(cls, partner=None, company=None):
        """Return the account of a customer, made by the engine where there is none."""
        partner, company = partner or cls.customer, company or cls.company
        account = cls.Account._get_for(company, partner)
        if not account:
            cls.env["kam.engine"]._run({(company.id, partner.id)})
            account = cls.Account._get_for(company, partner)
        return account

    @classmethod
    def _refresh(cls, as_of=None):
        """Refresh everything, as the nightly cron does."""
        cls.Account._refresh(as_of=as_of)

    @classmethod
    def _drain(cls):
        """Refresh the accounts with news, as the queue's cron does."""
        Event = cls.env["kam.account.event"]
        while Event._process_batch(1000):
            pass

    @classmethod
    def _forget_news(cls):
        """Empty the queue, of what the next commit would append as well."""
        cls.env.flush_all()
        cls.env.cr.flush()
        cls.env["kam.account.event"].search([]).unlink()

    @classmethod
    def _log(cls, account):
        """Return the log of an account, oldest first, as (ISO date, from, to)."""
        return [
            (step.date.isoformat(), step.from_level, step.to_level)
            for step in account.transition_ids.sorted("date")
        ]

    @classmethod
    def _sale_journal(cls):
        """Return the sales journal of our company, with a receivable account for customers."""
        Journal = cls.env["account.journal"]
        journal = Journal.search(
            [("type", "=", "sale"), ("company_id", "=", cls.company.id)], limit=1
        )
        if not journal:
            cls._income_account()
            journal = Journal.create(
                {
                    "name": "Sales",
                    "code": "KAMS",
                    "type": "sale",
                    "company_id": cls.company.id,
                }
            )
        return journal

    @classmethod
    def _income_account(cls):
        """Return an income account of our company; makes a receivable one beside it."""
        Ledger = cls.env["account.account"]
        income = Ledger.search(
            [("code", "=", "400100"), ("company_ids", "in", cls.company.ids)], limit=1
        )
        if not income:
            values = {"company_ids": [Command.set(cls.company.ids)]}
            income = Ledger.create(
                {"code": "400100", "name": "Sales", "account_type": "income", **values}
            )
            receivable = Ledger.create(
                {
                    "code": "121100",
                    "name": "Receivable",
                    "account_type": "asset_receivable",
                    "reconcile": True,
                    **values,
                }
            )
            cls.env["ir.default"].set(
                "res.partner",
                "property_account_receivable_id",
                receivable.id,
                company_id=cls.company.id,
            )
        return income

    @contextmanager
    def _read_only(self):
        """Have the database refuse whatever is written meanwhile."""
        self.env.flush_all()
        savepoint = self.env.cr.savepoint(flush=False)
        self.env.cr.execute("SET LOCAL transaction_read_only = on")
        try:
            yield
            self.env.flush_all()
        finally:
            savepoint.close(rollback=True)

    def assertStanding(self, as_of, expected, account=None):
        """Assert the level of an account as of a day."""
        account = account or self._account()
        self._refresh(as_of=date.fromisoformat(as_of))
        self.assertEqual(account.level, expected, f"level as of {as_of}")
