from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, new_test_user, tagged

from .term_common import TermCommon


@tagged("post_install", "-at_install")
class TestTeamTerm(TermCommon):
    """Who belonged to which sales team when is kept, whoever changes the teams and how."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Term = cls.env["kam.team.term"]
        cls.north = cls._create_team("North", cls.anna)
        cls.south = cls._create_team("South")

    def test_first_team_of_somebody_new_is_theirs_since_ever(self):
        self.assertEqual(self._teams(self.anna), [(self.north, False, False)])
        self.assertEqual(
            self.Term.search([("user_id", "=", self.anna.id)]).company_id, self.company
        )

    def test_first_team_of_somebody_known_begins_today(self):
        with freeze_time("2030-03-10"):
            self.south.member_ids = self.boris
        self.assertEqual(self._teams(self.boris), [(self.south, "2030-03-10", False)])

    def test_moved_today_was_in_the_old_team_until_yesterday(self):
        with freeze_time("2030-03-10"):
            self.south.member_ids = self.anna
        self.assertEqual(
            self._teams(self.anna),
            [(self.north, False, "2030-03-09"), (self.south, "2030-03-10", False)],
        )

    def test_move_taken_back_on_the_same_day_leaves_no_trace(self):
        with freeze_time("2030-03-10"):
            self.south.member_ids = self.anna
            self.north.member_ids = self.anna
        self.assertEqual(self._teams(self.anna), [(self.north, False, False)])

    def test_several_moves_on_a_day_leave_the_last_one(self):
        west = self._create_team("West")
        with freeze_time("2030-03-10"):
            self.south.member_ids = self.anna
            west.member_ids = self.anna
        self.assertEqual(
            self._teams(self.anna),
            [(self.north, False, "2030-03-09"), (west, "2030-03-10", False)],
        )

    def test_removed_and_archived_members_end_their_term(self):
        self.south.member_ids = self.boris
        with freeze_time("2030-03-10"):
            self.north.crm_team_member_ids.unlink()
            self.boris.action_archive()
        self.assertEqual(self._teams(self.anna), [(self.north, False, "2030-03-09")])
        self.assertEqual(self._teams(self.boris), [(self.south, False, "2030-03-09")])

    def test_who_comes_back_later_has_a_second_term(self):
        with freeze_time("2030-03-10"):
            self.north.member_ids = False
        with freeze_time("2030-05-01"):
            self.north.member_ids = self.anna
        self.assertEqual(
            self._teams(self.anna),
            [(self.north, False, "2030-03-09"), (self.north, "2030-05-01", False)],
        )

    def test_membership_of_several_teams_where_odoo_allows_it(self):
        self.env["ir.config_parameter"].set_param("sales_team.membership_multi", True)
        with freeze_time("2030-03-10"):
            self.south.member_ids = self.anna
        self.assertEqual(
            self._teams(self.anna),
            [(self.north, False, False), (self.south, "2030-03-10", False)],
        )

    def test_what_was_changed_behind_our_back_is_found_at_night(self):
        self.env.cr.execute(
            "UPDATE crm_team_member SET crm_team_id = %s WHERE user_id = %s",
            [self.south.id, self.anna.id],
        )
        cron = self.env.ref("kam_management.ir_cron_measure_quotas")
        with freeze_time("2030-03-10"), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        expected = [
            (self.north, False, "2030-03-09"),
            (self.south, "2030-03-10", False),
        ]
        self.assertEqual(self._teams(self.anna), expected)
        with freeze_time("2030-04-10"):
            self.Term._refresh_terms()
        self.assertEqual(self._teams(self.anna), expected)

    def test_colleague_without_our_rights_manages_teams_as_ever(self):
        manager = self._create_user("manager", "sales_team.group_sale_manager")
        team = self.env["crm.team"].with_user(manager).create({"name": "East"})
        with freeze_time("2030-03-10"):
            team.member_ids = self.anna + self.boris
            team.member_ids = self.boris
        self.assertEqual(
            self._teams(self.anna),
            [(self.north, False, "2030-03-09")],
        )
        team.crm_team_member_ids.unlink()
        team.unlink()
        self.assertFalse(self._teams(self.boris))

    # Asked for by whoever measures

    def test_shares_of_a_period_are_told_by_days(self):
        with freeze_time("2030-05-16"):
            self.south.member_ids = self.anna
        april, may, june = [
            (date(2030, month, 1), date(2030, month, last))
            for month, last in ((4, 30), (5, 31), (6, 30))
        ]
        teams = (self.north + self.south).ids
        shares = self.Term._get_shares(teams, [april, may, june])
        anna = self.anna.id
        for team, expected in (
            (self.north.id, [1, 15 / 31, None]),
            (self.south.id, [None, 16 / 31, 1]),
        ):
            found = [shares[team, time].get(anna) for time in (april, may, june)]
            self.assertEqual(found, expected)
        self.assertEqual(self.Term._get_shares(teams, []), {})

    def test_members_are_told_by_day(self):
        with freeze_time("2030-03-10"):
            self.south.member_ids = self.anna
            self.north.member_ids = self.boris
        north, south = self.north.id, self.south.id
        anna, boris = self.anna.id, self.boris.id
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(1):
            members = self.Term._get_members(
                [north, south, None], date(2030, 3, 1), date(2030, 3, 31)
            )
        self.assertEqual(
            members,
            {
                north: [
                    (anna, date(2030, 3, 1), date(2030, 3, 9)),
                    (boris, date(2030, 3, 10), date(2030, 3, 31)),
                ],
                south: [(anna, date(2030, 3, 10), date(2030, 3, 31))],
            },
        )
        february = date(2030, 2, 1), date(2030, 2, 28)
        self.assertEqual(
            self.Term._get_members([north, south], *february),
            {north: [(anna, *february)]},
        )
        self.assertEqual(self.Term._get_members([], *february), {})

    # Typed and imported

    def _type(self, *terms):
        """Return terms that the head of sales types in: (user, team, first, last)."""
        return self.Term.with_user(self.head).create(
            [
                {
                    "user_id": user.id,
                    "team_id": team.id,
                    "date_start": start,
                    "date_end": end,
                }
                for user, team, start, end in terms
            ]
        )

    def test_typed_term_takes_days_from_the_other_teams_of_the_person(self):
        self._type(
            (self.anna, self.south, False, "2023-12-31"),
            (self.boris, self.north, "2023-01-01", "2023-12-31"),
            (self.anna, self.north, "2023-06-01", "2023-06-30"),
        )
        self.assertEqual(
            self._teams(self.anna),
            [
                (self.south, False, "2023-05-31"),
                (self.north, "2023-06-01", "2023-06-30"),
                (self.south, "2023-07-01", "2023-12-31"),
                (self.north, "2024-01-01", False),
            ],
        )
        self.assertEqual(
            self._teams(self.boris), [(self.north, "2023-01-01", "2023-12-31")]
        )

    def test_typed_term_leaves_other_teams_alone_where_odoo_allows_several(self):
        self.env["ir.config_parameter"].set_param("sales_team.membership_multi", True)
        self._type(
            (self.anna, self.south, "2023-01-01", "2023-12-31"),
            (self.anna, self.south, "2023-12-01", "2024-01-31"),
        )
        self.assertEqual(
            self._teams(self.anna),
            [
                (self.north, False, False),
                (self.south, "2023-01-01", "2023-11-30"),
                (self.south, "2023-12-01", "2024-01-31"),
            ],
        )

    def test_term_without_end_is_of_a_present_member(self):
        with self.assertRaisesRegex(ValidationError, "Boris is not a member of North"):
            self._type((self.boris, self.north, "2024-01-01", False))
        term = self.Term.search([("user_id", "=", self.anna.id)])
        term = term.with_user(self.head)
        with self.assertRaisesRegex(ValidationError, "Change the sales team"):
            term.date_end = "2024-01-01"
        with self.assertRaisesRegex(UserError, "Change the sales team"):
            term.unlink()
        term.date_start = "2024-01-01"
        self.assertEqual(self._teams(self.anna), [(self.north, "2024-01-01", False)])

    def test_terms_are_imported(self):
        done = self.Term.with_user(self.head).load(
            ["user_id", "team_id", "date_start", "date_end"],
            [
                ["Anna", "South", "2023-02-01", "2023-02-28"],
                ["Anna", "South", "", "2022-12-31"],
            ],
        )
        self.assertFalse(done["messages"])
        self.assertEqual(
            self._teams(self.anna),
            [
                (self.south, False, "2022-12-31"),
                (self.north, "2023-01-01", "2023-01-31"),
                (self.south, "2023-02-01", "2023-02-28"),
                (self.north, "2023-03-01", False),
            ],
        )

    # By whom

    def test_only_a_head_of_sales_of_the_company_changes_terms(self):
        abroad = self._create_company("Abroad")
        foreign_head = self._create_user(
            "ingrid", "kam_management.group_kam_manager", abroad
        )
        portal = new_test_user(self.env, "kam_test_portal", groups="base.group_portal")
        [term] = self._type((self.anna, self.south, "2023-01-01", "2023-12-31"))
        values = {
            "user_id": self.boris.id,
            "team_id": self.south.id,
            "date_end": "2022-05-31",
        }
        users = (self.anna, self.boris, self.seller, foreign_head, portal)
        self.assertHeadAlone(term, {"date_end": "2023-02-28"}, values, users)

    def test_everybody_sees_their_own_terms_and_the_head_all(self):
        terms = self.Term.search([("user_id", "=", self.anna.id)])
        terms += self._type((self.boris, self.south, "2023-01-01", "2023-12-31"))
        for user, seen in ((self.anna, terms[0]), (self.head, terms)):
            mine = self.Term.with_user(user)
            self.assertEqual(mine.search([("id", "in", terms.ids)]), seen.sorted())
        with self.assertRaises(AccessError):
            self.Term.with_user(self.seller).search([])

    def test_team_of_no_company_is_of_all(self):
        team = self._create_team("World", self.boris, company_id=False)
        self.assertEqual(
            self.Term.with_user(self.head).search([("user_id", "=", self.boris.id)]),
            self.Term.search([("team_id", "=", team.id)]),
        )
        self.boris.company_ids += (foreign := self._create_company("Abroad"))
        team.company_id = foreign
        self.env.flush_all()
        self.assertFalse(
            self.Term.with_user(self.head).search([("team_id", "=", team.id)])
        )

    def test_members_of_a_team_of_all_are_of_their_company(self):
        team = self._create_team("World", company_id=False)
        [term] = self._type((self.anna, team, "2023-01-01", "2023-12-31"))
        abroad = self._create_company("Abroad")
        head = self._create_user("ingrid", "kam_management.group_kam_manager", abroad)
        theirs = self.Term.with_user(head).with_context(allowed_company_ids=abroad.ids)
        self.assertFalse(theirs.search([("team_id", "=", team.id)]))
        values = {"user_id": self.anna.id, "team_id": team.id, "date_end": "2022-05-31"}
        with self.assertRaises(AccessError):
            theirs.browse(term.id).unlink()
        with self.assertRaises(UserError):
            theirs.create(values)

    def test_days_that_another_company_keeps_are_not_taken_unseen(self):
        abroad = self._create_company("Abroad")
        self.anna.company_ids += abroad
        far = self._create_team("Far", company_id=abroad.id)
        term = self.Term.create(
            {
                "user_id": self.anna.id,
                "team_id": far.id,
                "date_start": "2023-01-01",
                "date_end": "2023-12-31",
            }
        )
        mine = self.Term.with_user(self.head)
        values = {"user_id": self.anna.id, "team_id": self.south.id}
        with self.assertRaisesRegex(ValidationError, "Another of your companies"):
            mine.create(
                {**values, "date_start": "2023-06-01", "date_end": "2023-06-30"}
            )
        mine.create({**values, "date_start": "2022-06-01", "date_end": "2022-06-30"})
        self.assertEqual(str(term.date_end), "2023-12-31")

    def test_colleague_who_is_deleted_takes_the_terms_along(self):
        seller = self._create_user("tom", "sales_team.group_sale_salesman")
        [term] = self._type((seller, self.south, "2023-01-01", "2023-12-31"))
        account = self._create_account()
        led = self.env["kam.account.term"].create(
            {"account_id": account.id, "user_id": seller.id, "date_end": "2023-01-31"}
        )
        self.env.flush_all()
        seller.unlink()
        self.assertFalse(term.exists() or led.exists())

    def test_term_is_not_given_to_a_team_of_another_company(self):
        [term] = self._type((self.anna, self.south, "2023-01-01", "2023-12-31"))
        self.anna.company_ids += (abroad := self._create_company("Abroad"))
        foreign = self._create_team("Foreign", company_id=abroad.id)
        with self.assertRaises(AccessError):
            term.team_id = foreign
        with self.assertRaises(AccessError):
            term.company_id = abroad
