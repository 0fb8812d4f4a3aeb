"""Files as people send them, loaded as the web client does it."""

from odoo import Command

from .common import KamCommon

# What the web client sends when nobody has chosen anything.
OPTIONS = {
    "import_skip_records": [],
    "import_set_empty_fields": [],
    "fallback_values": {},
    "name_create_enabled_fields": {},
    "encoding": "",
    "separator": "",
    "quoting": '"',
    "date_format": "",
    "datetime_format": "",
    "float_thousand_separator": ",",
    "float_decimal_separator": ".",
    "advanced": True,
    "has_headers": True,
    "keep_matches": False,
    "limit": 2000,
    "sheets": [],
    "sheet": "",
    "skip": 0,
    "tracking_disable": True,
}


class ImportCommon(KamCommon):
    """A file in, records or messages out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # whoever loads contacts and files may create contacts
        manager = cls.env.ref("base.group_partner_manager")
        (cls.head | cls.anna).group_ids = [Command.link(manager.id)]

    def _load_file(self, model, content, user=None, dryrun=False, **options):
        """Load a file as the web client does, batch by batch.

        :param content: text, or bytes
        :return: what the last batch returned, with all ids and messages
        """
        wizard = self._open_file(model, content, user)
        options = {**OPTIONS, **options}
        # matching is looked up once, the options it found go along
        preview = wizard.parse_preview(options)
        self.assertFalse(preview.get("error"))
        headers, matches = preview["headers"], preview["matches"]
        names = ["/".join(matches.get(n) or []) or False for n in range(len(headers))]
        result = {"nextrow": 0}
        ids, messages = [], []
        while True:
            batch = {**preview["options"], "skip": result["nextrow"]}
            result = wizard.execute_import(names, headers, batch, dryrun=dryrun)
            ids += result.get("ids") or []
            messages += result["messages"]
            if messages or not result["nextrow"]:
                return {**result, "ids": ids, "messages": messages}

    def _open_file(self, model, content, user=None):
        """Return the dialog of the web client with a file in it."""
        if isinstance(content, str):
            content = content.encode()
        return (
            self.env["base_import.import"]
            .with_user(user or self.head)
            .with_context(tracking_disable=True)
            .create(
                {
                    "res_model": model,
                    "file": content,
                    "file_type": "text/csv",
                    "file_name": "file.csv",
                }
            )
        )

    def _load(self, model, content, user=None, **options):
        """Load a file that has no mistakes; return its records."""
        result = self._load_file(model, content, user, **options)
        self.assertFalse(result["messages"])
        return self.env[model].browse(result["ids"])

    def _refused(self, model, content, user=None, **options):
        """Return the messages about a file that is refused, as text with row numbers."""
        result = self._load_file(model, content, user, **options)
        self.assertTrue(result["messages"], "it was not refused")
        return [
            (
                message.get("rows", {}).get("from", -1) + 1,
                message.get("field"),
                message["message"],
            )
            for message in result["messages"]
            if message["type"] == "error"
        ]
