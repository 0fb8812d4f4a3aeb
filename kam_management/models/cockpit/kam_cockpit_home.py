from odoo import api, models

MY_DAY = "kam_management.kam_cockpit_action_my_day"


class KamCockpit(models.AbstractModel):
    """My Day as the page that Odoo opens with, for who wants it so."""

    _inherit = "kam.cockpit"

    @api.model
    @api.readonly
    def get_home(self):
        """Return whether Odoo opens with My Day for the user: {"is_home": bool}."""
        return {"is_home": self.env.user.action_id.id == self._get_my_day_id()}

    @api.model
    def set_home(self, is_home):
        """Have Odoo open with My Day for the user after login, or as usual again.

        The user's "Home Action", which they may also set in their preferences. Another
        page they chose there stays when My Day is unset.

        :param bool is_home: open with My Day
        :return: as ``get_home``
        :raise AccessError: when the user has no rights to this app
        """
        self.env["kam.account"].check_access("read")
        if bool(is_home) != self.get_home()["is_home"]:
            self.env.user.action_id = is_home and self._get_my_day_id()
        return self.get_home()

    @api.model
    def _get_my_day_id(self):
        return self.env["ir.model.data"]._xmlid_to_res_id(MY_DAY)
