"""What a client may put into a context, and we take out again."""


def without_defaults(records, names):
    """Return the records with a context that gives no default values for some fields.

    Fields that nobody may type in do not come in by this back door either.

    :param records: records to create more of
    :param names: names of fields
    """
    defaults = {f"default_{name}" for name in names}
    context = {k: v for k, v in records.env.context.items() if k not in defaults}
    return records.with_env(records.env(context=context))


# Constraints run as superuser, so a mere flag in the context could come from any client.
# This object cannot be sent over the wire.
MERGING = object()


def is_merging(env):
    """Return whether the app itself is merging customers just now."""
    return env.context.get("kam_merge") is MERGING
