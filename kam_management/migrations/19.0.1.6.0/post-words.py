from lxml import etree

from odoo import SUPERUSER_ID, api
from odoo.tools import file_path

FILES = (
    "ir_cron_data",
    "kam_key_criterion_data",
    "kam_person_profile_data",
    "kam_plan_template_data",
    "kam_quota_data",
    "kam_stakeholder_role_data",
    "mail_activity_type_data",
)
TEXTS = ("name", "summary", "description", "strategy_note")


def migrate(cr, version):
    """Give the records the app came with its new words, where nobody has edited them."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in FILES:
        path = file_path(f"kam_management/data/{name}.xml")
        for node in etree.parse(path).iter("record"):
            record = env.ref(
                f"kam_management.{node.get('id')}", raise_if_not_found=False
            )
            if record and record.write_uid.id == SUPERUSER_ID:
                record.write(
                    {
                        field.get("name"): field.text
                        for field in node.iter("field")
                        if field.get("name") in TEXTS and field.text
                    }
                )
