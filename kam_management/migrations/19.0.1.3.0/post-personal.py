from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Let personal facts follow the present dossiers, and close those of who left."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    _change(
        env,
        "kam_person_profile_rule_personal",
        "('active', 'in', (True, False))",
        "('is_present', '=', True)",
    )
    _change(
        env,
        "kam_remembered_date_rule_personal",
        "[('stakeholder_id.account_id.team_user_ids', 'in', user.id)]",
        "[('stakeholder_id.account_id.team_user_ids', 'in', user.id),"
        " ('stakeholder_id.is_present', '=', True)]",
    )
    dossiers = env["kam.stakeholder"].with_context(active_test=False)
    dossiers.search([("is_present", "=", False)])._note_gone()


def _change(env, name, old, new):
    rule = env.ref(f"kam_management.{name}", raise_if_not_found=False)
    if rule:
        rule.domain_force = rule.domain_force.replace(old, new)
