from odoo import api, models
from odoo.tools import SQL

from .frame import EVERYBODY, NOBODY
from .indicator import STATE
from .question import ask


class KamMeasure(models.AbstractModel):
    """Figures of any owner and period, summed up from the facts of the indicators."""

    _inherit = "kam.measure"

    @api.model
    def _measure(self, rows, led_today=False):
        """Return the figures of any owners and periods, up to today.

        :param list rows: of dicts with key, company_id, scope ("manager", "team",
            "company" or "account") and user_id, team_id or account_id; date_start,
            date_end, indicator; maybe categ_id and buyer
        :param bool led_today: what there is of customers counts for who leads them today
        :return: {key: figure}; 0 where there is nothing, None for an average of nothing
        """
        numbered = [{**row, "key": place} for place, row in enumerate(rows)]
        sums = self._sum(numbered, led_today=led_today)
        known = self._get_indicators()
        return {
            row["key"]: known[row["indicator"]].figure(sums.get(place), row)
            for place, row in enumerate(rows)
            if row["indicator"] in known
        }

    @api.model
    def _sum(self, rows, outlook=False, account_ids=None, led_today=False):
        """Sum up the facts of some figures in one statement per indicator.

        :param list rows: as of ``_measure``, with numbers as keys
        :param bool outlook: what is still to come, where an indicator knows it
        :param account_ids: only facts about these accounts; None for all
        :return: {key: (value, weight)}; a key without facts is missing
        """
        sums, known = {}, self._get_indicators()
        for question in ask(self.env, rows, led_today):
            for key, asked in question.rows.items():
                indicator = known[key]
                if outlook and not indicator.outlook:
                    continue
                query = self._get_sums_sql(
                    indicator, question, asked, outlook, account_ids
                )
                for number, value, weight in self.env.execute_query(query):
                    sums[number] = float(value or 0), float(weight or 0)
        return sums

    @api.model
    def _get_sums_sql(self, indicator, question, asked, outlook, account_ids):
        """Return the SQL of (key, value, weight): facts summed up, then shared out."""
        names = ["company_id", "owner_id", "slot"]
        if indicator.by_product:
            names += ["categ_id", "buyer"]
        columns = SQL(", ").join(map(SQL.identifier, names))
        others = SQL(", ").join(
            SQL.identifier(name) for name in names if name != "owner_id"
        )
        facts = self._get_facts_sql(
            indicator, question, outlook, account_ids, account_ids is not None
        )
        return SQL(
            """
            WITH %(tables)s,
            kam_sum AS MATERIALIZED (
                SELECT %(others)s,
                       CASE WHEN GROUPING(owner_id) = 1 THEN %(everybody)s
                            ELSE COALESCE(owner_id, %(nobody)s) END AS owner_id,
                       sum(value) AS value, sum(weight) AS weight
                  FROM (%(facts)s) fact
                 GROUP BY %(sets)s
            )
            SELECT r.key, sum(f.value), sum(f.weight)
              FROM kam_row r
              %(slots)s
              JOIN kam_sum f ON f.company_id = r.company_id AND f.owner_id = r.owner_id
                           AND f.slot = %(slot)s %(product)s
             GROUP BY r.key
            """,
            tables=question.get_tables(asked),
            others=others,
            everybody=EVERYBODY,
            nobody=NOBODY,
            facts=facts,
            sets=SQL("GROUPING SETS ((%s), (%s))", columns, others)
            if question.frame.with_nobody
            else columns,
            **get_slots(indicator, outlook),
        )

    @api.model
    def _get_facts_sql(
        self, indicator, question, outlook, account_ids=None, one_by_one=True
    ):
        """Return the SQL of the facts of an indicator, with owner and slot of each.

        The owner is who it is credited to, or the account; the slot is the period itself
        of what is told by period, else the piece of time.
        """
        frame = question.frame._replace(one_by_one=one_by_one or question.led_today)
        if account_ids is not None:
            frame = frame._replace(account_ids=tuple(account_ids) or (0,))
        source = indicator.outlook if outlook else indicator.facts
        facts = source(self, frame)
        if frame.account_ids:
            facts = SQL(
                "SELECT * FROM (%s) every WHERE account_id IN %s",
                facts,
                frame.account_ids,
            )
        slot = SQL("found.period_id")
        if not _is_by_period(indicator, outlook):
            slot = question.calendar.get_piece(SQL("found.date"))
        branch = SQL()
        product = SQL()
        if indicator.by_product:
            product = SQL(", branch.categ_id, found.buyer")
            branch = SQL("JOIN kam_branch branch ON branch.part_id = found.categ_id")
        return SQL(
            """
            SELECT found.company_id, found.date, found.user_id, found.account_id,
                   found.res_model, found.res_id, found.value, found.weight %(product)s,
                   %(owner)s AS owner_id, %(slot)s AS slot
              FROM (%(facts)s) found
              %(leader)s
              %(branch)s
            """,
            product=product,
            owner=question.owner,
            slot=slot,
            facts=facts,
            leader=question.leader,
            branch=branch,
        )


def _is_by_period(indicator, outlook):
    return outlook or indicator.by_period or indicator.kind == STATE


def get_slots(indicator, outlook=False):
    """Return how rows find the slots of their facts: dict of SQL, for a statement."""
    product = SQL()
    if indicator.by_product:
        product = SQL(
            "AND f.categ_id = r.categ_id AND (r.buyer = 'all' OR r.buyer = f.buyer)"
        )
    if _is_by_period(indicator, outlook):
        return {"slots": SQL(), "slot": SQL("r.period_id"), "product": product}
    return {
        "slots": SQL("JOIN kam_piece ON kam_piece.period_id = r.period_id"),
        "slot": SQL("kam_piece.piece"),
        "product": product,
    }
