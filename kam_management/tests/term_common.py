"""What tests of terms need besides the common world."""

from datetime import date

from odoo.exceptions import AccessError

from .quota_common import QuotaCommon


class TermCommon(QuotaCommon):
    """Accounts and teams with a history in a few words."""

    @classmethod
    def _create_account(cls, name="Fresh", **values):
        return cls.Account.create(
            {
                "partner_id": cls._create_customer(name).id,
                "company_id": cls.company.id,
                **values,
            }
        )

    @classmethod
    def _create_team(cls, name, members=(), **values):
        """Return a sales team of our company with some users as members."""
        return cls.env["crm.team"].create(
            {
                "name": name,
                "company_id": cls.company.id,
                "crm_team_member_ids": [
                    (0, 0, {"user_id": user.id}) for user in members
                ],
                **values,
            }
        )

    def _terms(self, account):
        """Return who led an account as (user, ISO date, ISO date), oldest first."""
        return [
            (
                term.user_id,
                term.date_start and str(term.date_start),
                term.date_end and str(term.date_end),
            )
            for term in account.term_ids.sorted(lambda t: t.date_start or date.min)
        ]

    def _teams(self, user):
        """Return where a user was a member as (team, ISO date, ISO date), oldest first."""
        return [
            (
                term.team_id,
                term.date_start and str(term.date_start),
                term.date_end and str(term.date_end),
            )
            for term in self.env["kam.team.term"]
            .search([("user_id", "=", user.id)])
            .sorted(lambda t: (t.date_start or date.min, t.team_id.id))
        ]

    def assertHeadAlone(self, term, change, values, users):
        """Assert that users neither change nor add a term, by whatever way."""
        for user in users:
            with self.subTest(user=user.login):
                # whoever it is, in the company of their own
                mine = term.with_user(user).with_context(
                    allowed_company_ids=user.company_id.ids
                )
                self.env.invalidate_all()
                for attempt in (
                    lambda mine=mine: mine.write(change),
                    lambda mine=mine: mine.create(values),
                    mine.unlink,
                ):
                    with self.assertRaises(AccessError):
                        attempt()
                names = [
                    f"{name}/.id" if name.endswith("_id") else name for name in values
                ]
                done = mine.load(names, [list(map(str, values.values()))])
                self.assertFalse(done["ids"])
