"""What roles are tried on: who speaks for us, and what was answered."""


def reference_records(env, account):
    """Return {model: (record, values to write, values to create)}.

    :param account: an account whose manager asks for references
    """
    of_account = {"account_id": account.id}
    asked = {**of_account, "kind": "recommendation", "ask_anyway": "Offered"}
    reference = env["kam.reference"].create(asked)
    of_reference = {"reference_id": reference.id, "contact_name": "Zoe"}
    company = {"company_id": account.company_id.id}
    lead = env["crm.lead"].create(
        {
            "name": "Zoe",
            "partner_id": account.partner_id.id,
            "user_id": account.manager_id.id,
            **company,
        }
    )
    lead.kam_reference_id = reference
    answer = env["kam.survey.answer"].create(
        {
            "survey_id": env["kam.survey"].create(of_account).id,
            "question": "informed",
        }
    )
    rating = env["rating.rating"].create(
        {"res_model_id": env["ir.model"]._get_id(answer._name), "res_id": answer.id}
    )
    rating.write({"rating": 4, "consumed": True})
    env.flush_all()
    mine = [("account_id", "=", account.id)]
    return {
        "kam.answer": (env["kam.answer"].search(mine), {"score": 5}, of_account),
        "kam.reference": (reference, {"text": "Less power"}, asked),
        "kam.reference.lead": (
            env["kam.reference.lead"].create(of_reference),
            {"phone": "1"},
            of_reference,
        ),
        "kam.reference.report": (
            env["kam.reference.report"].search([("reference_id", "=", reference.id)]),
            {"won": 1},
            of_account,
        ),
    }
