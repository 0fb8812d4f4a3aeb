from markupsafe import Markup

from odoo import Command, models
from odoo.tools import clean_context, escape_psql

from ..models.common.turns import take_turns

# A first line longer than this goes on in the notes.
SUMMARY_LENGTH = 120


class KamTalk(models.TransientModel):
    """What becomes of a conversation: all of it, or nothing."""

    _inherit = "kam.talk"

    def action_save(self):
        """Log the contact, make the new person, plan the next step: at once.

        The planned activity it began with is done, the figures of the account are right.

        :return: action that closes the dialog
        :raise UserError: saying what is missing
        """
        self._save()
        return {"type": "ir.actions.act_window_close"}

    def action_save_and_next(self):
        """Save, and open the dialog for the next customer on the list of My Day.

        :return: action of that dialog, or a message that there is nobody left
        """
        self._save()
        # sudo: the account of the lead, whoever may see it
        account = self.touch_id.sudo().account_id
        following = self.env["kam.cockpit"]._find_next_customer(account)
        if following:
            return following.with_context(
                clean_context(self.env.context)
            ).action_log_touch()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Saved. No other customer is due today."),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _save(self):
        self.ensure_one()
        take_turns(self)
        if self.is_saved:
            return  # clicked twice
        # what a dialog begins with is no default value of what it makes
        talk = self.with_context(clean_context(self.env.context))
        talk._check_complete()
        talk._check_people()
        talk._check_kam_silence()
        talk.is_saved = True
        people = talk.partner_ids | talk._make_person()
        if talk.is_touch:
            talk.touch_id = talk.touch_id.create(talk._prepare_touch(people))
        elif not talk.activity_id:
            talk._note_on_quotation()
        talk._plan_next(talk._finish_activity())
        talk._leave_trace(people)
        talk._log_complaint(people)
        talk._set_decision_date()
        # sudo: what has been found out, whoever logged the contact
        touch = talk.touch_id.sudo()
        touch._find_answers_now()
        touch.account_id._update_now()

    def _make_person(self):
        """Return the new person under the customer, with their part in decisions.

        Who is a contact of that name already is not made twice, but gets the phone and
        mail that were missing.
        """
        person = self.env["res.partner"]
        name = " ".join((self.person_name or "").split())
        if not name:
            return person
        ways = {"phone": self.person_phone, "email": self.person_email}
        if person := self._find_person(name):
            missing = {key: way for key, way in ways.items() if way and not person[key]}
            if missing:
                person.write(missing)
        else:
            person = person.create(
                {
                    "name": name,
                    "parent_id": self.customer_id.id,
                    "company_id": self.customer_id.company_id.id,
                    **ways,
                }
            )
        if self.person_role_ids and self.account_id:
            self._give_roles(person)
        return person

    def _find_person(self, name):
        """Return the contact of the customer who is called so, maybe nobody."""
        return self.env["res.partner"].search(
            [
                ("commercial_partner_id", "=", self.customer_id.id),
                ("is_company", "=", False),
                ("name", "=ilike", escape_psql(name)),
            ],
            limit=1,
        )

    def _give_roles(self, person):
        """Note the buying roles of a person, on a stakeholder form of their own."""
        roles = [Command.link(role.id) for role in self.person_role_ids]
        known = self.account_id.stakeholder_ids.filtered(
            lambda stakeholder: stakeholder.partner_id == person
        )
        if known:
            known.role_ids = roles
        else:
            known.create(
                {
                    "account_id": self.account_id.id,
                    "partner_id": person.id,
                    "role_ids": roles,
                }
            )

    def _prepare_touch(self, people):
        """Return the values of the touch.

        :param people: ``res.partner``, the first one is the contact
        """
        summary, note = self._split_note()
        return {
            "account_id": self.account_id.id,
            "lead_id": self.lead_id.id,
            "partner_id": people[:1].id,
            "partner_ids": [Command.link(person.id) for person in people[1:]],
            "user_id": self.env.uid,
            "channel": self.channel,
            "direction": self.direction,
            "date": self.date,
            "duration": self.duration,
            "outcome": self.outcome,
            "quality": self.quality,
            "summary": summary,
            "note": note,
            "resource_ids": [
                Command.create(
                    {
                        "resource_id": line.resource_id.id,
                        "quantity": line.quantity,
                        "cost": line.cost,
                    }
                )
                for line in self.resource_ids
            ],
        }

    def _split_note(self):
        """Return the first line of what was said, and all of it where there is more."""
        text = (self.note or "").strip()
        first = text.partition("\n")[0].strip()
        summary = first[:SUMMARY_LENGTH].rstrip()
        lines = [text] if text != summary else []
        if objection := self._format_objection():
            summary = summary or objection[:SUMMARY_LENGTH]
            lines.append(objection)
        return summary or False, "\n".join(lines) or False

    def _format_objection(self):
        """Return the objection as a line of what was said, False without any."""
        objection = self.outcome == "objection" and (self.objection or "").strip()
        return objection and self.env._("Objection: %(objection)s", objection=objection)

    def _format_said(self):
        """Return all that was said, else how it went, as a text; maybe False."""
        lines = [(self.note or "").strip(), self._format_objection()]
        outcomes = dict(self._fields["outcome"]._description_selection(self.env))
        said = "\n".join(filter(None, lines))
        return said or outcomes.get(self.outcome) or False

    def _finish_activity(self):
        """Mark the planned activity as done, which leaves this touch and no second one.

        :return: the activities that follow it by the settings of its type
        """
        activity = self.activity_id
        if not activity.active:
            return activity.browse()  # a colleague was faster
        activity.check_access("write")
        activity.kam_outcome, activity.kam_quality = self.outcome, self.quality
        messages, following = activity._action_done(feedback=self._format_said())
        if activity.kam_is_touch and self.touch_id:
            # sudo: captured from here, as the app would find out by itself
            self.touch_id.sudo().message_id = messages[:1]
        return following

    def _note_on_quotation(self):
        """Keep what was said on the quotation: its customer is not the user's to see."""
        if said := self._format_said():
            self.order_id.message_post(
                body=Markup("<br/>").join(said.splitlines()),
                subtype_xmlid="mail.mt_note",
            )

    def _leave_trace(self, people):
        """Note the conversation on the deal and the quotation it was about.

        Not where the activity that is done says so already.

        :param people: ``res.partner`` records one talked to
        """
        said, planned_on = self._format_said(), self._get_planned_on()
        if not self.touch_id or not said:
            return
        channels = dict(self._fields["channel"]._description_selection(self.env))
        head = " · ".join([channels[self.channel], *people.mapped("name")])
        lines = Markup("<br/>").join(said.splitlines())
        body = Markup("<b>%s</b><br/>%s") % (head, lines)
        for record in (self.lead_id or self.deal_id, self.order_id):
            if record and record != planned_on:
                record._message_log(body=body)

    def _log_complaint(self, people):
        name = (self.complaint or "").strip()
        if name and self.account_id:
            self.env["kam.complaint"].create(
                {
                    "name": name,
                    "kind": self.complaint_kind or "complaint",
                    "account_id": self.account_id.id,
                    "partner_id": people[:1].id,
                    "description": self.note,
                }
            )

    def _set_decision_date(self):
        """Move the decision date, if the user did: a colleague may have in the meantime."""
        if self.deal_id and self.deal_date != self.deal_date_before:
            self.deal_id.date_deadline = self.deal_date
