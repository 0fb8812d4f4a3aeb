from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import KamCommon


@tagged("post_install", "-at_install")
class TestCrmLead(KamCommon):
    """A lead knows its account and level: while open today's, once closed that of then."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rival = cls._create_customer("Rival Machines")
        cls.contact = cls.env["res.partner"].create(
            {"name": "Ines", "parent_id": cls.customer.id}
        )
        cls.account = cls._account()
        cls.rival_account = cls._account(cls.rival)

    @classmethod
    def _lead(cls, **values):
        """Return an opportunity of our company; without a partner unless one is given."""
        lead = cls.env["crm.lead"].create(
            {
                "name": "Compressors",
                "type": "opportunity",
                "company_id": cls.company.id,
                "user_id": False,
                "team_id": False,
                **values,
            }
        )
        # what happens to it later happens in other transactions
        cls.env.flush_all()
        return lead

    @classmethod
    def _lead_touch(cls, lead, day="2020-01-15"):
        """Return a touch that was recorded on a lead."""
        return cls.env["kam.touch"].create(
            {"lead_id": lead.id, "date": f"{day} 12:00:00", "user_id": cls.anna.id}
        )

    def test_open_lead_follows_its_customer(self):
        lead = self._lead(partner_id=self.contact.id)
        self.assertEqual(lead.kam_account_id, self.account)
        lead.partner_id = self.rival
        self.assertEqual(lead.kam_account_id, self.rival_account)
        lead.partner_id = False
        self.assertFalse(lead.kam_account_id)

    def test_open_lead_follows_its_contact_into_another_company(self):
        lead = self._lead(partner_id=self.contact.id)
        self.contact.parent_id = self.rival
        self.assertEqual(lead.kam_account_id, self.rival_account)

    def test_won_lead_stays_when_its_contact_changes_company(self):
        lead = self._lead(partner_id=self.contact.id)
        lead.action_set_won()
        self.contact.parent_id = self.rival
        self.assertEqual(lead.kam_account_id, self.account)

    def test_lost_lead_stays_when_its_contact_changes_company(self):
        lead = self._lead(partner_id=self.contact.id)
        lead.action_set_lost()
        self.contact.parent_id = self.rival
        self.assertEqual(lead.kam_account_id, self.account)
        self.assertEqual(self.account.lead_count, 1)

    def test_closed_lead_stays_when_its_customer_is_rewritten(self):
        lead = self._lead(partner_id=self.customer.id)
        lead.action_set_won()
        lead.partner_id = self.rival
        self.assertEqual(lead.kam_account_id, self.account)

    def test_reopened_lead_follows_again(self):
        lead = self._lead(partner_id=self.contact.id)
        lead.action_set_lost()
        self.contact.parent_id = self.rival
        lead.action_unarchive()
        self.assertEqual(lead.kam_account_id, self.rival_account)

    def test_customer_given_just_before_winning_counts(self):
        """The link was frozen before the change of customer had reached it."""
        lead = self._lead(partner_id=self.customer.id)
        lead.partner_id = self.rival
        lead.action_set_won()
        self.assertEqual(lead.kam_account_id, self.rival_account)

    def test_customer_given_together_with_winning_counts(self):
        lead = self._lead(partner_id=self.customer.id)
        won = self.env["crm.stage"].search([("is_won", "=", True)], limit=1)
        lead.write({"partner_id": self.rival.id, "stage_id": won.id})
        self.assertEqual(lead.won_status, "won")
        self.assertEqual(lead.kam_account_id, self.rival_account)

    def test_contact_who_moved_just_before_losing_counts(self):
        lead = self._lead(partner_id=self.contact.id)
        self.contact.parent_id = self.rival
        lead.action_set_lost()
        self.assertEqual(lead.kam_account_id, self.rival_account)

    def test_lead_created_won_belongs_to_its_customer(self):
        won = self.env["crm.stage"].search([("is_won", "=", True)], limit=1)
        lead = self._lead(partner_id=self.customer.id, stage_id=won.id)
        self.assertEqual(lead.won_status, "won")
        self.assertEqual(lead.kam_account_id, self.account)

    def test_lead_makes_an_account_for_a_person(self):
        person = self.env["res.partner"].create(
            {"name": "Freelancer", "company_id": self.company.id}
        )
        lead = self._lead(partner_id=person.id, user_id=self.anna.id)
        self.assertFalse(lead.kam_account_id)
        self._drain()
        self.assertEqual(lead.kam_account_id.partner_id, person)
        self.assertEqual(lead.kam_account_id.manager_id, self.anna)
        self.assertEqual(lead.kam_account_id.level, "potential")

    def test_lost_lead_makes_an_account_too(self):
        person = self.env["res.partner"].create(
            {"name": "Freelancer", "company_id": self.company.id}
        )
        lead = self._lead(partner_id=person.id)
        lead.action_set_lost()
        self._drain()
        self.assertEqual(lead.kam_account_id.partner_id, person)

    def test_lead_without_company_takes_that_of_its_team_or_salesperson(self):
        """Odoo completes the company today; leads of older versions lack it."""
        market = self.env["res.partner"].create(
            {"name": "Everywhere Inc", "is_company": True}
        )
        north, south = map(self._create_company, ("North", "South"))
        team = self.env["crm.team"].create({"name": "North", "company_id": north.id})
        olga = self._create_user("olga", "sales_team.group_sale_salesman", south)
        leads = self._lead(company_id=False) + self._lead(company_id=False)
        self.env.cr.execute(
            """UPDATE crm_lead SET partner_id = %s, company_id = NULL, user_id = %s,
                      team_id = CASE WHEN id = %s THEN %s END WHERE id IN %s""",
            [market.id, olga.id, leads[0].id, team.id, leads._ids],
        )
        self.env.invalidate_all()
        self._refresh()
        self.assertEqual(leads.kam_account_id.partner_id, market)
        self.assertEqual(leads.mapped("kam_account_id.company_id"), north + south)
        self.assertEqual([lead._get_kam_company() for lead in leads], [north, south])

    def test_lead_without_any_company_is_one_of_our_first(self):
        market = self.env["res.partner"].create(
            {"name": "Everywhere Inc", "is_company": True}
        )
        lead = self._lead(company_id=False, partner_id=market.id)
        self._drain()
        first = self.env["res.company"].search(
            [("parent_id", "=", False)], order="id", limit=1
        )
        self.assertFalse(lead.company_id)
        self.assertEqual(lead.kam_account_id.company_id, first)

    def test_lead_moves_to_the_account_of_the_other_company(self):
        market = self.env["res.partner"].create(
            {"name": "Everywhere Inc", "is_company": True}
        )
        other = self._create_company("Another Company")
        lead = self._lead(partner_id=market.id)
        self._drain()
        self.assertEqual(lead.kam_account_id.company_id, self.company)
        lead.company_id = other
        self._drain()
        self.assertEqual(lead.kam_account_id.company_id, other)

    def test_conversion_creates_the_customer_with_his_account(self):
        lead = self._lead(
            type="lead", partner_name="Fresh Inc", contact_name="Fay", company_id=False
        )
        touch = self._lead_touch(lead)
        wizard = (
            self.env["crm.lead2opportunity.partner"]
            .with_context(
                active_model="crm.lead", active_id=lead.id, active_ids=lead.ids
            )
            .create({"name": "convert", "action": "create"})
        )
        wizard.action_apply()
        self._drain()
        self.assertEqual(lead.type, "opportunity")
        self.assertEqual(lead.kam_account_id.partner_id.name, "Fresh Inc")
        self.assertEqual(touch.account_id, lead.kam_account_id)
        self.assertEqual(lead.kam_level, "engaged")

    def test_touches_move_to_the_account_once_the_lead_has_a_customer(self):
        lead = self._lead()
        touch = self._lead_touch(lead)
        self.assertFalse(touch.account_id)
        lead.partner_id = self.customer
        self._drain()
        self.assertEqual(touch.account_id, self.account)
        self.assertEqual(self.account.level, "engaged")
        self.assertEqual(
            self._log(self.account), [("2020-01-15", "potential", "engaged")]
        )

    def test_meeting_held_on_two_leads_is_one_touch_of_their_account(self):
        """Both would have become the account's at once, against its unique index,
        and the queue would never have come past it."""
        meeting = self.env["calendar.event"].create(
            {
                "name": "Visit",
                "start": "2020-01-15 12:00:00",
                "stop": "2020-01-15 13:00:00",
            }
        )
        leads = self._lead() + self._lead()
        touches = self.env["kam.touch"].union(*map(self._lead_touch, leads))
        touches.event_id = meeting
        leads.partner_id = self.customer
        self._drain()
        self.assertEqual(len(touches.filtered("account_id")), 1)
        self.assertEqual(self.account.level, "engaged")

    def test_merge_keeps_touches_and_finds_the_account(self):
        known, unknown = self._lead(partner_id=self.customer.id), self._lead()
        unknown.probability = 90
        touches = self._lead_touch(known) + self._lead_touch(unknown, "2020-02-15")
        merged = (known + unknown).merge_opportunity()
        self._drain()
        self.assertEqual(touches.exists(), touches)
        self.assertEqual(merged.kam_touch_ids, touches)
        self.assertEqual(touches.account_id, self.account)
        self.assertEqual(merged.kam_account_id, self.account)

    def test_merge_of_leads_with_the_same_meeting_keeps_one_touch(self):
        meeting = self.env["calendar.event"].create(
            {
                "name": "Visit",
                "start": "2020-01-15 12:00:00",
                "stop": "2020-01-15 13:00:00",
            }
        )
        leads = self._lead() + self._lead()
        for lead in leads:
            self._lead_touch(lead).event_id = meeting
        merged = leads.merge_opportunity()
        self.assertEqual(len(merged.kam_touch_ids), 1)

    def test_deleting_a_lead_keeps_the_touches_of_its_account(self):
        """The customer was contacted, whatever became of the lead and its messages."""
        lead = self._lead(partner_id=self.customer.id)
        touch = self._lead_touch(lead)
        touch.message_id = lead.message_post(body="Hello")
        lead.unlink()
        self._drain()
        self.assertTrue(touch.exists())
        self.assertEqual(self.account.level, "engaged")

    def test_deleting_a_lead_without_customer_deletes_its_touches(self):
        lead = self._lead()
        touch = self._lead_touch(lead)
        lead.unlink()
        self.assertFalse(touch.exists())


@tagged("post_install", "-at_install")
class TestCrmLeadLevel(KamCommon):
    """The level of a lead can be read, searched and grouped by, with a customer or not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Lead = cls.env["crm.lead"]
        cls.team = cls.env["crm.team"].create(
            {"name": "North", "company_id": cls.company.id}
        )
        values = {"type": "opportunity", "team_id": cls.team.id, "user_id": cls.anna.id}
        cls.leads = {
            "lonely": Lead.create({"name": "lonely", **values}),
            "touched": Lead.create({"name": "touched", **values}),
        }
        cls.env["kam.touch"].create(
            {"lead_id": cls.leads["touched"].id, "date": "2020-01-01 12:00:00"}
        )
        for level in ("potential", "engaged", "new", "active", "dormant"):
            customer = cls._create_customer(level)
            cls.leads[level] = Lead.create(
                {"name": level, "partner_id": customer.id, **values}
            )
            account = cls._account(customer)
            if level != "potential":
                cls._touch("2020-01-01", customer)
            account.manager_id = cls.boris
        for level, day in (
            ("new", "2021-05-01"),
            ("active", "2021-05-01"),
            ("active", "2021-05-02"),
            ("dormant", "2020-02-01"),
        ):
            cls._order(day, partner=cls.leads[level].partner_id)
        cls._refresh(as_of="2021-06-01")
        cls.domain = [("team_id", "=", cls.team.id)]

    def _found(self, *condition):
        """Return the names of the leads that meet a condition on their level."""
        leads = (
            self.env["crm.lead"]
            .with_user(self.anna)
            .search(self.domain + [("kam_level", *condition)])
        )
        return set(leads.mapped("name"))

    def test_level_is_that_of_the_customer_or_of_the_lead_alone(self):
        levels = {
            name: lead.with_user(self.anna).kam_level
            for name, lead in self.leads.items()
        }
        self.assertEqual(levels.pop("lonely"), "potential")
        self.assertEqual(levels.pop("touched"), "engaged")
        self.assertEqual(list(levels), list(levels.values()))

    def test_touch_makes_a_lead_without_customer_engaged(self):
        lead = self.leads["lonely"]
        touch = self.env["kam.touch"].create(
            {"lead_id": lead.id, "date": "2020-01-01 12:00:00"}
        )
        self.assertEqual(lead.kam_level, "engaged")
        touch.unlink()
        self.assertEqual(lead.kam_level, "potential")

    def test_search_finds_the_leads_of_each_level(self):
        self.assertEqual(self._found("=", "potential"), {"potential", "lonely"})
        self.assertEqual(self._found("=", "engaged"), {"engaged", "touched"})
        self.assertEqual(self._found("=", "new"), {"new"})
        self.assertEqual(self._found("=", "active"), {"active"})
        self.assertEqual(
            self._found("in", ["active", "dormant"]), {"active", "dormant"}
        )
        self.assertEqual(self._found("=", False), set())

    def test_negated_search_finds_all_others(self):
        everything = set(self.leads)
        self.assertEqual(
            self._found("!=", "potential"), everything - {"potential", "lonely"}
        )
        self.assertEqual(
            self._found("!=", "engaged"), everything - {"engaged", "touched"}
        )
        self.assertEqual(self._found("!=", "active"), everything - {"active"})
        self.assertEqual(
            self._found("not in", ["new", "potential"]),
            everything - {"new", "potential", "lonely"},
        )
        self.assertEqual(self._found("!=", False), everything)

    def test_search_agrees_with_a_filter_in_python(self):
        leads = self.env["crm.lead"].union(*self.leads.values())
        for level in ("potential", "engaged", "new", "active", "dormant"):
            domain = [("kam_level", "=", level)]
            self.assertEqual(
                leads.filtered_domain(domain),
                leads.search(domain + [("id", "in", leads.ids)]) & leads,
            )

    def test_lost_leads_are_found_by_level(self):
        self.leads["new"].action_set_lost()
        self.assertEqual(self._found("=", "new"), set())
        self.domain = [*self.domain, ("active", "=", False)]
        self.assertEqual(self._found("=", "new"), {"new"})

    def test_leads_are_grouped_by_level_along_the_ladder(self):
        Lead = self.env["crm.lead"].with_user(self.anna)
        self.assertTrue(Lead.fields_get(["kam_level"])["kam_level"]["groupable"])
        self.assertEqual(
            Lead._read_group(self.domain, ["kam_level"], ["__count"]),
            [
                ("potential", 2),
                ("engaged", 2),
                ("new", 1),
                ("active", 1),
                ("dormant", 1),
            ],
        )

    def test_groups_lead_to_their_records(self):
        Lead = self.env["crm.lead"].with_user(self.anna)
        groups = Lead.formatted_read_group(
            self.domain, ["kam_level"], ["__count", "expected_revenue:sum"]
        )
        for group in groups:
            found = Lead.search_count(self.domain + group["__extra_domain"])
            self.assertEqual(found, group["__count"])

    def test_kanban_shows_a_column_per_level(self):
        result = (
            self.env["crm.lead"]
            .with_user(self.anna)
            .with_context(read_group_expand=True)
            .web_read_group(
                self.domain,
                ["kam_level"],
                ["__count"],
                auto_unfold=True,
                unfold_read_specification={
                    "name": {},
                    "kam_account_id": {"fields": {"display_name": {}}},
                },
            )
        )
        columns = {
            group["kam_level"]: {record["name"] for record in group["__records"]}
            for group in result["groups"]
        }
        self.assertEqual(
            list(columns), ["potential", "engaged", "new", "active", "dormant"]
        )
        self.assertEqual(columns["engaged"], {"engaged", "touched"})

    def test_leads_are_grouped_by_level_and_stage_and_sorted_by_level(self):
        Lead = self.env["crm.lead"].with_user(self.anna)
        groups = Lead._read_group(self.domain, ["stage_id", "kam_level"], ["__count"])
        self.assertEqual(sum(count for *_keys, count in groups), len(self.leads))
        names = Lead.search(self.domain, order="kam_level desc, id").mapped("name")
        self.assertEqual(names[:3], ["dormant", "active", "new"])

    def test_lead_shows_an_account_its_reader_may_not_open(self):
        lead = self.leads["active"].with_user(self.anna)
        [record] = lead.web_read(
            {"kam_level": {}, "kam_account_id": {"fields": {"display_name": {}}}}
        )
        self.assertEqual(record["kam_account_id"]["display_name"], "active")
        self.assertEqual(record["kam_level"], "active")


@tagged("post_install", "-at_install")
class TestCrmLeadOfSalesperson(KamCommon):
    """Who has nothing to do with key accounts works with leads as ever."""

    def test_salesperson_creates_changes_and_wins_a_lead(self):
        Lead = self.env["crm.lead"].with_user(self.seller)
        self._account()
        with Form(Lead, view="crm.crm_lead_view_form") as form:
            form.name = "Compressors"
            form.partner_id = self.customer
        lead = form.save()
        self.env.flush_all()
        lead.expected_revenue = 1000
        lead.partner_id = self._create_customer("Second Thought")
        lead.action_set_won_rainbowman()
        self._drain()
        self.assertEqual(lead.sudo().kam_account_id.partner_id.name, "Second Thought")

    def test_sales_manager_deletes_leads_with_touches(self):
        chief = self._create_user("chief", "sales_team.group_sale_manager")
        account = self._account()
        lead = self.env["crm.lead"].create(
            {"name": "Compressors", "partner_id": self.customer.id}
        )
        touch = self.env["kam.touch"].create(
            {"lead_id": lead.id, "date": "2020-01-15 12:00:00"}
        )
        self.assertEqual(touch.account_id, account)
        lead.with_user(chief).unlink()
        self.assertTrue(touch.exists())

    def test_salesperson_merges_leads_with_touches(self):
        leads = (
            self.env["crm.lead"]
            .with_user(self.seller)
            .create(
                [{"name": name, "user_id": self.seller.id} for name in ("one", "two")]
            )
        )
        touch = self.env["kam.touch"].create(
            {"lead_id": leads[0].id, "date": "2020-01-15 12:00:00"}
        )
        self.assertEqual(
            leads.merge_opportunity(), touch.lead_id.with_user(self.seller)
        )

    def test_salesperson_sees_kanban_list_and_search_without_our_fields(self):
        Lead = self.env["crm.lead"].with_user(self.seller)
        Lead.create({"name": "Compressors", "partner_id": self.customer.id})
        views = Lead.get_views([(False, "kanban"), (False, "list"), (False, "search")])
        for view in views["views"].values():
            self.assertNotIn("kam_", view["arch"])
        fields = views["models"]["crm.lead"]["fields"]
        self.assertFalse([name for name in fields if name.startswith("kam_")])
        result = Lead.web_read_group(
            [],
            ["stage_id"],
            ["expected_revenue:sum"],
            auto_unfold=True,
            unfold_read_specification={"name": {}, "partner_id": {}},
        )
        self.assertTrue(result["groups"])

    def test_salesperson_may_not_search_by_level(self):
        with self.assertRaises(AccessError):
            self.env["crm.lead"].with_user(self.seller).search(
                [("kam_level", "=", "new")]
            )
