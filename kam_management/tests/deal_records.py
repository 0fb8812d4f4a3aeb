"""One record of each model of a deal, for the matrix of rights."""


def deal_records(env, account):
    """Return {model: (a record, values to write, values to create another one)}.

    The deal is one that the manager of the account works on.
    """
    lead = env["crm.lead"].create(
        {
            "name": "Air for the old plant",
            "type": "opportunity",
            "partner_id": account.partner_id.id,
            "company_id": account.company_id.id,
            "user_id": account.manager_id.id,
        }
    )
    cold = lead.copy({"type": "lead", "user_id": account.manager_id.id})
    pilot = {"lead_id": lead.id, "name": "Less energy", "date_end": "2040-01-01"}
    texts = {"measure": "kWh", "result": "31 %"}
    objection = {"account_id": account.id, "name": "Too dear", "answer": "It pays"}
    category = {"name": "Price"}
    by_hand = env(user=account.manager_id)
    env.flush_all()
    return {
        "kam.pilot": (
            env["kam.pilot"].create({**pilot, **texts}),
            {"measure": "kWh a day"},
            pilot,
        ),
        "kam.objection": (
            by_hand["kam.objection"].create(objection).with_env(env),
            {"answer": "It pays soon"},
            objection,
        ),
        "kam.objection.category": (
            env["kam.objection.category"].create({**category, "description": "Ask"}),
            {"description": "Compare"},
            category,
        ),
        "kam.lead.qualify": (
            env["kam.lead.qualify"].create({"lead_id": cold.id}),
            {"need_note": "Dry air"},
            {"lead_id": cold.id},
        ),
        "kam.channel.report": (
            env["kam.channel.report"].browse(lead.id),
            {"won": 1},
            {"lead_id": lead.id},
        ),
    }
