"""What roles are tried on: a handover that was given up, and a deputy to come."""


def handover_records(env, account):
    """Return {model: (record, values to write, values to create)}.

    :param account: an account whose manager hands it over
    """
    of_account = {"account_id": account.id}
    handover = env["kam.handover"].create(of_account)
    handover.action_cancel()
    step = handover.step_ids[0]
    move = {
        "handover_id": handover.id,
        "model": "kam.account",
        "res_id": account.id,
        "field": "manager_id",
    }
    deputy = {
        "user_id": account.manager_id.id,
        "deputy_id": env.ref("base.user_admin").id,
        "company_id": account.company_id.id,
        "date_start": "2035-01-01",
        "date_end": "2035-01-31",
    }
    env.ref("base.user_admin").company_ids += account.company_id
    dialog = {"account_ids": account.ids}
    return {
        "kam.handover": (handover, {"reason": "Leave"}, of_account),
        "kam.handover.step": (
            step,
            {"note": "Done by phone"},
            {"handover_id": handover.id, "code": "solo"},
        ),
        "kam.handover.move": (
            env["kam.handover.move"].create(move),
            {"name": "Order"},
            move,
        ),
        "kam.handover.new": (
            env["kam.handover.new"].create(dialog),
            {"reason": "Leave"},
            dialog,
        ),
        "kam.deputy": (
            env["kam.deputy"].create(deputy),
            {"note": "Call them on Monday"},
            deputy,
        ),
    }
