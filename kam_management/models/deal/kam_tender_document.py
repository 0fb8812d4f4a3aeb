from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common.names import list_names


class KamTender(models.Model):
    _inherit = "kam.tender"

    document_ids = fields.One2many("kam.tender.document", "tender_id", "Documents")

    def _check_documents(self):
        """Refuse to hand in a bid that lacks something.

        :raise UserError: naming what is missing
        """
        missing = self.document_ids.filtered(
            lambda document: document.is_required and not document.is_ready
        )
        if missing:
            raise UserError(
                self.env._(
                    "These documents are not ready: %(documents)s. Complete them, or mark"
                    " them as not required.",
                    documents=list_names(missing),
                )
            )


class KamTenderDocument(models.Model):
    """A document to hand in with the bid."""

    _name = "kam.tender.document"
    _description = "Document of a Tender"
    _inherit = ["kam.tender.part"]

    name = fields.Char("Document", required=True)
    is_required = fields.Boolean("Required", default=True)
    is_ready = fields.Boolean("Ready")
    user_id = fields.Many2one(
        "res.users",
        "Owner",
        ondelete="set null",
        index="btree_not_null",
        domain="[('share', '=', False)]",
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Files", copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        documents = super().create(vals_list)
        documents._keep_files()
        return documents

    def write(self, vals):
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._keep_files()
        return result

    def _keep_files(self):
        """Let who sees a document open its files.

        Uploaded before the document is saved they belong to nothing, and are open to
        nobody but who uploaded them.
        """
        for document in self:
            files = document.attachment_ids.filtered(lambda file: not file.res_id)
            files.write({"res_model": self._name, "res_id": document.id})
