def migrate(cr, version):
    """Keep of each account for which month the health before it was kept."""
    cr.execute(
        """
        UPDATE kam_account a SET health_month = c.kam_health_month
          FROM res_company c
         WHERE c.id = a.company_id AND a.health_month IS NULL
           AND (a.health IS NOT NULL OR a.health_previous IS NOT NULL)
        """
    )
