"""One record of each model of a tender, for the matrix of rights."""


def tender_records(env, account):
    """Return {model: (a record, values to write, values to create another one)}.

    The tender is one of a deal that the manager of the account works on.
    """
    lead = env["crm.lead"].create(
        {
            "name": "Air for the new plant",
            "type": "opportunity",
            "partner_id": account.partner_id.id,
            "company_id": account.company_id.id,
            "user_id": account.manager_id.id,
        }
    )
    tender = {"lead_id": lead.id, "date_submission": "2040-01-01"}
    record = env["kam.tender"].create({**tender, "bid_reason": "We know them"})
    of_tender = {"tender_id": record.id}
    rivals = env["res.partner"].create(
        [{"name": name, "company_id": account.company_id.id} for name in ("A", "B")]
    )
    texts = {"role": "Bids", "strengths": "Price"}
    participant = {**of_tender, "kind": "rival", "partner_id": rivals[0].id, **texts}
    values = {
        "kam.tender.factor": ({**of_tender, "name": "Service"}, {"rating": "3"}),
        "kam.tender.criterion": ({**of_tender, "name": "Price"}, {"weight": 30}),
        "kam.tender.question": ({**of_tender, "name": "When?"}, {"answer": "May"}),
        "kam.tender.document": ({**of_tender, "name": "Form"}, {"is_ready": True}),
    }
    records = {
        model: (env[model].create(new), changes, new)
        for model, (new, changes) in values.items()
    }
    line = env["kam.tender.participant"].create(participant)
    other = env["kam.tender.criterion"].create({**of_tender, "name": "Service"})
    score = {"criterion_id": other.id, "participant_id": line.id}
    criterion = records["kam.tender.criterion"][0]
    return {
        **records,
        "kam.tender": (record, {"reference": "AB 12"}, tender),
        "kam.tender.participant": (
            line,
            {"price": 5},
            {**participant, "partner_id": rivals[1].id},
        ),
        "kam.tender.score": (
            env["kam.tender.score"].create(score),
            {"score": 5},
            {**score, "criterion_id": criterion.id},
        ),
    }
