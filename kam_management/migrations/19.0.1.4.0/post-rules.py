from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Keep dialogs about quotas to those of one's own companies alone."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in "kam_quota_closing_rule_company", "kam_quota_reopen_rule_company":
        rule = env.ref(f"kam_management.{name}", raise_if_not_found=False)
        if rule:
            rule.domain_force = rule.domain_force.replace(
                "'any', [('company_id', 'in',", "'not any', [('company_id', 'not in',"
            )
