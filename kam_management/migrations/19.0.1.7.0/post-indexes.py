"""An index that another one begins with is one more to keep, and finds nothing sooner. Odoo
keeps what a field had an index for once: it is dropped here."""

FIELDS = {
    "kam_account": "partner_id",
    "kam_account_month": "account_id",
    "kam_account_term": "account_id",
    "kam_level_transition": "account_id",
    "kam_person_profile": "partner_id",
    "kam_plan_member": "plan_id",
    "kam_quota_line": "quota_id",
    "kam_stakeholder": "account_id",
    "kam_touch": "account_id",
    "kam_white_space": "account_id",
}


def migrate(cr, version):
    for table, column in FIELDS.items():
        cr.execute(f'DROP INDEX IF EXISTS "{table}__{column}_index"')
