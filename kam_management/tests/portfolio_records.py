"""One record of each model of the portfolio, for the matrix of rights."""

from datetime import date


def portfolio_records(env, account):
    """Return {model: (a record, values to write, values to create another one)}."""
    company = {"company_id": account.company_id.id}
    criterion = env["kam.key.criterion"].create({"name": "Image"})
    nomination = env["kam.key.nomination"].create(
        {
            "account_id": account.id,
            "reason": "Large",
            "date_start": "2020-01-01",
            "date_end": "2020-02-01",
        }
    )
    month = {**company, "date": date(2020, 6, 30)}
    values = {
        "kam.account.month": (
            {**month, "account_id": account.id},
            {"revenue": 1},
            {**month, "account_id": account.id, "date": date(2020, 7, 31)},
        ),
        "kam.portfolio.month": (
            month,
            {"revenue": 1},
            {**month, "date": date(2020, 7, 31)},
        ),
        "kam.portfolio.alarm": (
            {**company, "kind": "key_low", "date": date(2020, 6, 30)},
            {"share": 1},
            {**company, "kind": "key_high", "date": date(2020, 6, 30)},
        ),
        "kam.risk.accuracy": (
            month,
            {"risk_count": 1},
            {**month, "date": date(2020, 7, 31)},
        ),
        "kam.cockpit.figures": (
            {**company, "name": "keys", "taken_at": "2020-06-30"},
            {"seconds": 1},
            {**company, "name": "accounts -", "taken_at": "2020-06-30"},
        ),
        "kam.key.decision": (
            {"account_id": account.id, "reason": "Why"},
            {"reason": "Because"},
            {"account_id": account.id, "reason": "Why"},
        ),
    }
    return {
        "kam.key.criterion": (criterion, {"sequence": 5}, {"name": "Sector"}),
        "kam.key.nomination": (
            nomination,
            {"reason": "Larger"},
            {
                "account_id": account.id,
                "reason": "Again",
                "date_start": "2020-03-01",
                "date_end": "2020-04-01",
            },
        ),
        **{
            model: (env[model].create(first), change, second)
            for model, (first, change, second) in values.items()
        },
    }
