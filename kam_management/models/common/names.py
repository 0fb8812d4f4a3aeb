"""How messages name records that were found for somebody who may not read them all."""


def list_names(records, limit=5):
    """Return the names of some records for a message to the user.

    The first of those that the user may read are named, all others are counted.

    :param records: maybe found by ``sudo``
    :param int limit: how many are named at most
    """
    mine = records.sudo(False)._filtered_access("read")
    named, env = mine[:limit], records.env
    hidden, more = len(records) - len(mine), len(mine) - len(named)
    parts = named.mapped("display_name")
    if more:
        parts.append(env._("%(count)s more", count=more))
    if hidden:
        parts.append(env._("%(count)s that you cannot see", count=hidden))
    return ", ".join(parts)
