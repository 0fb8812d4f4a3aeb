"""Records that a file calls by name."""

from odoo.fields import Domain
from odoo.tools import SQL


class Answer(str):
    """A cell of a file for which the record it means has been looked up already.

    :ivar found: id of the record, or a list of them, None when there is a problem
    :ivar problem: why nobody can tell which record is meant
    """

    __slots__ = ("found", "problem")

    def __new__(cls, text, found=None, problem=None):
        answer = super().__new__(cls, text)
        answer.found, answer.problem = found, problem
        return answer


def normalize(text):
    r"""Return a name without what people do not see in it.

    >>> normalize(" Meyer   Machines\xa0")
    'meyer machines'
    """
    return " ".join(str(text).split()).lower()


def find_called(model, texts, names, domain=Domain.TRUE):
    """Return {normalized text: the records called so}, in a query per field.

    A text that one field has is not looked for in the next one.

    :param model: whose records, as the user may see them
    :param texts: iterable of names, as a file writes them
    :param names: fields that may hold them, the best one first
    """
    todo = {normalize(text) for text in texts} - {""}
    found = {}
    for name in names:
        if not todo:
            break
        for record in model.search_fetch(domain & _has_one_of(name, todo), [name]):
            key = normalize(record[name] or "")
            if key in todo:
                found[key] = found.get(key, model.browse()) | record
        todo -= found.keys()
    return found


def _has_one_of(name, keys):
    """Return the domain of records whose field has a text, whatever its blanks and case."""

    def to_sql(model, alias, query):
        column = SQL(
            r"regexp_replace(btrim(%s, E' \t\r\n\u00a0'), '[\s\u00a0]+', ' ', 'g')",
            model._field_to_sql(alias, name, query),
        )
        # a database may know the small letters of English alone
        spelled = [*keys, *(key.upper() for key in keys)]
        return SQL("(lower(%s) = ANY(%s) OR %s = ANY(%s))", *(column, spelled) * 2)

    return Domain.custom(to_sql=to_sql)
