from app.accounts.models import Person, Role


def may_start_pilot(viewer: Person | None) -> bool:
    return viewer is not None and viewer.has_role(Role.TEAM)
