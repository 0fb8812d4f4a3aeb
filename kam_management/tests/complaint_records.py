"""What roles are tried on: what complaints are measured by and explained with."""


def complaint_records(env, account):
    """Return {model: (record, values to write, values to create)}.

    :param account: an account whose manager takes care of its complaints
    """
    company = account.company_id.id
    mailbox = {"name": "Complaints", "company_id": company}
    mail = {"name": "Oil", "email_from": "x@else.example", "company_id": company}
    level = {"kind": "wish", "hours_answer": 8, "company_id": company}
    return {
        "kam.complaint.cause": (
            env["kam.complaint.cause"].create({"name": "Noise"}),
            {"name": "Loud"},
            {"name": "Oil"},
        ),
        "kam.complaint.mail": (
            env["kam.complaint.mail"].create(mail),
            {"kind": "wish"},
            mail,
        ),
        "kam.complaint.mailbox": (
            env["kam.complaint.mailbox"].create(mailbox),
            {"name": "Wishes"},
            mailbox,
        ),
        "kam.complaint.level": (
            env["kam.complaint.level"].create(level),
            {"hours_answer": 4},
            level,
        ),
    }
