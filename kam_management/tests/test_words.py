import re

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import TranslationModuleReader

# What the screen says in other words: of people and companies, and of our own jargon.
REPLACED = re.compile(
    r"\b(he|him|his|himself|she|her|herself|whose|rhythms?|cadence|dossiers?|told"
    r"|standing|slack|reason for silence|silent customers|asked for silence|last talk|plan and fact|measure now"
    r"|held by|led by|convinced by|made of it|came of it|hangs? on|on what ground)\b",
    re.IGNORECASE,
)


@tagged("post_install", "-at_install")
class TestWords(TransactionCase):
    """The screen speaks the trade's words: see all that translators would get."""

    def test_no_text_on_the_screen_uses_a_replaced_word(self):
        texts = {
            (name or kind, text)
            for _module, kind, name, _id, text, *_more in TranslationModuleReader(
                self.env.cr, modules=["kam_management"]
            )
        }
        self.assertGreater(len(texts), 1000)
        found = sorted(place for place in texts if REPLACED.search(place[1]))
        self.assertFalse(found, "choose the words of the trade")
