"""Install on a database with years of data, uninstall without a trace."""

import re

from odoo.tools.sql import column_exists

from .models.evidence.account_move import fill_billing
from .models.evidence.sale_order import fill_customers


def pre_init_hook(env):
    """Fill the customer of existing orders set-wise instead of order by order."""
    if not column_exists(env.cr, "sale_order", "kam_commercial_partner_id"):
        env.cr.execute(
            "ALTER TABLE sale_order ADD COLUMN kam_commercial_partner_id int4"
        )
    fill_customers(env.cr)
    if not column_exists(env.cr, "account_move", "kam_bills_orders"):
        env.cr.execute("ALTER TABLE account_move ADD COLUMN kam_bills_orders bool")
    fill_billing(env.cr)
    # leads are linked by the first refresh, not by computing lead by lead
    if not column_exists(env.cr, "crm_lead", "kam_account_id"):
        env.cr.execute("ALTER TABLE crm_lead ADD COLUMN kam_account_id int4")


def post_init_hook(env):
    """Evaluate the past at once: touches, levels, metrics, the log, terms, then months.

    Years of mails are captured batch by batch, each committed: when the installation is
    interrupted, the next one goes on from there.
    """
    env["kam.touch"]._capture(after_batch=env["ir.cron"]._commit_progress)
    env["kam.account"]._refresh()
    for model in "kam.account.term", "kam.team.term":
        env[model]._derive()
    # all the news there is has just been taken up
    env.cr.flush()
    env["kam.account.event"].search([]).unlink()
    env["kam.portfolio.month"]._cron_take()
    env.ref("kam_management.ir_cron_watch_silence")._trigger()


def uninstall_hook(env):
    """Remove what Odoo would leave behind when our models and fields go.

    - The bookmarks of the capture.
    - Attachments of our records: one without a file, such as a link, would keep Odoo
      from removing the model.
    - Saved filters and export templates that name a model or field of ours: a filter
      that is shown by default would keep contacts or the pipeline from opening.
    - Activity plans for our models, and ratings of our surveys.
    - Reminders of birthdays and of reviews: nothing remains of what we knew of people.
    - Our types of activities, where they are in use: Odoo would stumble over them. What
      was planned becomes a To-Do.
    - The keys of tables between records of Odoo's and ours, such as deals and the people
      who decide on them.
    - Server actions made for our models, with what was said about them.
    """
    models = env["ir.model"].search([("model", "=like", "kam.%")]).mapped("model")
    # as all fields are called that we add to models of Odoo's
    ours = re.compile(r"\b(kam_\w+|is_key_account)\b")
    env["ir.config_parameter"].search([("key", "=like", "kam_management.%")]).unlink()
    env["ir.attachment"].search([("res_model", "in", models)]).unlink()
    env["ir.filters"].with_context(active_test=False).search([]).filtered(
        lambda saved: (
            saved.model_id in models
            or ours.search(f"{saved.domain} {saved.context} {saved.sort}")
        )
    ).unlink()
    exports = env["ir.exports"].search([])
    exports.filtered(lambda export: export.resource in models).unlink()
    exports.exists().export_fields.filtered(
        lambda line: ours.search(line.name or "")
    ).unlink()
    env["mail.activity.plan"].search([("res_model", "in", models)]).unlink()
    _release_activities(env)
    env["rating.rating"].search([("res_model", "in", models)]).unlink()
    env["ir.model.constraint"].search(
        [("name", "=like", "kam\\_%\\_rel\\_%"), ("type", "=", "f")]
    ).unlink()
    env["ir.actions.server"].search(
        [("model_id.model", "in", models), ("usage", "=", "ir_actions_server")]
    ).unlink()


def _release_activities(env):
    """Remove reminders; what was planned of a type of ours becomes a To-Do."""
    Activity = env["mail.activity"].with_context(active_test=False)
    Activity.search(
        ["|", ("kam_remembered_date_id", "!=", False), ("kam_profile_id", "!=", False)]
    ).unlink()
    types = env["ir.model.data"].search(
        [("module", "=", "kam_management"), ("model", "=", "mail.activity.type")]
    )
    types = env["mail.activity.type"].browse(types.mapped("res_id"))
    types.search(
        [("triggered_next_type_id", "in", types.ids)]
    ).chaining_type = "suggest"
    using_ours = [("activity_type_id", "in", types.ids)]
    for user in Activity, env["mail.activity.plan.template"], env["ir.actions.server"]:
        user.search(using_ours).activity_type_id = env.ref(
            "mail.mail_activity_data_todo"
        )
