"""One record of each model about sent quotations, for the matrix of rights."""

from odoo import Command


def follow_up_records(env, account):
    """Return {model: (a record, values to write, values to create another one)}.

    The quotation is one of the manager of the account, who asked to concede more.
    """
    product = env["product.product"].create({"name": "Compressor", "taxes_id": False})
    order = env["sale.order"].create(
        {
            "partner_id": account.partner_id.id,
            "company_id": account.company_id.id,
            "user_id": account.manager_id.id,
            "order_line": [
                Command.create({"product_id": product.id, "price_unit": 10})
            ],
        }
    )
    of_order = {"order_id": order.id}
    version = env["kam.quotation.version"].create(of_order)
    concession = {
        **of_order,
        "company_id": account.company_id.id,
        "account_id": account.id,
        "first_id": version.id,
        "date": "2026-01-15",
        "kind": "price",
    }
    asked = {
        **of_order,
        "account_id": account.id,
        "user_id": account.manager_id.id,
        "amount": 5,
    }
    limit = env["kam.concession.limit"].create({"percent": 100})
    return {
        "kam.quotation.version": (version, {"date_due": "2026-01-16"}, of_order),
        "kam.concession": (
            env["kam.concession"].create(concession),
            {"reason": "close"},
            concession,
        ),
        "kam.concession.approval": (
            env["kam.concession.approval"].create(asked),
            {"note": "They have a cheaper offer"},
            asked,
        ),
        "kam.concession.request": (
            env["kam.concession.request"].create({**of_order, "reason": "close"}),
            {"note": "They have a cheaper offer"},
            {**of_order, "reason": "close"},
        ),
        "kam.concession.limit": (
            limit,
            {"percent": 90},
            {"user_id": account.manager_id.id, "percent": 5},
        ),
    }
