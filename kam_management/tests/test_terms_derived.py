import doctest
import random
from datetime import date, timedelta
from itertools import groupby as runs_of  # of neighbours; Odoo's groups all

from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from odoo.addons.kam_management.models.account import smoothing, spells

from .term_common import TermCommon

DAY = timedelta(days=1)


@tagged("post_install", "-at_install")
class TestTermsDerived(TermCommon):
    """Who led a customer in the past is read out of who sold to them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls._create_account(manager_id=cls.boris.id)

    def _sold(self, *sales, account=None, **values):
        """Let customers have bought: (user, ISO days); return nothing."""
        account = account or self.account
        for user, *days in sales:
            for day in days:
                self._order(
                    day,
                    partner=account.partner_id,
                    company_id=account.company_id.id,
                    user_id=user and user.id,
                    **values,
                )

    def assertDerived(self, *terms, account=None):
        self.env["kam.account.term"]._derive()
        self.assertEqual(self._terms(account or self.account), list(terms))

    def test_handover_shows_in_who_sold(self):
        self._sold(
            (self.anna, "2020-01-10", "2020-03-10"),
            (self.boris, "2020-05-10", "2020-06-10"),
        )
        self.assertDerived(
            (self.anna, False, "2020-05-09"), (self.boris, "2020-05-10", False)
        )

    def test_who_stood_in_once_has_no_term(self):
        self._sold(
            (self.anna, "2020-01-10", "2020-03-10"),
            (self.head, "2020-04-10"),
            (self.anna, "2020-05-10"),
            (self.seller, "2020-06-10"),
            (self.boris, "2020-07-10", "2020-08-10"),
        )
        self.assertDerived(
            (self.anna, False, "2020-07-09"), (self.boris, "2020-07-10", False)
        )

    def test_first_seller_counts_with_one_purchase(self):
        self._sold((self.anna, "2020-01-10"), (self.boris, "2020-03-10", "2020-04-10"))
        self.assertDerived(
            (self.anna, False, "2020-03-09"), (self.boris, "2020-03-10", False)
        )

    def test_present_manager_counts_with_one_purchase_when_it_is_the_last(self):
        self._sold((self.anna, "2020-01-10", "2020-02-10"), (self.boris, "2020-03-10"))
        self.assertDerived(
            (self.anna, False, "2020-03-09"), (self.boris, "2020-03-10", False)
        )

    def test_present_manager_who_has_not_sold_begins_after_the_last_purchase(self):
        self._sold((self.anna, "2020-01-10", "2020-02-10"), (self.head, "2020-03-10"))
        self.assertDerived(
            (self.anna, False, "2020-03-10"), (self.boris, "2020-03-11", False)
        )

    def test_help_at_last_does_not_end_the_term_of_the_present_manager(self):
        self._sold(
            (self.anna, "2020-01-10"),
            (self.boris, "2020-02-10", "2020-03-10"),
            (self.head, "2020-04-10"),
        )
        self.assertDerived(
            (self.anna, False, "2020-02-09"), (self.boris, "2020-02-10", False)
        )

    def test_without_present_manager_the_last_term_ends_with_the_last_purchase(self):
        self._sold((self.anna, "2020-01-10"), (self.boris, "2020-02-10", "2020-03-10"))
        self.account.manager_id = False
        self.account.term_ids.unlink()
        self.assertDerived(
            (self.anna, False, "2020-02-09"), (self.boris, "2020-02-10", "2020-03-10")
        )

    def test_archived_colleague_led_it_then(self):
        self._sold((self.anna, "2020-01-10", "2020-02-10"), (self.boris, "2020-03-10"))
        self.anna.active = False
        self.assertDerived(
            (self.anna, False, "2020-03-09"), (self.boris, "2020-03-10", False)
        )

    def test_sales_of_nobody_of_portal_and_of_the_system_do_not_count(self):
        portal = new_test_user(self.env, "kam_test_portal", groups="base.group_portal")
        system = self.env.ref("base.user_root")
        for user in (portal, system, None):
            self._sold((user, "2020-01-10", "2020-02-10"))
        self._sold((self.boris, "2020-03-10"))
        self.assertDerived((self.boris, False, False))

    def test_who_sold_most_on_a_day_counts(self):
        partner = self.account.partner_id
        self._order("2020-01-10", 900, partner, user_id=self.head.id)
        self._order("2020-01-10", 500, partner, user_id=self.anna.id)
        self._order("2020-01-10", 500, partner, user_id=self.anna.id)
        self._sold((self.boris, "2020-03-10"))
        self.assertDerived(
            (self.anna, False, "2020-03-09"), (self.boris, "2020-03-10", False)
        )

    def test_today_is_of_the_present_manager(self):
        today = date.today()
        self._sold((self.anna, "2020-01-10"), (self.head, today, today))
        self.assertDerived(
            (self.anna, False, "2020-01-10"), (self.boris, "2020-01-11", False)
        )

    def test_each_company_has_its_own_history(self):
        self.env.user.company_ids += (abroad := self._create_company("Abroad"))
        olga = self._create_user("olga", "base.group_user", abroad)
        self.account.partner_id.company_id = False
        other = self.Account.create(
            {
                "partner_id": self.account.partner_id.id,
                "company_id": abroad.id,
                "manager_id": olga.id,
            }
        )
        self._sold((self.anna, "2020-01-10"), (self.boris, "2020-02-10"))
        self._sold((olga, "2020-01-20", "2020-02-20"), account=other)
        self.assertDerived(
            (self.anna, False, "2020-02-09"), (self.boris, "2020-02-10", False)
        )
        self.assertEqual(self._terms(other), [(olga, False, False)])

    def test_purchases_are_those_of_the_company_s_rule(self):
        self.company.kam_purchase_basis = "invoice"
        partner = self.account.partner_id
        self._invoice("2020-01-10", partner=partner, invoice_user_id=self.anna.id)
        self._invoice("2020-03-10", partner=partner, invoice_user_id=self.boris.id)
        self._sold((self.head, "2020-01-01", "2020-02-01"))
        self.assertDerived(
            (self.anna, False, "2020-03-09"), (self.boris, "2020-03-10", False)
        )

    def test_credit_notes_and_quotations_are_no_purchases(self):
        partner = self.account.partner_id
        self._invoice("2020-01-10", 50, partner, "out_refund")
        self.env["sale.order"].create(
            {"partner_id": partner.id, "user_id": self.anna.id}
        )
        self.assertDerived((self.boris, False, False))

    def test_what_is_known_better_stays(self):
        self._sold((self.anna, "2020-01-10", "2020-02-10"), (self.boris, "2020-03-10"))
        terms = self.env["kam.account.term"]
        terms.create(
            {
                "account_id": self.account.id,
                "user_id": self.head.id,
                "date_end": "2019-12-31",
            }
        )
        self.assertDerived(
            (self.head, False, "2019-12-31"), (self.boris, "2020-01-01", False)
        )

    def test_deriving_again_changes_nothing(self):
        other = self._create_account("Other", manager_id=self.anna.id)
        self._sold((self.anna, "2020-01-10", "2020-02-10"), (self.boris, "2020-03-10"))
        self._sold((self.anna, "2020-01-10"), account=other)
        self.env["kam.account.term"]._derive()
        terms = (self.account + other).term_ids
        before = terms.read()
        self.env["kam.account.term"]._derive()
        self.assertEqual((self.account + other).term_ids.read(), before)
        self.assertEqual(self._terms(other), [(self.anna, False, False)])

    # Teams

    def assertTeams(self, user, *terms):
        self.env["kam.team.term"]._derive()
        self.assertEqual(self._teams(user), list(terms))

    def test_teams_of_the_past_show_in_the_documents(self):
        north, south = self._create_team("North"), self._create_team("South", self.anna)
        self._sold((self.anna, "2020-01-10", "2020-02-10"), team_id=north.id)
        self._sold((self.anna, "2020-03-10"), team_id=south.id)
        self.assertTeams(
            self.anna, (north, False, "2020-03-09"), (south, "2020-03-10", False)
        )

    def test_team_of_a_direct_invoice_counts(self):
        self.company.kam_purchase_basis = "invoice"
        north, south = self._create_team("North"), self._create_team("South", self.anna)
        self._invoice("2020-01-10", invoice_user_id=self.anna.id, team_id=north.id)
        self._sold((self.anna, "2020-02-10"), team_id=south.id)
        self.assertTeams(
            self.anna, (north, False, "2020-01-10"), (south, "2020-01-11", False)
        )

    def test_who_is_in_no_team_today_left_with_the_last_document(self):
        north = self._create_team("North")
        self._sold((self.anna, "2020-01-10", "2020-02-10"), team_id=north.id)
        self.assertTeams(self.anna, (north, False, "2020-02-10"))
        self.assertTeams(self.anna, (north, False, "2020-02-10"))

    def test_who_is_in_several_teams_is_so_since_ever(self):
        self.env["ir.config_parameter"].set_param("sales_team.membership_multi", True)
        north, south = (
            self._create_team(name, self.anna) for name in ("North", "South")
        )
        west = self._create_team("West")
        self._sold((self.anna, "2020-01-10", "2020-02-10"), team_id=west.id)
        self.env["kam.team.term"].search([("user_id", "=", self.anna.id)]).unlink()
        self.assertTeams(self.anna, (north, False, False), (south, False, False))

    # The rule itself

    def test_examples_in_the_docstrings(self):
        failed, run = doctest.testmod(spells)
        self.assertGreater(run, 0)
        self.assertEqual(failed, 0)

    def test_smoothing_is_what_a_naive_reader_makes_of_it(self):
        """300 histories of three people, against the rule told in plain Python."""
        chance = random.Random(12)
        today = date(2020, 3, 1)
        for turn in range(300):
            sold = [
                (today - DAY * chance.randint(0, 30), chance.randint(1, 3), amount)
                for amount in range(1, chance.randint(2, 14))
            ]
            current = chance.choice([None, 1, 2, 3, 4])
            with self.subTest(turn=turn, sold=sorted(sold), current=current):
                self.assertEqual(
                    self._smooth(sold, current, today), smooth(sold, current, today)
                )

    def _smooth(self, sold, current, today):
        days, values, amounts = zip(*sold, strict=True)
        rows = self.env.execute_query(
            SQL(
                "SELECT value_id, date_start, date_end FROM (%s) term"
                " ORDER BY date_start NULLS FIRST",
                smoothing.get_terms_sql(
                    SQL(
                        """SELECT 7 AS subject_id, value_id, date, amount
                             FROM unnest(%s::date[], %s::int[], %s::int[])
                               sale (date, value_id, amount)""",
                        list(days),
                        list(values),
                        list(amounts),
                    ),
                    SQL("SELECT 7 AS subject_id, %s::int AS value_id", current),
                    today,
                ),
            )
        )
        return [tuple(row) for row in rows]


def smooth(sold, current, today):
    """Return the terms [(who, first day, last day)] of one history, step by step."""
    by_day = {}
    for day, who, amount in sold:
        if day < today or who == current:
            number, total = by_day.setdefault(day, {}).get(who, (0, 0))
            by_day[day][who] = number + 1, total + amount
    if not by_day:
        return []
    winners = []
    for day in sorted(by_day):
        who = min(by_day[day], key=lambda who: (-by_day[day][who][1], who))
        winners.append((day, who, by_day[day][who][0]))
    last = winners[-1][0]
    runs = [
        (who, [day for day, _who, _n in group], sum(n for _day, _who, n in group))
        for who, group in (
            (who, list(group)) for who, group in runs_of(winners, lambda w: w[1])
        )
    ]
    marks = [
        (who, days[0])
        for place, (who, days, number) in enumerate(runs)
        if place == 0 or number >= 2 or (place == len(runs) - 1 and who == current)
    ]
    if current:
        marks.append((current, last + DAY))
    starts = [next(group) for _who, group in runs_of(marks, lambda mark: mark[0])]
    ends = [start - DAY for _who, start in starts[1:]] + [None if current else last]
    return [
        (who, start if place else None, end)
        for place, ((who, start), end) in enumerate(zip(starts, ends, strict=True))
    ]
