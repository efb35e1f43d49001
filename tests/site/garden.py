"""Where words are planted that must never come out."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, select

from app.accounts.models import Person
from app.content.actions import publish
from app.content.models import Kind
from app.issues.models import Issue, Photo
from app.matching.deciding import confirm_theme
from app.themes.models import Theme
from tests.browsing import Browser
from tests.conftest import Cast
from tests.factories import make_comment, make_issue
from tests.moderation.helpers import decide

HIDDEN_PLACES = ("issue_id", "comment_id", "pilot_id", "approach_id", "lesson_id", "content_id", "name", "card_id")


@dataclass
class Garden:
    """Where canaries are planted: a visible issue with a pilot, people, and a moderator who hides things."""

    session: Session
    cast: Cast
    moderator: Browser
    stranger: Browser
    issue: Issue
    writer: Person
    hidden_places: dict[str, list[Any]] = field(default_factory=lambda: {name: [] for name in HIDDEN_PLACES})

    def places(self) -> Iterator[tuple[str, list[Any]]]:
        """What to fill into addresses: what is hidden, and what can be seen beside it."""
        yield from self.hidden_places.items()
        yield "issue_id", [self.issue.id]

    def hide(self, content_id: int) -> None:
        answer = decide(self.moderator, self.session, content_id, "hide", ground="insult", facts="Dit mag hier niet.")
        assert answer.status_code == 303, answer.text

    def hidden_issue(self, **typed: str) -> Issue:
        """As one that was there for a while: matched, linked, learned from, and searched."""
        issue = make_issue(self.session, self.writer, **typed)
        theme = self.session.exec(select(Theme.id)).first()
        confirm_theme(self.session, issue, theme or 0, self.cast.team.id)
        make_comment(self.session, self.writer, issue, "Hier ook.")
        self.session.commit()
        self.hidden_places["issue_id"].append(issue.id)
        self.hidden_places["content_id"].append(issue.content_id)
        self.hide(issue.content_id)
        return issue

    def photo_on(self, issue: Issue, alt: str) -> Photo:
        content = publish(self.session, Kind.PHOTO, self.writer.id, "nl")
        key = f"{content.id:032x}"
        photo = Photo(issue_id=issue.id, content_id=content.id, key=key, width=4, height=3, alt=alt)
        self.session.add(photo)
        self.session.commit()
        self.hidden_places["name"].append(f"{key}-large.jpg")
        self.hidden_places["content_id"].append(content.id)
        return photo
