"""Who may do what: giving and withdrawing roles, by an administrator."""

from sqlalchemy import exists
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, delete, select

from app.accounts.actions import find_or_create_person, grant_role
from app.accounts.models import Person, Role, RoleGrant
from app.accounts.second_factor import reset_second_factor
from app.activity.actions import post, write_down
from app.administration import queries
from app.core.errors import Conflict, NotFound
from app.core.i18n import Text, _
from app.core.writes import count_changed

AS_ADMIN = Role.ADMIN.value


def give_role(session: Session, admin: Person, email: str, role: Role) -> bool:
    """Creates the person if needed; False when they have the role already."""
    person = find_or_create_person(session, email, admin.locale)
    is_new = grant_role(session, person, role, actor_id=admin.id, as_role=AS_ADMIN)
    if is_new:
        post(session, "role", person.id, person.locale, {"role": role, "given": True})
    return is_new


def withdraw_role(session: Session, admin: Person, person_id: int, role: Role) -> None:
    """Raises Conflict for the last administrator, and when somebody else withdrew it meanwhile."""
    person = queries.holder(session, person_id)
    if person is None:
        raise Conflict(_("This person has no roles any more."))
    if not _withdraw(session, person_id, role):
        raise Conflict(_why_not(session, person_id, role))
    write_down(session, f"role.withdrawn.{role}", "person", person_id, actor_id=admin.id, role=AS_ADMIN)
    post(session, "role", person_id, person.locale, {"role": role, "given": False})


def _withdraw(session: Session, person_id: int, role: Role) -> bool:
    """Two administrators may withdraw each other's role at once; the lock lets one of them find it is the last."""
    other = aliased(RoleGrant)
    gone = delete(RoleGrant).where(col(RoleGrant.person_id) == person_id, col(RoleGrant.role) == role)
    if role is Role.ADMIN:
        admins = select(RoleGrant.person_id).where(RoleGrant.role == role).order_by(col(RoleGrant.person_id))
        session.exec(admins.with_for_update()).all()
        gone = gone.where(exists().where(col(other.role) == role, col(other.person_id) != person_id))
    return count_changed(session, gone) == 1


def _why_not(session: Session, person_id: int, role: Role) -> Text:
    person = queries.holder(session, person_id)
    if person is not None and person.holds_role(role):
        return _("This is the last administrator. Make somebody else administrator first.")
    return _("This role was withdrawn already.")


def reset_for(session: Session, admin: Person, person_id: int) -> None:
    """For somebody on the staff who lost their second factor."""
    person = queries.holder(session, person_id)
    if person is None:
        raise NotFound
    reset_second_factor(session, person, actor_id=admin.id, role=AS_ADMIN)
