"""What the entries of the audit say, in words."""

from app.accounts.models import Role
from app.core.i18n import Text, _

ROLES: dict[str, Text] = {
    Role.MODERATOR: _("moderator"),
    Role.TEAM: _("city team"),
    Role.ADMIN: _("administrator"),
    "console": _("console"),
}

SUBJECTS: dict[str, Text] = {
    "issue": _("Issue"),
    "pilot": _("Pilot"),
    "theme": _("Theme"),
    "neighbourhood": _("Neighbourhood"),
    "house_rules": _("House rules"),
    "content": _("Contribution"),
    "flag": _("Report"),
    "person": _("Person"),
    "roles": _("Roles"),
    "audit": _("Audit"),
    "mail": _("Mail"),
    "concept": _("Problem in the thesaurus"),
    "verdict_rule": _("Rule for verdicts"),
}

KINDS: dict[str, Text] = {
    **{f"role.granted.{role}": _("Gave the role %(role)s", role=ROLES[role]) for role in Role},
    **{f"role.withdrawn.{role}": _("Withdrew the role %(role)s", role=ROLES[role]) for role in Role},
    "roles.read": _("Looked at people with roles, with their e-mail addresses"),
    "second_factor.app_added": _("Set up their authenticator app"),
    "second_factor.app_removed": _("Removed their authenticator app"),
    "second_factor.passkey_added": _("Added a passkey"),
    "second_factor.passkey_removed": _("Removed a passkey"),
    "second_factor.recovery_codes_made": _("Made new recovery codes"),
    "second_factor.recovery_code_used": _("Used a recovery code"),
    "second_factor.tries_used_up": _("Typed too many codes"),
    "second_factor.reset": _("Reset somebody’s second factor"),
    "audit.read": _("Read the audit"),
    "audit.exported": _("Exported the audit"),
    "person.address-changed": _("Changed an e-mail address"),
    "person.erased": _("Erased an account"),
    "mail.address-seen": _("Looked at the address of a mail"),
    "mail.tried-again": _("Had a mail tried again"),
    "pilot.started": _("Started a pilot"),
    "concept.added": _("Added a problem to the thesaurus"),
    "concept.removed": _("Removed a problem from the thesaurus"),
    "concept.expression_added": _("Added an expression to a problem"),
    "concept.expression_removed": _("Removed an expression of a problem"),
    "issue.entered": _("Entered an issue for somebody"),
    "pilot.keywords": _("Changed the keywords of a pilot"),
    "theme.keywords": _("Changed the keywords of a theme"),
    "theme.added": _("Added a theme"),
    "theme.changed": _("Changed a theme"),
    "theme.retired": _("Retired a theme"),
    "theme.brought-back": _("Brought a theme back"),
    "goal.added": _("Added a goal"),
    "goal.changed": _("Changed a goal"),
    "goal.retired": _("Retired a goal"),
    "goal.brought-back": _("Brought a goal back"),
    "neighbourhood.renamed": _("Renamed a neighbourhood"),
    "neighbourhood.uploaded": _("Uploaded neighbourhoods"),
    "house_rules.written": _("Wrote new house rules"),
    "pilot.changed": _("Changed a pilot"),
    "approach.proposed": _("Proposed an approach for the city"),
    "approach.changed": _("Changed an approach"),
    "approach.withdrawn": _("Took back an approach of the city"),
    "approach.chosen": _("Chose the approach of a pilot"),
    "gate.answers-saved": _("Saved answers at the gate of a pilot"),
    "gate.pass": _("Let a pilot pass a gate"),
    "gate.hold": _("Held a pilot at a gate"),
    "gate.stop": _("Stopped a pilot"),
    "lesson.written": _("Wrote down a lesson"),
    "pilot.issue-linked": _("Linked an issue to a pilot"),
    "pilot.issue-unlinked": _("Unlinked an issue from a pilot"),
    "partner.added": _("Added a partner to a pilot"),
    "partner.changed": _("Changed a partner of a pilot"),
    "partner.let-go": _("Let a partner of a pilot go"),
    "partner.address-seen": _("Looked at the address of a partner’s contact"),
    "coalition.written-to": _("Wrote to everybody who makes a pilot together"),
    "pilot.update": _("Told residents how a pilot goes"),
    "verdict.asked": _("Asked residents for their verdict on a pilot"),
    "verdict.rule": _("Set when a verdict is enough"),
    "match.rejected": _("Rejected an issue for a pilot"),
    "issue.merged": _("Merged issues"),
    "issue.merge-undone": _("Undid a merge"),
    "issue.merge-kept": _("Kept a merge that somebody objected to"),
    "triage.theme.confirm": _("Confirmed a theme"),
    "triage.theme.reject": _("Rejected a theme"),
    "triage.pilot.confirm": _("Linked an issue to a pilot"),
    "triage.pilot.reject": _("Rejected a pilot for an issue"),
    "triage.theme.undo": _("Took back a decision about a theme"),
    "triage.pilot.undo": _("Took back a decision about a pilot"),
    "triage.similar.undo": _("Took back a decision about a similar issue"),
    "triage.similar.confirm": _("Confirmed a similar issue"),
    "triage.similar.reject": _("Rejected a similar issue"),
    "triage.answer": _("Answered an issue"),
    "triage.status": _("Changed the status of an issue"),
    "triage.note.written": _("Wrote an internal note"),
    "triage.note.deleted": _("Deleted an internal note"),
    "contact.seen": _("Looked at the phone number of a resident"),
    "moderation.fine": _("Found a contribution in order"),
    "moderation.hide": _("Hid a contribution"),
    "moderation.restore": _("Restored a contribution"),
    "moderation.keep": _("Wrote to an author, the contribution stays"),
    "moderation.appeal-upheld": _("Upheld a decision after an objection"),
    "moderation.appeal-reversed": _("Reversed a decision after an objection"),
    "moderation.note": _("Wrote a note for moderators"),
    "moderation.contact-seen": _("Looked at the address of somebody who reported"),
}


def kind_in_words(kind: str) -> Text | str:
    """A kind that has no words here is shown as it is written down."""
    return KINDS.get(kind, kind)


def subject_in_words(kind: str) -> Text | str:
    return SUBJECTS.get(kind, kind)


def role_in_words(role: str) -> Text | str:
    return ROLES.get(role, role)
