from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from .kam_cockpit import ROWS

# A quotation that was sent as long ago as this waits for a call.
ANSWER_DAYS = 7
# Touches due within these days are on the screen, too.
TOUCH_DAYS = 7
TOUCHES_ORDER = "next_touch_date, revenue desc, id"


class KamCockpit(models.AbstractModel):
    """My day: whom to contact, whom to answer."""

    _inherit = "kam.cockpit"

    @api.model
    @api.readonly
    def get_my_contacts(self):
        """Return the cards of what the user has planned to do with customers.

        :return: ``{"cards": [...], "leads_accounts": bool}``
        """
        leads = self.env["kam.account"].search_count(
            [("manager_id", "=", self.env.uid)], limit=1
        )
        cards = [
            self._prepare_touches_card(),
            self._prepare_activities_card(),
            self._prepare_carried_out_card(),
        ]
        return {"cards": cards, "leads_accounts": bool(leads)}

    @api.model
    @api.readonly
    def get_my_requests(self):
        """Return the cards of customers who wait for the user, or he for them.

        :return: ``{"cards": [...]}``
        """
        return {
            "cards": [self._prepare_unanswered_card(), self._prepare_quotations_card()]
        }

    @api.model
    def _prepare_touches_card(self):
        today = self._get_today()
        levels = dict(
            self.env["kam.account"]._fields["level"]._description_selection(self.env)
        )

        def row(account):
            # somebody else at the customer may have been met yesterday
            person = account.stakeholder_ids.filtered(
                lambda dossier: dossier.next_touch_date == account.next_touch_date
            )[:1]
            # sudo: of the dossier that the user sees
            name = person.partner_id.sudo().name
            note = self.env._("Talk to %(person)s", person=name) if name else ""
            return {
                "title": account.display_name,
                "note": note or levels[account.level],
                **self._prepare_due(account.next_touch_date),
                "button": self._prepare_button(
                    person or account,
                    "action_log_touch",
                    self.env._("Talk"),
                    "fa-phone",
                ),
            }

        return self._prepare_card(
            "touches",
            self.env._("Touches Due"),
            "fa-phone",
            "kam.account",
            self._get_touches_domain(),
            [("next_touch_date", "<", str(today))],
            TOUCHES_ORDER,
            row=row,
            empty={
                "text": self.env._("Every customer has heard from you in time."),
                "label": self.env._("See your customers"),
                "action": self._prepare_my_accounts(),
            },
        )

    @api.model
    def _get_touches_domain(self):
        """Return whom the user is to contact by now, or in the next days."""
        due = self._get_today() + timedelta(days=TOUCH_DAYS)
        return [
            ("manager_id", "=", self.env.uid),
            ("next_touch_date", "<=", str(due)),
        ]

    @api.model
    def _find_next_customer(self, account):
        """Return whom the user should talk to after an account, maybe nobody."""
        others = Domain(self._get_touches_domain()) & Domain("id", "!=", account.id)
        return self.env["kam.account"].search(others, order=TOUCHES_ORDER, limit=1)

    @api.model
    def _prepare_activities_card(self):
        today = self._get_today()

        def row(activity):
            done = ("action_done", self.env._("Done"), "fa-check")
            if activity.kam_is_touch:
                done = ("action_kam_log_touch", self.env._("Talk"), "fa-phone")
            place = activity.res_model in self.env and activity.res_id
            return {
                "title": activity.res_name or activity.display_name,
                "note": activity.summary or activity.activity_type_id.name,
                **self._prepare_due(activity.date_deadline),
                "model": activity.res_model if place else activity._name,
                "id": activity.res_id if place else activity.id,
                "button": self._prepare_button(activity, *done),
            }

        return self._prepare_card(
            "activities",
            self.env._("Activities"),
            "fa-clock-o",
            "mail.activity",
            [
                ("user_id", "=", self.env.uid),
                ("date_deadline", "<=", str(today)),
                # touches that are due and open complaints are cards of their own
                ("kam_has_card", "=", False),
            ],
            [("date_deadline", "<", str(today))],
            "date_deadline, id",
            row=row,
            empty={"text": self.env._("Nothing is left to do today.")},
        )

    @api.model
    def _prepare_carried_out_card(self):
        """Return the decisions about quotas that the user carries out."""

        def row(decision):
            return {
                "title": decision.display_name,
                "note": decision.decision or "",
                **self._prepare_due(decision.date_due),
            }

        return self._prepare_card(
            "carried_out",
            self.env._("Decisions to Carry Out"),
            "fa-gavel",
            "kam.quota.decision",
            [("state", "=", "decided"), ("owner_id", "=", self.env.uid)],
            [("date_due", "<", str(self._get_today()))],
            "date_due, id",
            row=row,
            empty={"text": self.env._("No decision is yours to carry out.")},
        )

    @api.model
    def _prepare_unanswered_card(self):
        today = self._get_today()

        def row(touch):
            return {
                "title": touch.account_id.display_name or touch.lead_id.display_name,
                # sudo: of the touch that the user sees
                "note": touch.summary or touch.partner_id.sudo().name or "",
                **self._prepare_since(touch.date.date(), touch.date.date() < today),
                "button": self._prepare_button(
                    touch, "action_answer", self.env._("Log the Answer"), "fa-reply"
                ),
            }

        return self._prepare_card(
            "unanswered",
            self.env._("Waiting for an Answer"),
            "fa-reply",
            "kam.touch",
            self._get_unanswered_domain(),
            Domain.FALSE,
            "date, id",
            records=self._find_unanswered(),
            row=row,
            view="kam_touch_view_list_unanswered",
            empty={"text": self.env._("Nobody waits for your answer.")},
        )

    @api.model
    def _find_unanswered(self):
        """Return the touches of ``_get_unanswered_domain``, the oldest of all first.

        In two searches, each by its own index: together they look at all touches.
        """
        waiting = Domain("direction", "=", "in") & Domain("answer_id", "=", False)
        accounts = self.env["kam.account"].with_context(active_test=False)
        mine = accounts._search([("manager_id", "=", self.env.uid)])
        Touch = self.env["kam.touch"]
        # sudo: who sees an account sees its touches; asked of each touch, the rule that
        # says so takes most of the time
        of_accounts = Touch.sudo().search(
            waiting & Domain("account_id", "in", mine), order="date, id"
        )
        of_leads = Touch.search(
            waiting
            & Domain("account_id", "=", False)
            & Domain("lead_id.user_id", "=", self.env.uid),
            order="date, id",
        )
        touches = Touch.browse(of_accounts.ids)
        first = (touches[:ROWS] | of_leads[:ROWS]).sorted(lambda t: (t.date, t.id))
        return first | touches | of_leads

    @api.model
    def _get_unanswered_domain(self):
        """Return what came in, to accounts the user leads or leads he works on."""
        return [
            ("direction", "=", "in"),
            ("answer_id", "=", False),
            "|",
            ("account_id.manager_id", "=", self.env.uid),
            "&",
            ("account_id", "=", False),
            ("lead_id.user_id", "=", self.env.uid),
        ]

    @api.model
    def _prepare_quotations_card(self):
        since = self._get_today() - timedelta(days=ANSWER_DAYS)

        def row(order):
            return {
                # sudo: of the quotation that the user sees
                "title": order.partner_id.sudo().display_name,
                "note": order.name,
                "amount": order.amount_untaxed,
                "currency_id": order.currency_id.id,
                **self._prepare_since(
                    order.date_order.date(), order.date_order.date() < since
                ),
                "button": self._prepare_button(
                    order,
                    "action_kam_log_touch",
                    self.env._("Talk"),
                    "fa-phone",
                ),
            }

        return self._prepare_card(
            "quotations",
            self.env._("Quotations Without Answer"),
            "fa-file-text-o",
            "sale.order",
            self._get_quotations_domain(),
            [("date_order", "<", f"{since} 00:00:00")],
            "date_order, id",
            row=row,
            empty={"text": self.env._("No quotation you sent waits for an answer.")},
        )

    @api.model
    def _get_quotations_domain(self):
        """Return what the user has sent, and has not planned to ask for some day later."""
        mine = Domain("user_id", "=", self.env.uid)
        planned = mine & Domain("date_deadline", ">", str(self._get_today()))
        return (
            mine
            & Domain("state", "=", "sent")
            & ~Domain("activity_ids", "any", list(planned))
        )

    @api.model
    def _prepare_my_accounts(self):
        """Return the action that opens the accounts the user leads."""
        domain = [("manager_id", "=", self.env.uid)]
        return self._prepare_list(self.env._("My Customers"), "kam.account", domain)
