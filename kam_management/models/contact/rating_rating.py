from odoo import api, models


class RatingRating(models.Model):
    """What customers say of us is theirs: no colleague enters it, or moves it there."""

    _inherit = "rating.rating"

    @api.model_create_multi
    def create(self, vals_list):
        model_ids = [vals.get("res_model_id") for vals in vals_list]
        # sudo: users read no models; a name is all that is read
        models = self.env["ir.model"].sudo().browse(filter(None, model_ids))
        self._kam_refuse_ours(models.mapped("model"))
        ratings = super().create(vals_list)
        # what came by default values
        ratings._kam_refuse_ours(ratings.sudo().mapped("res_model"))
        return ratings

    def write(self, vals):
        # sudo: the rules hide ratings of ours; what they are of is all that is read
        ratings = self.sudo()
        self._kam_refuse_ours(ratings.mapped("res_model"))
        result = super().write(vals)
        # rules are asked before the write: where it points to by now, they do not see
        self._kam_refuse_ours(ratings.mapped("res_model"))
        return result

    @api.model
    def _kam_refuse_ours(self, models):
        """Refuse ratings of what only customers rate, see ``kam.rated``.

        The superuser may: the page that the key opens goes on as such.

        :param models: names of the models they are of
        :raise AccessError: when one of them is such a model
        """
        if not self.env.su:
            ours = self.pool["kam.rated"]._inherit_children
            self.env["kam.rated"]._refuse_rating(not set(ours).isdisjoint(models))
