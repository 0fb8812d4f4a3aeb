from odoo import api, models
from odoo.fields import Domain

from .lookup import Answer, find_called, normalize

# By what files call records, the best way first; of other models by their name.
CALLED_BY = {
    "res.partner": (
        "name",
        "complete_name",
        "ref",
        "vat",
        "company_registry",
        "email",
    ),
    "res.users": ("login", "name", "email"),
    "product.category": ("complete_name", "name"),
}


class KamImport(models.AbstractModel):
    """How cells of a file find the records they mean: all of a column at once.

    By name, reference or tax id, whatever blanks and capitals; by external or database
    id. What may mean several is refused with what to write instead. What is not found
    here is left to Odoo, which knows the rows above, too, and names the cell.
    """

    _inherit = "kam.import"

    # {field of a person: field of the account or lead whose customer they work for}
    _import_people = {}
    # Fields in which a company is meant.
    _import_companies = ()
    # Fields that may name people who have left.
    _import_former = ()

    @api.model
    def _look_up_rows(self, paths, rows):
        """Look up the records that cells mean, and put ``Answer`` in their place.

        :param list paths: the columns, split at “/”
        :param list rows: lists of cells
        """
        columns = {}
        for place, path in enumerate(paths):
            field = self._fields.get(path[0])
            if field and field.type == "one2many":
                self._look_up_lines(field, place, path[1:], rows)
            elif field and field.type in ("many2one", "many2many") and len(path) < 3:
                subfield = path[1] if len(path) == 2 else None
                columns[field.name] = (place, field, subfield)
        # for whom people work is to be known before them
        for name in sorted(columns, key=self._import_people.__contains__):
            place, field, subfield = columns[name]
            cells = [str(row[place] or "") for row in rows]
            if subfield and field.type == "many2one":
                answers = self._answer_ids(field, subfield, cells)
            elif subfield is None and field.type == "many2many":
                answers = self._answer_names(field, cells)
            elif subfield is None and name in self._import_people:
                scope = columns.get(self._import_people[name])
                owners = [row[scope[0]] for row in rows] if scope else [""] * len(rows)
                answers = self._answer_people(field, cells, owners)
            elif subfield is None:
                answers = self._answer_name(field, cells)
            else:
                continue
            for row, answer in zip(rows, answers, strict=True):
                row[place] = answer

    @api.model
    def _look_up_lines(self, field, place, path, rows):
        """Look up the records that lines within the rows call by name."""
        lines = self.env[field.comodel_name]
        inner = lines._fields.get(path[0]) if len(path) == 1 else None
        if inner and inner.type == "many2one" and hasattr(lines, "_answer_name"):
            cells = [str(row[place] or "") for row in rows]
            for row, answer in zip(rows, lines._answer_name(inner, cells), strict=True):
                row[place] = answer

    @api.model
    def _answer_ids(self, field, subfield, cells):
        """Answer external or database ids; those not found are left as they are."""
        model = self.env[field.comodel_name]
        module = self.env.context.get("module", "__import__")
        ids = {}
        if subfield == ".id":
            numbers = {cell: int(cell) for cell in cells if cell and cell.isdecimal()}
            known = set(model.browse(set(numbers.values())).exists().ids)
            ids = {cell: number for cell, number in numbers.items() if number in known}
        elif subfield == "id":
            names = {c: c if "." in c else f"{module}.{c}" for c in cells if c}
            # sudo: what records are called outside; as Odoo does it for one cell
            rows = (
                self.env["ir.model.data"]
                .sudo()
                ._lookup_xmlids(list(set(names.values())), model)
            )
            found = {
                f"{row[1]}.{row[2]}": row[6]
                for row in rows
                if row[3] == model._name and row[6]
            }
            ids = {cell: found[name] for cell, name in names.items() if name in found}
        return [Answer(c, found=ids[c]) if c in ids else c for c in cells]

    @api.model
    def _answer_names(self, field, cells):
        """Answer lists of names with commas between them."""
        parts = {part for cell in cells for part in cell.split(",")}
        found = self._find_called(field, parts)
        answers = []
        for cell in cells:
            records = [found.get(normalize(part), ()) for part in cell.split(",")]
            if cell and all(len(called) == 1 for called in records):
                cell = Answer(cell, found=[called.id for called in records])
            answers.append(cell)
        return answers

    @api.model
    def _answer_name(self, field, cells):
        """Answer names; those not found are created where the user has chosen so."""
        found = self._find_called(field, cells)
        new = self._create_called(
            field, [{"name": c} for c in cells if normalize(c) not in found]
        )
        return [
            self._choose(
                cell, found.get(normalize(cell)) or new.get((normalize(cell),))
            )
            for cell in cells
        ]

    @api.model
    def _answer_people(self, field, cells, owners):
        """Answer names of people: those who work for the customer of their row."""
        owner_field = self._fields[self._import_people[field.name]]
        default = self.env.context.get(f"default_{owner_field.name}")
        ids = [getattr(o, "found", None) or (not o and default) for o in owners]
        owner_model = self.env[owner_field.comodel_name].browse(
            {number for number in ids if number}
        )
        customers = {o.id: o.partner_id.commercial_partner_id for o in owner_model}
        found = self._find_called(field, cells)
        nobody = self.env["res.partner"]
        nobody.union(*found.values()).fetch(["commercial_partner_id", "is_company"])
        asked = [
            (customers.get(number, nobody), found.get(normalize(cell), nobody))
            for number, cell in zip(ids, cells, strict=True)
        ]
        theirs = [_get_people_of(customer, people) for customer, people in asked]
        new = self._create_called(
            field,
            [
                {"name": cell, "parent_id": customer.id}
                for cell, (customer, _people), mine in zip(
                    cells, asked, theirs, strict=True
                )
                if customer and not mine
            ],
        )
        return [
            self._choose_person(
                cell, customer, people, mine or new.get((normalize(cell), customer.id))
            )
            for cell, (customer, people), mine in zip(cells, asked, theirs, strict=True)
        ]

    @api.model
    def _find_called(self, field, cells):
        """Return {normalized text: the records that a column may mean by it}."""
        model = self.env[field.comodel_name]
        if model._name == self._name:
            # the row above may be meant, which is not there yet
            return {}
        if field.name in self._import_former:
            model = model.with_context(active_test=False)
        if hasattr(model, "_find_by_customer"):
            found = model._find_by_customer(cells)
        else:
            names = CALLED_BY.get(model._name, (model._rec_name,))
            names = [n for n in names if n and model._fields[n].type == "char"]
            found = find_called(model, cells, names, self._get_called_domain(field))
        told_apart = [n for n in ("active", "company_id") if n in model._fields]
        model.union(*found.values()).fetch(told_apart)
        return {text: self._prefer(records) for text, records in found.items()}

    @api.model
    def _get_called_domain(self, field):
        """Return the domain of the records that a column may mean."""
        if field.comodel_name == "res.users":
            return Domain("share", "=", False)
        if field.name in self._import_companies:
            return Domain("is_company", "=", True) | Domain("parent_id", "=", False)
        return Domain.TRUE

    @api.model
    def _prefer(self, records):
        """Return those of some records that are of the present company, and active."""
        if len(records) > 1 and "active" in records._fields:
            records = records.filtered("active") or records
        if len(records) > 1 and "company_id" in records._fields:
            here = records.filtered(
                lambda r: not r.company_id or r.company_id == self.env.company
            )
            records = here or records
        return records

    @api.model
    def _create_called(self, field, rows):
        """Create what is called by name and not there, when the user wants that.

        Contacts, as companies or as people of their company; accounts of new companies.

        :param list rows: dicts with name, and the company people work for
        :return: {(normalized name, company they work for if any): the record}
        """
        wanted = self.env.context.get("name_create_enabled_fields") or {}
        model = self.env[field.comodel_name]
        if not wanted.get(field.name) or not model.has_access("create"):
            return {}
        todo = {}
        for row in rows:
            name = " ".join(row["name"].split())
            if name:
                key = (normalize(name), *(row[n] for n in row if n == "parent_id"))
                todo.setdefault(key, {**row, "name": name})
        if hasattr(model, "_create_by_customer"):
            records = model._create_by_customer([row["name"] for row in todo.values()])
        elif model._name == "res.partner":
            is_company = field.name in self._import_companies
            records = model.create(
                [{**row, "is_company": is_company} for row in todo.values()]
            )
        else:
            return {}
        return dict(zip(todo, records, strict=True))

    @api.model
    def _choose(self, cell, records):
        """Return the answer for a cell: a record, a problem, or the cell as it is."""
        if not records:
            return cell
        if len(records) == 1:
            return Answer(cell, found=records.id)
        return Answer(
            cell,
            problem=self.env._(
                "“%(name)s” may be one of %(count)s: %(labels)s. Write the reference,"
                " the tax ID or the external ID instead.",
                name=cell.strip(),
                count=len(records),
                labels="; ".join(_get_label(record) for record in records[:5]),
            ),
        )

    @api.model
    def _choose_person(self, cell, customer, people, mine):
        """Return the answer for the name of a person of a customer."""
        if mine or not people or not customer:
            return self._choose(cell, mine)
        return Answer(
            cell,
            problem=self.env._(
                "“%(name)s” works for %(employers)s, not for %(customer)s. Create the"
                " contact there first, or write the external ID to mean this one.",
                name=cell.strip(),
                employers=", ".join(
                    people[:5].commercial_partner_id.mapped("display_name")
                ),
                customer=customer.display_name,
            ),
        )


def _get_people_of(customer, contacts):
    """Return those of some contacts who work for a customer, people before companies."""
    if customer:
        contacts = contacts.filtered(lambda c: c.commercial_partner_id == customer)
    return contacts.filtered(lambda contact: not contact.is_company) or contacts


def _get_label(record):
    """Return what tells a record apart from another of the same name."""
    names = ("ref", "vat", "city", "login", "email")
    known = [record[name] for name in names if name in record._fields and record[name]]
    return ", ".join([record.display_name, *known, f"ID {record.id}"])
