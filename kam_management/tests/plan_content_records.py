"""One record of each model of a plan, for the matrix of rights."""

from datetime import date


def plan_content_records(env, account):
    """Return {model: (a record, values to write, values to create another one)}."""
    first = {"account_id": account.id, "date_start": "2020-01-01"}
    plan = env["kam.plan"].create(first)
    categories = env["product.category"].create([{"name": n} for n in ("Air", "Oil")])
    of_plan = {"plan_id": plan.id}
    of_account = {"account_id": account.id}
    values = {
        "kam.plan.goal": ({**of_plan, "name": "Grow", "unit": "%"}, {"name": "Keep"}),
        "kam.plan.need": ({**of_plan, "name": "Fewer stops"}, {"service": "Visits"}),
        "kam.plan.stage": ({**of_plan, "name": "Visits"}, {"volume": 9}),
        "kam.plan.expectation": ({**of_plan, "name": "Quick"}, {"perceived": 3}),
        "kam.plan.barrier": (
            {**of_plan, "name": "Portal", "kind": "data"},
            {"strength": 3},
        ),
        "kam.customer.unit": ({**of_account, "name": "North"}, {"name": "South"}),
    }
    records = {
        model: (env[model].create(new), changes, new)
        for model, (new, changes) in values.items()
    }
    member = {**of_plan, "user_id": account.manager_id.id}
    space = {**of_account, "categ_id": categories[0].id}
    transfer = {"need_id": records["kam.plan.need"][0].id}
    return {
        **records,
        "kam.plan": (
            plan,
            {"strategy": "expand"},
            {**first, "date_start": date(2022, 1, 1)},
        ),
        "kam.plan.member": (
            env["kam.plan.member"].create(member),
            {"role": "Engineer"},
            {**of_plan, "user_id": env.user.id},
        ),
        "kam.white.space": (
            env["kam.white.space"].create(space),
            {"note": "Since spring"},
            {**space, "categ_id": categories[1].id},
        ),
        "kam.need.transfer": (
            env["kam.need.transfer"].create(transfer),
            {"unit_ids": False},
            transfer,
        ),
    }
