from odoo import models
from odoo.tools import SQL

# Odoo writes as many rows a statement
BATCH = 100


class KamAccount(models.Model):
    """Many accounts that get the same: written and checked at once.

    A head of sales hands over thousands of them, a colleague archives a whole list of
    customers.
    """

    _inherit = "kam.account"

    def _write_multi(self, vals_list):
        """Write in one statement what is the same for all of these accounts."""
        vals = vals_list[0] if vals_list else {}
        fields = [self._fields[name] for name in vals]
        if (
            len(self) <= BATCH
            or any(other != vals for other in vals_list)
            or any(field.translate or field.company_dependent for field in fields)
        ):
            return super()._write_multi(vals_list)
        vals = {"write_uid": self.env.uid, "write_date": self.env.cr.now(), **vals}
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s WHERE id = ANY(%s)",
                SQL.identifier(self._table),
                SQL(", ").join(
                    SQL(
                        "%s = %s::%s",
                        SQL.identifier(name),
                        value,
                        SQL(self._fields[name].column_type[1]),
                    )
                    for name, value in vals.items()
                ),
                list(self._ids),
            )
        )

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
