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
    "person": _("Person"),
    "roles": _("Roles"),
    "audit": _("Audit"),
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
    "pilot.started": _("Started a pilot"),
}


def kind_in_words(kind: str) -> Text | str:
    """A kind that has no words here is shown as it is written down."""
    return KINDS.get(kind, kind)


def subject_in_words(kind: str) -> Text | str:
    return SUBJECTS.get(kind, kind)


def role_in_words(role: str) -> Text | str:
    return ROLES.get(role, role)
