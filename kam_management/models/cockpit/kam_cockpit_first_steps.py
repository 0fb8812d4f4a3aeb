from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import AccessError, UserError


class KamCockpit(models.AbstractModel):
    """First steps: what a new company does first, each a click away, until it is done.

    What is done is told by the records there are. Whoever sets the app up sees it, that is
    administrators and heads of sales, and may dismiss it for the company.
    """

    _inherit = "kam.cockpit"

    @api.model
    @api.readonly
    def get_first_steps(self):
        """Return what to do first.

        :return: ``{done, total, steps: [{key, title, note, done, can_open, label}]}``;
            None for managers, when nothing is left for the user, and once it was dismissed
        """
        # sudo: whether there are records, and nothing of them
        company = self.env.company.sudo()
        if not self._sets_up() or company.kam_first_steps_hidden:
            return None
        is_done = self._get_done_steps(company)
        notes = {}
        if not is_done["customers"] and self._is_waiting(company):
            notes["customers"] = self._tell_waiting()
        steps = [
            {
                "key": key,
                "title": title,
                "note": notes.get(key, note),
                "label": label,
                "done": is_done[key],
                "can_open": self._may_open_step(key),
            }
            for key, title, note, label in self._get_first_steps()
        ]
        done = sum(step["done"] for step in steps)
        if not any(step["can_open"] and not step["done"] for step in steps):
            return None
        return {"done": done, "total": len(steps), "steps": steps}

    @api.model
    def open_first_step(self, key):
        """Return how to get to a step.

        :param str key: of ``get_first_steps``
        :return: ``{action, options}`` as the web client's action service takes them
        :raise AccessError: when it is not for the user
        """
        self._check_sets_up()
        actions = self._get_step_actions()
        if not isinstance(key, str) or key not in actions:
            raise UserError(self.env._("There is no such step. Reload the page."))
        if not self._may_open_step(key):
            raise AccessError(self.env._("Ask an administrator to do this."))
        if key == "purchase" and not self.env.company.kam_purchase_checked:
            # sudo: noted by the app alone
            self.env.company.sudo().kam_purchase_checked = True
        return actions[key]

    @api.model
    def dismiss_first_steps(self):
        """Take the first steps off the screens of the company."""
        self._check_sets_up()
        # sudo: written by this button alone
        self.env.company.sudo().kam_first_steps_hidden = True

    @api.model
    def _sets_up(self):
        """Return whether the user is who sets the app up."""
        return self._is_head() or self.env.user._is_system()

    @api.model
    def _check_sets_up(self):
        if not self._sets_up():
            raise AccessError(
                self.env._("The first steps are for administrators and heads of sales.")
            )

    @api.model
    def _get_done_steps(self, company):
        """Return {key: whether it is done} of a company, by ``sudo``."""
        env = company.env

        def has(model, *conditions):
            records = env[model].with_context(active_test=False)
            domain = [("company_id", "=", company.id), *conditions]
            return bool(records.search_count(domain, limit=1))

        people = env["res.users"].search_count(
            [
                (
                    "all_group_ids",
                    "in",
                    env.ref("kam_management.group_kam_user").ids,
                ),
                ("company_ids", "in", company.ids),
                ("id", "!=", SUPERUSER_ID),
            ],
            limit=2,
        )
        return {
            "people": people > 1,
            "purchase": company.kam_purchase_checked,
            "customers": has("kam.account"),
            "managers": has("kam.account", ("manager_id", "!=", False)),
            "key": has("kam.account", ("is_key_account", "=", True)),
            "plan": has("kam.plan"),
            "quota": has("kam.quota"),
        }

    @api.model
    def _is_waiting(self, company):
        """Return whether customers have come that have no accounts yet, by ``sudo``.

        The queue makes them, within a minute on a server that runs scheduled actions.
        """
        events = company.env["kam.account.event"]
        return bool(events.search_count([("company_id", "=", company.id)], limit=1))

    @api.model
    def _tell_waiting(self):
        """Return what the first customers wait for."""
        cron = self.env.ref(
            "kam_management.ir_cron_process_events", raise_if_not_found=False
        )
        return self.env._(
            "Customers have been added; they appear here with the next run of the"
            " scheduled action “%(action)s”. If it does not run by itself, an"
            " administrator starts it under Settings, Technical, Scheduled Actions.",
            # sudo: the name of a job of ours
            action=cron.sudo().name if cron else self.env._("Update Changed Accounts"),
        )

    @api.model
    def _get_first_steps(self):
        """Return (key, title, what for, what its button says) of the steps in order."""
        return [
            (
                "people",
                self.env._("People and Rights"),
                self.env._("Who is a key account manager, who is a head of sales?"),
                self.env._("Add Users"),
            ),
            (
                "purchase",
                self.env._("What Counts as a Purchase"),
                self.env._(
                    "Orders, invoices or both? When is a customer active, when dormant?"
                ),
                self.env._("Check Settings"),
            ),
            (
                "customers",
                self.env._("Customers"),
                self.env._(
                    "Import them; orders and invoices in Odoo count by themselves."
                ),
                self.env._("Import Customers"),
            ),
            (
                "managers",
                self.env._("Account Managers"),
                self.env._(
                    "Who leads which customer? Tick several, and choose the manager."
                ),
                self.env._("Assign Managers"),
            ),
            (
                "key",
                self.env._("First Key Account"),
                self.env._("Nominate a customer that much depends on."),
                self.env._("See Suggestions"),
            ),
            (
                "plan",
                self.env._("First Plan"),
                self.env._("Goals and actions for one key account."),
                self.env._("Create Plan"),
            ),
            (
                "quota",
                self.env._("First Quota"),
                self.env._("What each manager is to reach, proposed from the past."),
                self.env._("Plan Quotas"),
            ),
        ]

    @api.model
    def _get_step_label(self, name):
        """Return what a button says that leads to an action of ours, None for others.

        :param str name: of the action, without the module
        """
        return {
            "kam_account_action": self.env._("Open Accounts"),
            "kam_account_action_suggested": self.env._("See Suggestions"),
            "kam_customer_new_action": self.env._("New Customer"),
            "kam_plan_action": self.env._("Open Plans"),
            "kam_plan_new_action": self.env._("Create Plan"),
            "kam_quota_action": self.env._("Open Quotas"),
            "kam_quota_planning_action": self.env._("Plan Quotas"),
            "kam_stakeholder_action": self.env._("Open People"),
            "kam_touch_action": self.env._("Open Touches"),
        }.get(name)

    @api.model
    def _get_step_actions(self):
        """Return {key: see ``open_first_step``}."""
        import_customers = {
            "type": "ir.actions.client",
            "tag": "import",
            "name": self.env._("Import Customers"),
            "params": {"active_model": "res.partner"},
        }
        unassigned = {
            "viewType": "list",
            "additionalContext": {"search_default_unassigned": 1},
        }
        actions = {
            "people": ("base.action_res_users", {}),
            "purchase": ("kam_management.res_config_settings_action", {}),
            "customers": (import_customers, {}),
            "managers": ("kam_management.kam_account_action", unassigned),
            "key": ("kam_management.kam_account_action_suggested", {}),
            "plan": ("kam_management.kam_plan_new_action", {}),
            "quota": ("kam_management.kam_quota_planning_action", {}),
        }
        return {
            key: {"action": action, "options": options}
            for key, (action, options) in actions.items()
        }

    @api.model
    def _may_open_step(self, key):
        """Return whether the user has the rights to do a step."""
        user = self.env.user
        return {
            "people": user.has_group("base.group_erp_manager"),
            "purchase": user._is_system(),
            "customers": self.env["res.partner"].has_access("create"),
        }.get(key, self._is_head())
