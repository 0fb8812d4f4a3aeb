from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestIndexes(TransactionCase):
    def test_no_index_is_the_beginning_of_another(self):
        """Accounts had eleven indexes, and each write of one kept them all."""
        self.env.cr.execute(
            """
            SELECT i.indexrelid::regclass::text, wider.indexrelid::regclass::text
              FROM pg_index i
              JOIN pg_index wider
                ON wider.indrelid = i.indrelid AND wider.indexrelid <> i.indexrelid
               AND wider.indkey[0] = i.indkey[0] AND wider.indpred IS NULL
             WHERE i.indrelid::regclass::text LIKE 'kam\\_%'
               AND i.indnatts = 1 AND i.indexprs IS NULL AND i.indpred IS NULL
               AND NOT i.indisunique
            """
        )
        self.assertFalse(self.env.cr.fetchall())
