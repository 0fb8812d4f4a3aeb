"""One record of each model of a proposal, for the matrix of rights."""


def proposal_records(env, account):
    """Return {model: (a record, values to write, values to create another one)}.

    The proposal is one of a quotation that the manager of the account works on.
    """
    orders = env["sale.order"].create(
        [
            {
                "partner_id": account.partner_id.id,
                "company_id": account.company_id.id,
                "user_id": account.manager_id.id,
            }
            for _number in range(2)
        ]
    )
    argument = {
        "name": "Service",
        "style": "people",
        "company_id": orders.company_id.id,
    }
    record = env["kam.proposal"].create({"order_id": orders[0].id, "foreword": "Dear"})
    of_proposal = {"proposal_id": record.id}
    values = {
        "kam.argument": (argument, {"sequence": 5}),
        "kam.proposal.argument": ({**of_proposal, "name": "Price"}, {"text": "Low"}),
        "kam.proposal.criterion": ({**of_proposal, "name": "Price"}, {"answer": "Low"}),
        "kam.proposal.effect": ({**of_proposal, "name": "Gas"}, {"amount_today": 5}),
        "kam.proposal.reference": ({**of_proposal, "name": "A dairy"}, {"text": "Air"}),
        "kam.proposal.member": (
            {**of_proposal, "user_id": account.manager_id.id},
            {"position": "Engineer"},
        ),
    }
    records = {
        model: (env[model].create(new), changes, new)
        for model, (new, changes) in values.items()
    }
    new = {"order_id": orders[1].id}
    return {**records, "kam.proposal": (record, {"foreword": "All"}, new)}
