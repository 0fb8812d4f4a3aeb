def migrate(cr, version):
    """Give companies that never set a limit of dependency the one new companies get.

    By the old default of 75 % an alarm came when three quarters of the revenue hung on one
    customer: too late to react. What somebody has set stays. That nobody has, is told by
    the value alone: no history of it is kept, so who meant 75 % gets 25 % and sets it
    again in the settings, which say why.
    """
    cr.execute(
        "UPDATE res_company SET kam_dependency_limit = 25 WHERE kam_dependency_limit = 75"
    )
