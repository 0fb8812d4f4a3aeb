from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Let invoices follow a customer that became a contact of another."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in "account_move_rule_team", "account_move_line_rule_team":
        rule = env.ref(f"kam_management.{name}", raise_if_not_found=False)
        if rule and "kam_customer_id" not in rule.domain_force:
            rule.domain_force = rule.domain_force.replace(
                "commercial_partner_id.kam_account_ids",
                "kam_customer_id.kam_account_ids",
            )
