def migrate(cr, version):
    """Take what a purchase is as settled where it has been planned by already."""
    cr.execute(
        """
        UPDATE res_company SET kam_purchase_checked = TRUE
         WHERE id IN (SELECT company_id FROM kam_plan
                       UNION SELECT company_id FROM kam_quota)
        """
    )
