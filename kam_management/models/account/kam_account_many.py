from odoo import models


class KamAccount(models.Model):
    """Many accounts that get the same: checked at once.

    A head of sales hands over thousands of them, a colleague archives a whole list of
    customers.
    """

    _inherit = "kam.account"

    def _check_company(self, fnames=None):
        """Check one of those accounts that are alike."""
        if fnames is None or {"company_id", "company_ids"} & set(fnames):
            return super()._check_company(fnames)
        names = [n for n in fnames if getattr(self._fields[n], "check_company", False)]
        if not names:
            return None
        # sudo: as Odoo does it; what is told of them is the record's name
        alike = self.sudo().grouped(
            lambda account: (account.company_id, *(account[name] for name in names))
        )
        some = self.browse([accounts[:1].id for accounts in alike.values()])
        return super(KamAccount, some)._check_company(names)
