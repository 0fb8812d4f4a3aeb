"""Complaints in the customer portal: the list, one of them, a new one."""

from odoo import http
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

# What may be sent at once.
MOST_FILES = 5
MOST_BYTES = 10 * 1024 * 1024
LONGEST_SUBJECT = 200
LONGEST_TEXT = 10_000
# As by the link in the mail that asks.
RATES = ("5", "3", "1")


class ComplaintPortal(CustomerPortal):
    """Portal users have no right on complaints: each is looked up among their own."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if counters:
            # asked for others' cards by the page: the own one is drawn with it
            return values
        Complaint = request.env["kam.complaint"]
        if Complaint._get_portal_accounts(request.env.user):
            domain = Complaint._get_portal_domain(request.env.user)
            # sudo: the domain is that of the user
            values["kam_complaint_open"] = Complaint.sudo().search_count(
                domain & Domain("state", "=", "open")
            )
            values["kam_has_complaints"] = True
        return values

    @http.route(
        ["/my/complaints", "/my/complaints/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_complaints(self, page=1, **_kwargs):
        """Show what the company of the user has reported."""
        complaints = self._get_complaints()
        domain = complaints._get_portal_domain(request.env.user)
        pages = pager(
            url="/my/complaints",
            total=complaints.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        return self._render_complaints(
            "kam_management.portal_my_complaints",
            complaints=complaints.search(
                domain, limit=self._items_per_page, offset=pages["offset"]
            ),
            pager=pages,
        )

    @http.route("/my/complaints/new", type="http", auth="user", website=True)
    def portal_new_complaint(self, **post):
        """Show the form, and take what was filled in."""
        complaints = self._get_complaints()
        user, error = request.env.user, ""
        if not complaints._get_portal_accounts(user):
            raise request.not_found()
        if request.httprequest.method == "POST":
            try:
                complaint = self._report(user, post)
                # what waits for a head of sales has no page yet
                own = complaint.id if complaint._name == complaints._name else ""
                return request.redirect(f"/my/complaints/{own}".rstrip("/"))
            except UserError as refusal:
                error = str(refusal)
        return self._render_complaints(
            "kam_management.portal_new_complaint",
            kinds=complaints._fields["kind"]._description_selection(request.env),
            orders=[
                (order.id, complaints._tell_portal_order(order))
                for order in complaints._get_portal_orders(user)
            ],
            values=post,
            error=error,
        )

    @http.route(
        "/my/complaints/<int:complaint_id>", type="http", auth="user", website=True
    )
    def portal_complaint(self, complaint_id, **post):
        """Show a complaint, and take a message about it."""
        complaint, error = self._find_complaint(complaint_id), ""
        if request.httprequest.method == "POST":
            try:
                self._write(complaint, post)
                return request.redirect(f"/my/complaints/{complaint.id}#messages")
            except UserError as refusal:
                error = str(refusal)
        messages = complaint._get_portal_messages()
        return self._render_complaints(
            "kam_management.portal_complaint",
            complaint=complaint,
            may_rate=complaint._may_rate(request.env.user),
            messages=messages,
            is_told=messages and complaint._is_of_customer(messages[0]),
            values=post,
            error=error,
        )

    @http.route(
        "/my/complaints/<int:complaint_id>/rate",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_rate_complaint(self, complaint_id, **post):
        """Take up whether the user is satisfied with the solution."""
        complaint, user = self._find_complaint(complaint_id), request.env.user
        text = (post.get("feedback") or "").strip()
        if post.get("rate") in RATES and complaint._may_rate(user):
            complaint._rate_from_portal(user, int(post["rate"]), text[:LONGEST_TEXT])
        return request.redirect(f"/my/complaints/{complaint.id}")

    @http.route(
        "/my/complaints/<int:complaint_id>/files/<int:file_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_complaint_file(self, complaint_id, file_id, **_kwargs):
        """Send a file of a message that the user may read."""
        messages = self._find_complaint(complaint_id)._get_portal_messages()
        file = messages.attachment_ids.filtered(lambda file: file.id == file_id)
        if not file:
            raise request.not_found()
        stream = request.env["ir.binary"]._get_stream_from(file)
        return stream.get_response(as_attachment=True)

    # What is looked up

    def _get_complaints(self):
        """Return the model; what is looked for in it is of the user alone."""
        # sudo: portal users have no right on it
        return request.env["kam.complaint"].sudo()

    def _find_complaint(self, complaint_id):
        """Return a complaint that the user may see.

        :raise NotFound: when there is none of this number among theirs
        """
        complaints = self._get_complaints()
        domain = complaints._get_portal_domain(request.env.user)
        complaint = complaints.search(domain & Domain("id", "=", complaint_id))
        if not complaint:
            raise request.not_found()
        return complaint

    def _render_complaints(self, template, **values):
        return request.render(
            template,
            {
                **self._prepare_portal_layout_values(),
                "page_name": "kam_complaint",
                **values,
            },
        )

    # What is sent

    def _report(self, user, post):
        """Return a new complaint of what a user has filled in, or what waits to be one.

        :raise UserError: saying what to change
        """
        complaints = self._get_complaints()
        files = self._get_files()
        values = self._get_values(user, post)
        if not complaints._may_report(user):
            raise ValidationError(
                request.env._(
                    "You have many open complaints already. Please write a message to one"
                    " of them, or call us."
                )
            )
        complaint = complaints._report_from_portal(user, values)
        complaints._post_from_portal(complaint, user, values["description"], files)
        return complaint

    def _get_values(self, user, post):
        """Return the values of a new complaint.

        :raise ValidationError: when something is missing, or of others
        """
        complaints = self._get_complaints()
        order_id = str(post.get("order_id") or "")
        orders = complaints._get_portal_orders(user)
        order = orders.filtered(lambda order: str(order.id) == order_id)
        values = {
            "kind": post.get("kind"),
            "name": " ".join((post.get("name") or "").split()),
            "description": (post.get("description") or "").strip(),
            "expectation": (post.get("expectation") or "").strip(),
            "order_id": order.id,
        }
        kinds = complaints._fields["kind"].get_values(request.env)
        if (
            values["kind"] not in kinds
            or not values["name"]
            or not values["description"]
        ):
            raise ValidationError(
                request.env._(
                    "Please choose what it is, and enter a subject and a text."
                )
            )
        if order_id and not order:
            raise ValidationError(request.env._("Please choose one of your orders."))
        self._check_length(values["name"], LONGEST_SUBJECT)
        self._check_length(values["description"] + values["expectation"], LONGEST_TEXT)
        return values

    def _write(self, complaint, post):
        """Post a message of the user.

        :raise ValidationError: when there is nothing in it, or too much
        """
        text, files = (post.get("message") or "").strip(), self._get_files()
        if not text and not files:
            raise ValidationError(request.env._("Please enter a message."))
        self._check_length(text, LONGEST_TEXT)
        if not complaint._may_write(request.env.user):
            raise ValidationError(
                request.env._("You have written a lot today. Please call us instead.")
            )
        complaint._write_from_portal(request.env.user, text, files)

    def _check_length(self, text, most):
        if len(text) > most:
            raise ValidationError(
                request.env._(
                    "This text is too long: please keep to %(most)s characters.",
                    most=most,
                )
            )

    def _get_files(self):
        """Return the files that were sent along, as pairs of name and content.

        :raise ValidationError: when they are too many, or too large
        """
        sent = [
            file
            for file in request.httprequest.files.getlist("attachments")
            if file.filename
        ]
        files = [
            (file.filename, file.read(MOST_BYTES + 1)) for file in sent[:MOST_FILES]
        ]
        if len(sent) > MOST_FILES or any(
            len(data) > MOST_BYTES for _name, data in files
        ):
            raise ValidationError(
                request.env._(
                    "Please send up to %(files)s files of %(size)s MB each.",
                    files=MOST_FILES,
                    size=MOST_BYTES // 1024 // 1024,
                )
            )
        return files
