"""One record of each model about key moments, for the matrix of rights."""


def moment_records(env, account):
    """Return {model: (a record, values to write, values to create another one)}."""
    template = {
        "name": "You Chose Right",
        "summary": "thank them",
        "company_id": account.company_id.id,
    }
    Template = env["kam.moment.template"]
    moment = {
        "template_id": Template.create(template).id,
        "account_id": account.id,
        "date_due": "2026-01-15",
    }
    expectation = env["kam.plan.expectation"].search(
        [("account_id", "=", account.id)], limit=1
    )
    asked = {
        "talk_id": env["kam.talk"].create({"account_id": account.id}).id,
        "expectation_id": expectation.id,
    }
    return {
        "kam.talk.expectation": (
            env["kam.talk.expectation"].create(asked),
            {"perceived": 2},
            asked,
        ),
        "kam.moment.template": (
            Template.create(template),
            {"summary": "call them"},
            template,
        ),
        "kam.moment": (
            env["kam.moment"].create(moment),
            {"date_due": "2026-01-16"},
            moment,
        ),
    }
