from odoo import api, models


class RatingRating(models.Model):
    """What customers say of us is theirs: no colleague enters it, or moves it there."""

    _inherit = "rating.rating"

    @api.model_create_multi
    def create(self, vals_list):
        ratings = super().create(vals_list)
        ratings._kam_refuse_ours()
        return ratings

    def write(self, vals):
        self._kam_refuse_ours()
        result = super().write(vals)
        # rules are asked before the write: where it points to by now, they do not see
        self._kam_refuse_ours()
        return result

    def _kam_refuse_ours(self):
        """Refuse ratings of what only customers rate, see ``kam.rated``.

        The superuser may: the page that the key opens goes on as such.

        :raise AccessError: when one of them is of such a record
        """
        if self.env.su:
            return
        rated = set(self.pool["kam.rated"]._inherit_children)
        # sudo: the rules hide these ratings; what they are of is all that is read
        ours = not rated.isdisjoint(self.sudo().mapped("res_model"))
        self.env["kam.rated"]._refuse_rating(ours)
