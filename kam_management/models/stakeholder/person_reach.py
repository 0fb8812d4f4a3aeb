"""In which records a user may have a person erased."""

from ..common.kam_guard import HEAD_GROUP


class Reach:
    """The records in which a user may have people erased, in all their companies.

    - Of what belongs to accounts: where the user may write every one of these accounts.
    - Of what belongs to a customer, or to nobody: what the user may write.
    - Of what belongs to a company: what heads of sales may read.
    - Of all this, where a name is merely looked for: what the user may write, and heads
      of sales what they may read, for some of it is written by nobody any more.
    - As superuser: everything.

    It is told by whom records belong to, never by what they say: a contact can be given
    any name, so that finding it in what one may not read would tell what is written.
    """

    def __init__(self, env):
        """Take the user of an environment, whichever companies are ticked."""
        companies = env.user.company_ids.ids
        self.env = env(
            context={
                **env.context,
                "allowed_company_ids": companies,
                "active_test": False,
            }
        )
        self.is_everywhere = env.su
        self.is_head = env.su or env.user.has_group(HEAD_GROUP)

    def filter_own(self, records, place):
        """Return those of some records in which the user may have people erased.

        :param records: records of a place, as superuser; so are those returned
        """
        if self.is_everywhere or not records:
            return records
        if place.kind == "company":
            readable = self.filter_access(records, "read")
            return readable if self.is_head else records.browse()
        if place.kind == "customer":
            return self.filter_access(records, "write")
        owned = records.filtered(place.owner) if place.owner != "id" else records
        accounts = self.filter_access(get_owners(owned, place), "write")
        own = owned.filtered(lambda one: get_owners(one, place) <= accounts)
        return own + self.filter_access(records - owned, "write")

    def filter_named(self, records, place):
        """Return those of some records in which the user may look for a name."""
        own = self.filter_own(records, place)
        return self.filter_access(own, "read" if self.is_head else "write")

    def filter_access(self, records, operation):
        """Return those of some records that the user has a right to, as superuser."""
        if self.is_everywhere:
            return records
        allowed = records.with_env(self.env)._filtered_access(operation)
        return records.browse(allowed.ids)


def get_owners(records, place):
    """Return the accounts or customers that records of a place belong to."""
    return records if place.owner == "id" else records.mapped(place.owner)
