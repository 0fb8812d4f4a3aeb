"""What roles are tried on: a customer who stopped buying."""

from datetime import date


def reactivation_records(env, account):
    """Return {model: (record, values to write, values to create)}.

    :param account: becomes dormant
    """
    account.write(
        {
            "level": "dormant",
            "level_date": date(2020, 6, 1),
            "last_purchase_date": date(2019, 6, 1),
        }
    )
    values = {"account_id": account.id, "silent_since": date(2019, 6, 1)}
    case = env["kam.reactivation"].create({**values, "note": "Ada was not called back"})
    return {
        "kam.reactivation": (case, {"fault": "ours"}, values),
        "kam.reactivation.report": (
            env["kam.reactivation.report"].browse(case.id),
            {"won": 1},
            {"account_id": account.id},
        ),
        "kam.win.back.report": (
            env["kam.win.back.report"].browse(account.id),
            {"worth": 1},
            {"account_id": account.id},
        ),
    }
