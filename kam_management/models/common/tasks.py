"""Who may be given a task."""


def may_be_given(user, records):
    """Return whether a colleague can do something about some records: sees them, works here.

    :param user: ``res.users``
    """
    # sudo: what a colleague may see is asked, nothing of theirs is shown
    user = user.sudo()
    if user._is_superuser():
        return True  # what Odoo makes by itself
    if user.share or not user.active:
        return False
    theirs = records.with_user(user).with_context(
        allowed_company_ids=user.company_ids.ids
    )
    return theirs.has_access("read")
