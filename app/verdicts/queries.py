from sqlmodel import Session

from app.verdicts.models import VerdictQuestion, VerdictRule


def verdict_of(session: Session, pilot_id: int) -> VerdictQuestion | None:
    """None where nobody was asked yet."""
    return session.get(VerdictQuestion, pilot_id)


def rule_of(session: Session) -> VerdictRule:
    """What the city asks of a verdict; until an administrator sets it, what we propose."""
    return session.get(VerdictRule, 1) or VerdictRule()
