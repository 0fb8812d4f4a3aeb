from odoo import api, models
from odoo.fields import Domain

# So many answers are offered, of so many that worked last.
OFFERED, LOOKED_AT = 3, 300


class KamObjection(models.Model):
    """Answers that worked, offered where somebody objects to the same."""

    _inherit = "kam.objection"

    @api.model
    def _find_answers(self, category, company, person=None, products=None):
        """Return answers that worked, those for such people and products first.

        Each is offered without whom it was said to: the text, and how well it fits.

        :param category: ``kam.objection.category``
        :param company: ``res.company`` in which they worked
        :param person: ``kam.stakeholder`` who objects, maybe none
        :param products: ``product.category`` it is about, maybe none
        :return: list of {id, answer, why}
        """
        if not category:
            return []
        # sudo: what colleagues have answered helps everybody, see the field's help
        found = self.sudo().search(
            Domain("worked", "=", "yes")
            & Domain("company_id", "=", company.id)
            & Domain("category_id", "=", category.id),
            limit=LOOKED_AT,
        )
        offers = {}
        for objection in found:
            reasons = objection._get_fit(person, products)
            known = offers.get(objection.answer)
            if known is None or len(reasons) > len(known[1]):
                offers[objection.answer] = (objection.id, reasons)
        best = sorted(offers.items(), key=lambda offer: -len(offer[1][1]))
        return [
            {"id": record_id, "answer": answer, "why": ", ".join(reasons)}
            for answer, (record_id, reasons) in best[:OFFERED]
        ]

    def _get_fit(self, person, products):
        """Return why the answer fits, in words: the same kind of person or product.

        :param person: ``kam.stakeholder``, maybe none
        :param products: ``product.category``, maybe none
        """
        reasons = []
        style = person and person.argument_style
        if style and style == self.argument_style:
            field = self._fields["argument_style"]
            reasons.append(dict(field._description_selection(self.env))[style])
        if person and (roles := person.role_ids & self.role_ids):
            reasons.append(roles[0].name)
        if products and products == self.product_categ_id:
            reasons.append(products.name)
        return reasons
