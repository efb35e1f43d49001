"""What the people concerned are told by mail, posted in the transaction of what happened."""

from sqlmodel import Session

from app.activity.actions import post


def confirm_receipt(session: Session, to: int | str, locale: str, reference: str, path: str) -> None:
    """`path` is where they see what came of it. Says nothing of what they typed: the address may not be theirs."""
    post(session, "flag_received", to, locale, {"reference": reference, "path": path})
