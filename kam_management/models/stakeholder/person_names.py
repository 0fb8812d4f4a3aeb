"""How a text names a person, and the text without the name."""

import re

from markupsafe import escape

# What stands before a name; before the last name alone it names a person, too.
TITLES = (
    "mr mrs ms miss mx dr prof professor sir herr frau dipl ing mag m mme mlle monsieur"
    " madame sr sra srta señor señora don doña sig signor signora dott dott.ssa"
).split()
# A name of one word is told from other words when it has as many letters as this.
LONE_LETTERS = 5
CLOSE_LETTERS = 3
# Fewer digits than these are no number of one person's phone.
PHONE_DIGITS = 6
# Nobody's name has more words, nobody has more addresses: what is typed in as a name
# may be as long as a text, and each of its words costs time.
MOST = 12
# Stands in patterns for what is between words: no name has it, nothing escapes it.
GAP = "\0"

TAG = re.compile(r"<[^>]*>")
VALUE = re.compile(r'"[^"]*"|\'[^\']*\'')
# What a gap is: in plain text, in HTML.
SPACE = {False: r"[\s,]+", True: r"(?:[\s,]|&nbsp;|&\#160;|<[^>]*>)+"}
APOSTROPHE = r"(?:['\u2019]|&\#0?39;|&\#x27;|&apos;|&rsquo;)"
HYPHEN = r"[-\u2010\u2011\s]"
# Between the digits of a phone number.
BREAK = r"(?:[\s()./\u2013-]|&nbsp;){0,3}"
TITLE = rf"(?:(?i:{'|'.join(map(re.escape, TITLES))})\.?{GAP})"


def split_name(name: str) -> list[str]:
    """Return the words of a name, the last name last, without titles and remarks.

    >>> split_name("Dr. Ada King  Lovelace (Sales)"), split_name("Lovelace, Ada")
    (['Ada', 'King', 'Lovelace'], ['Ada', 'Lovelace'])
    >>> split_name("Ms O’Hara"), split_name("Herr"), split_name(False)
    (["O'Hara"], ['Herr'], [])
    """
    name = re.sub(r"\([^)]*\)", " ", name or "").replace("\u2019", "'")
    last, comma, first = name.partition(",")
    words = [word.strip(".,;:\"'") for word in f"{first} {last}".split() if comma]
    words = words or [word.strip(".,;:\"'") for word in name.split()]
    words = [word for word in words if word]
    return [word for word in words if word.lower() not in TITLES] or words


def get_name_patterns(words: list[str]) -> list[str]:
    """Return patterns of a name of several words, a gap for what stands between.

    In full or the first and last word only, the last name before or after. What has
    more words than names have stands in one order only.

    >>> [one.split(GAP) for one in get_name_patterns(["Ada", "Lovelace"])]
    [['Ada', 'Lovelace'], ['Lovelace', 'Ada']]
    >>> [one.split(GAP) for one in get_name_patterns(["Ada", "K", "Lovelace"])[1:3]]
    [['K\\\\.?', 'Lovelace', 'Ada'], ['Lovelace', 'Ada', 'K\\\\.?']]
    >>> len(get_name_patterns(["Ada"] * 50 + ["Lovelace"]))
    3
    """
    turns = range(len(words) if len(words) <= MOST else 1)
    orders = [words[turn:] + words[:turn] for turn in turns]
    orders += [[words[0], words[-1]], [words[-1], words[0]]]
    patterns = [GAP.join(map(_get_word_pattern, order)) for order in orders]
    return list(dict.fromkeys(patterns))


def get_phone_digits(phone: str, country_code: str = "") -> str:
    """Return the digits of a phone number that follow the prefix of country or trunk.

    >>> get_phone_digits("+49 (0)30 123-456", "49"), get_phone_digits("030/123456")
    ('30123456', '30123456')
    >>> get_phone_digits("0049 30 123456", "49"), get_phone_digits("12-34")
    ('30123456', '')
    """
    digits = re.sub(r"[^\d+]", "", re.sub(r"\(0\)", "", phone or ""))
    digits = re.sub(r"^00", "+", digits)
    if country_code and digits.startswith(f"+{country_code}"):
        digits = digits[len(country_code) + 1 :]
    digits = digits.lstrip("+").lstrip("0").replace("+", "")
    return digits if len(digits) >= PHONE_DIGITS else ""


class Spellings:
    r"""The ways in which texts name one person: by name, mail address, phone number.

    Small and big letters and the space between words make no difference; part of a
    longer word is no name.

    >>> ada = Spellings("Ada Lovelace", ["ada@example.com"], "+49 30 123456", "49")
    >>> ada.erase("Met ada\nLOVELACE's boss, Lovelace, Ada and Mrs. Lovelace.", "X")
    "Met X's boss, X and X."
    >>> ada.erase("Ada@Example.com, 030 / 123-456, +49(0)30123456, 0301234567", "X")
    'X, X, X, 0301234567'
    >>> ada.erase("Ada Lovelace-Byron; Canada Lovelace; Ada Smith; pada@example.com", "X")
    'Ada Lovelace-Byron; Canada Lovelace; Ada Smith; pada@example.com'

    Records that belong to the person call them by one word, in the same letters:

    >>> ada.erase("Ada was in Canada", "X"), ada.erase("Ada, not ada", "X", is_close=True)
    ('Ada was in Canada', 'X, not ada')

    In HTML names may go across tags, and stand in values of attributes:

    >>> ada.erase('<p title="Ada Lovelace"><b>Ada</b>&nbsp;Lovelace</p>', "<X>", True)
    '<p title="&lt;X&gt;"><b>&lt;X&gt;</b></p>'
    >>> Spellings("Strong").erase("<strong>Strong</strong> is strong", "X", True)
    '<strong>X</strong> is strong'

    Words that others are called by as well name nobody alone:

    >>> Spellings("Ada Meyer", taken=["Meyer Machines"]).erase("Mrs Meyer", "X")
    'Mrs Meyer'

    :param str name: as the contact is called
    :param emails: mail addresses, one by one
    :param str country_code: of the country that the phone number belongs to
    :param taken: names of the firm and the people around, who are not meant
    """

    def __init__(self, name, emails=(), phone="", country_code="", taken=()):
        words = split_name(name)
        known = {word.lower() for one in taken for word in re.findall(r"\w+", one)}
        own = [word for word in words if word.lower() not in known]
        self.needles = []
        patterns = []
        if len(words) > 1:
            patterns += [f"{TITLE}*(?i:{one})" for one in get_name_patterns(words)]
            if words[-1] in own:
                patterns.append(f"{TITLE}+(?i:{_get_word_pattern(words[-1])})")
        elif own and len(own[0]) >= LONE_LETTERS:
            patterns.append(f"{TITLE}*{_get_word_pattern(own[0])}")
        if patterns:
            self.needles.append(max(re.findall(r"\w+", words[-1]) or [""], key=len))
            names = "|".join(patterns)
            patterns = [rf"(?<!\w)(?<!\w-)(?:{names})(?!-?\w)"]
        patterns += self._get_address_patterns(emails, phone, country_code)
        close = [one for one in own[:MOST] if len(one) >= CLOSE_LETTERS]
        close = [rf"(?<!\w){_get_word_pattern(one)}(?!\w)" for one in close]
        self._patterns = {
            (is_html, is_close): self._compile(patterns + close * is_close, is_html)
            for is_html in (False, True)
            for is_close in (False, True)
        }

    def _get_address_patterns(self, emails, phone, country_code):
        """Return the patterns of addresses and phone number, and note the needles."""
        patterns = []
        for email in emails[:MOST]:
            self.needles.append(email)
            patterns.append(rf"(?<![\w.+-])(?i:{re.escape(email)})(?![\w-]|\.\w)")
        if digits := get_phone_digits(phone, country_code):
            self.needles.append("%".join(digits[-PHONE_DIGITS:]))
            country = re.escape(country_code) if country_code else r"\d{1,3}"
            trunk = rf"(?:(?:\+|00){country}{BREAK}0?{BREAK}|\(?0{BREAK})?\(?"
            patterns.append(rf"(?<![\d+]){trunk}{BREAK.join(digits)}(?!\d)")
        return patterns

    @staticmethod
    def _compile(patterns, is_html):
        """Return one expression for all patterns; of HTML it finds tags as well."""
        found = "|".join(one.replace(GAP, SPACE[is_html]) for one in patterns)
        if is_html:
            found = f"(?P<tag>{TAG.pattern})" + (f"|{found}" if found else "")
        return re.compile(found or r"(?!)")

    def erase(self, text, word, is_html=False, is_close=False):
        """Return a text in which a word stands wherever it named the person.

        :param bool is_html: whether the text is HTML; the word is none
        :param bool is_close: whether the text belongs to the person
        """

        def replace(found):
            if not is_html:
                return word
            if found["tag"]:
                return VALUE.sub(replace_value, found[0])
            return str(escape(word)) + "".join(TAG.findall(found[0]))

        def replace_value(value):
            return self._patterns[False, False].sub(lambda _: escape(word), value[0])

        return self._patterns[is_html, is_close].sub(replace, str(text))


def _get_word_pattern(word):
    """Return the pattern of one word of a name, with the dot of an initial."""
    pattern = re.escape(word).replace("'", APOSTROPHE).replace(r"\-", HYPHEN)
    return rf"{pattern}\.?" if len(word) == 1 else pattern
