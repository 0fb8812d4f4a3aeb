"""Who works here, or did, and what an address proves: in SQL.

No login is needed for it: our own companies' contacts are colleagues, and so is who
writes from an address of ours.
"""

from odoo.tools import SQL

from odoo.addons.iap.tools.iap_tools import _MAIL_PROVIDERS

from .look import NOBODYS_CUSTOMERS

# Addresses that anybody may have: they prove that nobody belongs to anybody.
FREE_MAIL = SQL("SELECT unnest(%s)", sorted(_MAIL_PROVIDERS))
OWN_DOMAINS = SQL(
    """
    (SELECT split_part(own.email_normalized, '@', 2)
       FROM res_company c
       JOIN res_partner own ON own.id = c.partner_id
      WHERE own.email_normalized IS NOT NULL
     UNION SELECT name FROM mail_alias_domain)
    EXCEPT %s
    """,
    FREE_MAIL,
)
OWN_ADDRESSES = SQL(
    """
    SELECT own.email_normalized
      FROM res_users u
      JOIN res_partner own ON own.id = u.partner_id
     WHERE NOT u.share AND own.email_normalized IS NOT NULL
    """
)


def is_own_address(address):
    """Return the SQL condition that a colleague has an address, or one to sort mails by.

    :param SQL address: an expression that yields a normalized address, or NULL
    """
    return SQL(
        """
        COALESCE(split_part(%(address)s, '@', 2) IN (%(domains)s)
            OR CASE WHEN strpos(%(address)s, '+') > 0
                    THEN regexp_replace(%(address)s, '\\+[^@]*@', '@')
                    ELSE %(address)s END IN (%(addresses)s), FALSE)
        """,
        address=address,
        domains=OWN_DOMAINS,
        addresses=OWN_ADDRESSES,
    )


def is_colleague(partner):
    """Return the SQL condition that a partner is a colleague, or one of our companies.

    :param SQL partner: the alias of a row of ``res_partner``
    """
    return SQL(
        """
        (%(partner)s.id IN (%(own)s) OR %(partner)s.commercial_partner_id IN (%(own)s)
         OR %(own_address)s)
        """,
        partner=partner,
        own=NOBODYS_CUSTOMERS,
        own_address=is_own_address(SQL("%s.email_normalized", partner)),
    )
