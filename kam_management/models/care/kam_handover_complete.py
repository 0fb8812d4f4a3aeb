from odoo import api, fields, models
from odoo.exceptions import UserError

from ..account.kam_account_handover import Work
from ..common.names import list_names

# The roles in which a leaver is followed by the new key account manager.
LEAVER_ROLES = ("manager_id", "developer_id", "telemarketer_id", "project_manager_id")


class KamHandover(models.Model):
    """Completing a handover: roles and work move in one go, and it is known what did."""

    _inherit = "kam.handover"

    skip_reason = fields.Text(
        "Why Without All Steps",
        copy=False,
        help="A head of sales may complete a handover before its steps are done, and says"
        " why.",
    )
    date_done = fields.Datetime("Completed On", readonly=True, copy=False)
    done_by_id = fields.Many2one(
        "res.users", "Completed By", readonly=True, copy=False, ondelete="set null"
    )

    def action_complete(self):
        """Move what is handed over to who takes over.

        :raise UserError: when it is over, nobody takes over, somebody has left
            meanwhile, or steps are open and nobody says why
        """
        self.check_access("write")
        self._check_open()
        # sudo: what happened is known by records that the user need not see
        handovers = self.sudo()
        handovers._follow_facts()
        for handover in handovers:
            handover._check_completable()
        handovers._complete(self.env.user)

    def _check_completable(self):
        """Refuse what cannot be completed yet.

        :raise UserError: saying what to do
        """
        receivers = self._get_receivers()
        if not receivers or (self.kind != "deal" and not self.manager_id):
            raise UserError(
                self.env._(
                    "%(customer)s: nobody takes over yet. A head of sales names the new"
                    " key account manager.",
                    customer=self.account_id.display_name,
                )
            )
        for user in receivers:
            if why := self._tell_unfit(user):
                raise UserError(why)
        left = self._get_steps_left()
        if left and not (self.skip_reason or "").strip():
            raise UserError(
                self.env._(
                    "%(customer)s: these steps are open: %(steps)s. Do them first; or a"
                    " head of sales enters why this is completed without them.",
                    customer=self.account_id.display_name,
                    steps=list_names(left),
                )
            )

    def _complete(self, user):
        """Move what these handovers hand over, those alike at once.

        :param user: ``res.users`` who completes them
        """
        alike = self.grouped(
            lambda one: (one.kind, one.user_id, one.manager_id, one.project_manager_id)
        )
        for some in alike.values():
            works = [work for work in some._find_moves() if work[0].records]
            for work, receiver in works:
                some._note_moves(work, receiver)
            for work, receiver in works:
                some._give(work, receiver)
        # who takes over has a role now
        self._dismiss()
        self.write(
            {
                "state": "done",
                "date_done": fields.Datetime.now(),
                "done_by_id": user.id,
            }
        )
        self.activity_unlink(["mail.mail_activity_data_todo"])

    def _find_moves(self):
        """Return what moves in these handovers, alike in kind and colleagues.

        :return: list of (``Work``, ``res.users`` who takes it over): who follows comes
            first, for Odoo lets who gets a record follow it; then roles, so that who is
            given work may see it
        """
        accounts, giver = self.account_id, self[0].user_id
        manager, project_manager = self[0].manager_id, self[0].project_manager_id
        moves = []
        roles = self._get_roles_moved()
        moves = [
            (self._prepare_role(name, accounts, giver, receiver), receiver)
            for name, receiver in roles.items()
        ]
        heir = manager or project_manager
        if giver and giver != heir:
            works = self._find_work_moved(giver)
            followed = self._find_followed(giver, works)
            moves = [
                *((work, heir) for work in followed),
                *moves,
                *((work, heir) for work in works),
            ]
        return moves

    def _get_roles_moved(self):
        """Return {role: who takes it over}; a leaver's roles all go to the manager."""
        roles = {}
        if self[0].manager_id:
            names = LEAVER_ROLES if self[0].kind == "leaver" else LEAVER_ROLES[:1]
            roles = dict.fromkeys(names, self[0].manager_id)
        if self[0].project_manager_id:
            roles["project_manager_id"] = self[0].project_manager_id
        return roles

    @api.model
    def _prepare_role(self, name, accounts, giver, receiver):
        """Return a role as ``Work``: on the accounts where it moves.

        Who is named for a role gets it whoever has it; others move from a leaver alone.
        """
        named = name == "manager_id" or name == "project_manager_id"
        led = accounts.filtered(
            lambda account: (
                account[name] != receiver and (named or account[name] == giver)
            )
        )
        return Work(name, {account: account for account in led})

    def _find_work_moved(self, giver):
        """Return the ``Work`` of who hands over; who won the deal keeps that one."""
        works = []
        for work in self.account_id._find_work(giver):
            records = work.records
            if records and next(iter(records.values()))._name == "crm.lead":
                records = {
                    account: kept
                    for account, leads in records.items()
                    if (kept := leads - self.lead_id)
                }
            works.append(Work(work.name, records))
        return works

    def _find_followed(self, giver, works):
        """Return the followings of who hands over, on accounts and on what moves.

        :param works: list of ``Work``
        """
        owners = {("kam.account", one.id): one for one in self.account_id}
        for work in works:
            for account, records in work.records.items():
                owners |= {(one._name, one.id): account for one in records}
        # sudo: followers of whatever moves
        Follower = self.env["mail.followers"].sudo()
        models_of = {model for model, _id in owners}
        found = Follower.search(
            [
                ("partner_id", "=", giver.partner_id.id),
                ("res_model", "in", list(models_of)),
                ("res_id", "in", [res_id for _model, res_id in owners]),
            ]
        )
        by_account = {}
        for one in found:
            if account := owners.get((one.res_model, one.res_id)):
                by_account[account] = by_account.get(account, Follower) | one
        return self.account_id._group_work("partner_id", by_account)

    @api.model
    def _give(self, work, receiver):
        """Put work into somebody's hands, once for each record.

        Who follows a record already follows it for who hands over.
        """
        if work.name == "partner_id":
            rows = work.get_records()
            rows.search(
                [
                    ("partner_id", "=", receiver.partner_id.id),
                    ("res_model", "in", list(set(rows.mapped("res_model")))),
                    ("res_id", "in", rows.mapped("res_id")),
                ]
            ).filtered(
                lambda one, places={(row.res_model, row.res_id) for row in rows}: (
                    (one.res_model, one.res_id) in places
                )
            ).unlink()
        work.give_to(receiver)
