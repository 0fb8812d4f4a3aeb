"""What roles are tried on: a draft quota of Anna's, with what hangs on it."""


def quota_records(env, account):
    """Return {model: (record, values to write, values to create)}.

    :param account: an account that its manager has a quota for
    """
    company, manager = account.company_id.id, account.manager_id.id
    values = {"company_id": company, "user_id": manager, "period": "month"}
    line = {"indicator": "won", "target": 3}
    quota = env["kam.quota"].create(
        {**values, "date_start": "2020-03-01", "line_ids": [(0, 0, line)]}
    )
    team = env["crm.team"].create(
        {"name": "North", "company_id": company, "member_ids": [manager]}
    )
    on_line = {"line_id": quota.line_ids.id}
    # with the touch of April behind its figure
    april = env["kam.quota"].create(
        {
            **values,
            "date_start": "2020-04-01",
            "line_ids": [(0, 0, {"indicator": "touches", "target": 9})],
        }
    )
    record = env["kam.measure.record"]
    record = record.with_context(kam_figure=["kam.quota.line", april.line_ids.id])
    planning = env["kam.quota.planning"].create(
        {
            "company_id": company,
            "user_ids": [manager],
            "line_ids": [(5, 0, 0), (0, 0, {"indicator": "won"})],
        }
    )
    return {
        "kam.account.term": (
            account.term_ids,
            {"date_start": "2020-01-01"},
            {"account_id": account.id, "user_id": manager, "date_end": "2019-01-01"},
        ),
        "kam.team.term": (
            env["kam.team.term"].search([("team_id", "=", team.id)]),
            {"date_start": "2020-01-01"},
            {"team_id": team.id, "user_id": manager, "date_end": "2019-01-01"},
        ),
        "kam.quota": (
            quota,
            {"date_start": "2020-06-01", "date_end": "2020-06-30"},
            {**values, "date_start": "2020-05-01"},
        ),
        "kam.quota.line": (
            quota.line_ids,
            {"target": 4},
            {"quota_id": quota.id, "indicator": "touches", "target": 9},
        ),
        "kam.quota.fact": (
            env["kam.quota.fact"].create({**on_line, "value": 1}),
            {"value": 2},
            {**on_line, "value": 1},
        ),
        "kam.measure.record": (record.search([]), {"value": 2}, {"value": 1}),
        "kam.quota.cause": (
            env["kam.quota.cause"].create({"name": "Strike"}),
            {"sequence": 3},
            {"name": "Flood"},
        ),
        "kam.quota.decision": (
            env["kam.quota.decision"].create({**on_line, "owner_id": manager}),
            {"effect_note": "Done"},
            {
                "line_id": env["kam.quota.line"]
                .create({"quota_id": quota.id, "indicator": "revenue"})
                .id
            },
        ),
        "kam.quota.deciding": (
            env["kam.quota.deciding"].create({"decision": "Call"}),
            {"decision": "Visit"},
            {"decision": "Write"},
        ),
        "kam.quota.planning": (
            planning,
            {"change": 3},
            {"company_id": company},
        ),
        "kam.quota.planning.target": (
            env["kam.quota.planning.target"].create(
                {
                    "planning_id": planning.id,
                    "user_id": manager,
                    "date_start": "2020-05-01",
                    "indicator": "won",
                }
            ),
            {"target": 5},
            {
                "planning_id": planning.id,
                "user_id": manager,
                "date_start": "2020-05-01",
                "indicator": "touches",
            },
        ),
        "kam.quota.planning.line": (
            planning.line_ids,
            {"target": 5},
            {"planning_id": planning.id, "indicator": "touches"},
        ),
        "kam.quota.closing": (
            env["kam.quota.closing"].create(
                {"quota_ids": quota.ids, "reason": "Taken over"}
            ),
            {"reason": "Taken over in May"},
            {"quota_ids": quota.ids, "reason": "Taken over"},
        ),
        "kam.quota.reopen": (
            env["kam.quota.reopen"].create(
                {"quota_ids": quota.ids, "reason": "Late orders"}
            ),
            {"reason": "Later orders"},
            {"quota_ids": quota.ids, "reason": "Late orders"},
        ),
    }
