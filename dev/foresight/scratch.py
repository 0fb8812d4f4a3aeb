"""The history in a scratch database, and the addon's view of it as of a day."""

from pathlib import Path

AT_ONCE = 10_000


def load(env, sales):
    """Write sales as confirmed orders and credit notes without an order.

    :param sales: of ``Sale``
    """
    cr = env.cr
    env["product.product"].create({"name": "Whatever was sold", "type": "service"})
    env.flush_all()
    cr.execute("CREATE TEMP TABLE history (customer text, day date, amount numeric)")
    cr.execute_values("INSERT INTO history VALUES %s", sales, page_size=AT_ONCE)
    cr.execute((Path(__file__).parent / "load.sql").read_text())
    cr.execute("ANALYZE res_partner, sale_order, sale_order_line")
    cr.execute("ANALYZE account_move, account_move_line")
    env.invalidate_all()


def rank(env, day):
    """Return how the addon ranks the customers who are active on a day.

    :return: list of (customer, estimate, days since the last purchase)
    """
    company = env["res.company"].search([], order="id", limit=1)
    env["kam.account"]._refresh(as_of=day)
    env.cr.execute("SELECT id, name FROM history_customer")
    names = dict(env.cr.fetchall())
    return [
        (names[partner], wait, silent)
        for partner, wait, silent in env["kam.account"]._rank_by_silence(company, day)
    ]
