import logging
from datetime import timedelta
from functools import partial
from itertools import product

from odoo import api, fields, models
from odoo.fields import Domain

from ..common import clock
from ..common.conflicts import CONFLICTS
from ..common.jobs import do_each
from .moment_events import SOLVED

_logger = logging.getLogger(__name__)

# What was looked at last, as the beginning of that look.
LOOKED = "kam_management.moments_looked"
# Transactions that were running then, accounts that were still to be made.
OVERLAP = timedelta(hours=2)
BATCH = 500


class KamMoment(models.Model):
    """Moments begin and end by what happens to orders: found by a job, many at once.

    Orders have no work with it: the job looks at those that changed since its last look.
    What is to be done follows from the orders and the moments there are, so it may look
    twice, and goes on wherever it was interrupted.
    """

    _inherit = "kam.moment"

    @api.model
    def _cron_moments(self):
        """Begin the moments of what has happened since, and end those that are over."""
        now = fields.Datetime.now()
        since = self._get_last_look() - OVERLAP
        orders = self.env["kam.evidence"]._find_changed_orders(since, now)
        steps = [
            partial(self._look_at, orders[start : start + BATCH])
            for start in range(0, len(orders), BATCH)
        ]
        steps += [partial(self._look_at_complaints, since), self._end_missed]
        steps += [partial(self._note_look, now)]
        do_each(self.env, steps, lambda step: step(), "Key moments failed: %s")

    @api.model
    def _get_last_look(self):
        """Return when the last complete look began; at first there is no past to look at."""
        # sudo: a job of the app
        looked = self.env["ir.config_parameter"].sudo().get_param(LOOKED)
        return fields.Datetime.to_datetime(looked) or fields.Datetime.now()

    @api.model
    def _note_look(self, now):
        # sudo: a job of the app
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param(LOOKED, fields.Datetime.to_string(now))

    @api.model
    def _look_at(self, orders):
        """Bring the moments of orders up to date; one that fails keeps no other from it."""
        orders = orders.exists()
        try:
            with self.env.cr.savepoint():
                self._bring_up_to_date(orders)
        except CONFLICTS:
            raise
        except Exception:
            if len(orders) < 2:
                _logger.exception("Key moments of an order failed: %s", orders.ids)
                return
            self.env.invalidate_all()
            for order in orders:
                self._look_at(order)

    @api.model
    def _bring_up_to_date(self, orders):
        """Begin, call off and take up again the moments of orders."""
        # sudo: a job of the app, for all companies
        orders, Moment = orders.sudo(), self.sudo()
        progress = self.env["kam.evidence"]._get_order_progress(orders)
        accounts = {
            order: account
            for order, account in orders._get_kam_accounts().items()
            if self._is_served(account)
        }
        moments = Moment.search(
            [("order_id", "in", orders.ids), ("event", "!=", SOLVED)]
        )
        over, stands = Moment, {}
        for moment in moments:
            stands[moment] = moment._stands(progress[moment.order_id.id])
            if moment.state == "open" and not stands[moment]:
                over += moment
        over._call_off()
        due, vals_list = self._find_due(accounts, progress, moments)
        due.filtered(lambda one: one.state == "cancelled" and stands[one])._take_up()
        Moment._start(vals_list)
        self.env["kam.plan.expectation"].sudo()._take_promises(accounts)

    @api.model
    def _find_due(self, accounts, progress, moments):
        """Return (moments, values): what orders are due for, those there are already and
        the values of those that begin.

        :param dict accounts: {order: its account}
        :param dict progress: {order id: ``Progress``}
        :param moments: all moments of these orders
        """
        known = moments.grouped(lambda one: (one.order_id, one.template_id))
        due, vals_list = moments.browse(), []
        for template, (order, account) in product(
            self._get_templates(), accounts.items()
        ):
            mine = known.get((order, template), due.browse())
            found = template._find_occurrence(order, progress[order.id], mine)
            if not found:
                continue
            number, quantity = found
            if same := mine.filtered(lambda one, n=number: one.number == n):
                due += same
            elif template._fits(account, order):
                values = self._prepare_values(template, account, order)
                vals_list.append({**values, "number": number, "quantity": quantity})
        return due, vals_list

    @api.model
    def _get_templates(self):
        """Return the templates of moments of orders."""
        # sudo: a job of the app, for all companies
        return self.env["kam.moment.template"].sudo().search([("event", "!=", SOLVED)])

    @api.model
    def _is_served(self, account):
        """Return whether we turn to a customer: they are one of ours, and wish it."""
        return account.active and not account.do_not_contact

    @api.model
    def _prepare_values(self, template, account, order):
        """Return the values of a moment that begins today.

        :param order: ``sale.order``, maybe none
        """
        return {
            "template_id": template.id,
            "event": template.event,
            "account_id": account.id,
            "order_id": order.id,
            "user_id": template._find_responsible(account, order).id,
            "date": clock.today(),
            "date_due": template._get_due(account.company_id),
        }

    @api.model
    def _end_missed(self):
        """End the moments that are late for longer than the company waits."""
        # sudo: a job of the app, for all companies
        companies = self.env["res.company"].sudo().search(Domain.TRUE)
        waited = Domain.OR(
            Domain("company_id", "in", some.ids)
            & Domain("date_due", "<", clock.today() - timedelta(days=days))
            for days, some in companies.grouped("kam_moment_days").items()
        )
        self.sudo().search(Domain("state", "=", "open") & waited)._miss()
