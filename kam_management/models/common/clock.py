"""What day it is: one clock for what the app works out, one for what people do by hand.

Dates are the UTC dates of Odoo's datetimes. So whatever the app measures,
counts, looks for, compares or writes down by itself is of ``today``: a figure and the
list behind it agree at every hour, whoever looks and wherever they are.

``here`` is the day on the user's wall. It is for what people deal with themselves: the
deadlines of activities and the days of meetings, which Odoo judges so, a day that is
proposed in a form or checked when it was typed in, and the day printed on paper.

Nothing else in the addon asks what day it is.
"""

from odoo import fields


def today():
    """Return the day of all figures: the UTC date."""
    return fields.Date.today()


def here(records):
    """Return what day it is where the user of some records is.

    :param records: any recordset, of whose environment the time zone is
    """
    return fields.Date.context_today(records)
