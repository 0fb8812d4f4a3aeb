"""The rules of levels and of credit, as SQL."""

from odoo.tools import SQL

# Steps from never bought to bought, and first contacts: pairs of levels before and after
WON = ("potential", "engaged"), ("new", "active")
ENGAGED = ("potential",), ("engaged",)


def dormant_date(day, rule):
    """Return the SQL of the day on which a last purchase makes an account dormant.

    It is the first day D with purchase <= D - window. Adding months clamps to the end
    of a short month (31 August + 6 months = 28 February, less 6 months = 28 August);
    such a window is left on the day after.

    :param SQL day: a date expression, the last purchase
    """
    return SQL(
        """((%(day)s + %(window)s)::date
            + (((%(day)s + %(window)s)::date - %(window)s)::date < %(day)s)::int)""",
        day=day,
        window=SQL("INTERVAL %s", f"{rule.months} months"),
    )


def led(account, day):
    """Return the SQL condition that an account was led in ``term`` on a day.

    :param SQL account: its id
    :param SQL day: a date
    """
    return SQL(
        """(term.account_id = %(account)s
            AND COALESCE(term.date_start, '-infinity') <= %(day)s
            AND COALESCE(term.date_end, 'infinity') >= %(day)s)""",
        account=account,
        day=day,
    )
