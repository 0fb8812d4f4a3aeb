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
    "mail_activity_plan_data",
    "mail_activity_type_data",
    "mail_template_data",
)
TEXTS = ("name", "summary", "description", "strategy_note", "body_html")

# Rows of records the app came with have no name of their own: their old words tell them.
ROWS = {
    ("mail.activity.plan.template", "plan_id", "summary"): {
        "Ask how satisfied he is, and with what he is not": (
            "Ask how satisfied they are, and what they miss"
        ),
        "Show what our work has brought him so far": (
            "Show what our work has brought them so far"
        ),
        "Find out what his branches buy elsewhere": (
            "Find out what their branches buy elsewhere"
        ),
        "Talk about his funnel: where could we help him sell?": (
            "Talk about their sales funnel: where could we help them sell?"
        ),
        "Draw his organisation: who decides, who is heard?": (
            "Draw the org chart: who decides, who has influence?"
        ),
        "Bring his director and ours together": "Bring their director and ours together",
    },
    ("kam.plan.template.goal", "template_id", "name"): {
        "He goes on buying": "Categories bought again",
        "His loyalty rises": "Higher loyalty",
        "Serving him costs no more than it must": "Lower cost to serve",
        "More revenue with him": "More revenue",
        "A larger share of what he spends in our field": "A larger share of wallet",
        "More of his challenges known to us": "More needs and challenges known",
        "More of his own output with what we deliver": "More output with what we deliver",
        "He feels informed and looked after": "The customer feels informed and cared for",
        "Decisions in his house take less time": "Faster decisions at the customer",
    },
}


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
                record.write(_read_texts(node))
    for (model, parent, field), words in ROWS.items():
        _reword_rows(env[model], parent, field, words)


def _read_texts(node):
    """Return {field: text} of a record in a data file."""
    texts = {}
    for field in node.iter("field"):
        if field.get("name") in TEXTS:
            # as Odoo reads a field of HTML
            text = "".join(etree.tostring(part, encoding="unicode") for part in field)
            if text := text or field.text:
                texts[field.get("name")] = text
    return texts


def _reword_rows(Model, parent, field, words):
    """Replace the old words in the rows of records the app came with.

    :param Model: of the rows
    :param str parent: the field that says which record a row is of
    :param str field: the field of the words
    :param words: {old: new}
    """
    ours = Model.env["ir.model.data"].search(
        [
            ("module", "=", "kam_management"),
            ("model", "=", Model._fields[parent].comodel_name),
        ]
    )
    rows = Model.search([(parent, "in", ours.mapped("res_id"))])
    for row in rows.filtered(lambda row: row[field] in words):
        row[field] = words[row[field]]
