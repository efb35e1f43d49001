"""What was reported in Duinwijk, and what moderators decided. Nobody in the demo gets a letter about it."""

from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, func, select

from app.content.models import Content, Visibility
from app.demo.load_comments import add_comment
from app.demo.load_people import People
from app.demo.stories import moment_of, read_story
from app.discussions.models import Comment
from app.issues.models import Issue
from app.moderation.flagging import new_reference, open_case
from app.moderation.models import Appeal, Case, Decision, Flag, FoundBy
from app.moderation.visibility import set_visibility


def load_moderation(session: Session, issues: dict[str, Issue], people: People) -> None:
    for story in read_story("moderation.json")["items"]:
        comment = add_comment(session, issues[story["issue"]], story["comment"], people, None)
        content = session.get_one(Content, comment.content_id)
        open_case(session, content)
        flags = [_add_flag(session, comment, told, people) for told in story["flags"]]
        if "decision" in story:
            _decide(session, content, flags, story, people)
        _bring_case_up_to_date(session, content)


def _add_flag(session: Session, comment: Comment, told: dict[str, Any], people: People) -> Flag:
    """Without an author it is a visitor's, who left no address."""
    flag = Flag(
        reference=new_reference(), content_id=comment.content_id, person_id=people.named.get(told["author"]),
        locale="nl", ground=told["ground"], facts=told["facts"], said=comment.body, created_at=moment_of(told),
    )  # fmt: skip
    session.add(flag)
    session.flush()
    return flag


def _decide(session: Session, content: Content, flags: list[Flag], story: dict[str, Any], people: People) -> None:
    told, moment = story["decision"], moment_of(story["decision"])
    decision = Decision(
        content_id=content.id, author_id=content.author_id, moderator_id=people.named[told["by"]],
        verdict=told["verdict"], measure=told["measure"], ground=told["ground"], facts=told["facts"],
        found_by=FoundBy.FLAG, flags=len(flags), created_at=moment,
        waited_seconds=round((moment - flags[0].created_at) / timedelta(seconds=1)),
    )  # fmt: skip
    session.add(decision)
    session.flush()
    for flag in flags:
        flag.decision_id = decision.id
    if told["verdict"] == "hide":
        set_visibility(session, content, Visibility.HIDDEN)
    if appeal := story.get("appeal"):
        session.add(
            Appeal(
                decision_id=decision.id, person_id=content.author_id, reasons=appeal["reasons"],
                created_at=moment_of(appeal),
            )
        )  # fmt: skip


def _bring_case_up_to_date(session: Session, content: Content) -> None:
    case = session.get_one(Case, content.id)
    still_open = select(func.count(), func.min(Flag.id)).where(
        Flag.content_id == content.id, col(Flag.decision_id).is_(None)
    )
    case.open_flags, case.first_flag_id = session.exec(still_open).one()
    newest = select(func.max(Decision.id)).where(Decision.content_id == content.id)
    case.last_decision_id = session.exec(newest).one() or 0
    session.add(case)
    session.flush()
