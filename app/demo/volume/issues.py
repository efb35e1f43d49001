"""Issues with everything around them, as rows: texts, votes, comments, timelines, links."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from app.demo.stories import read_wording
from app.demo.volume.bulk import Row, stored
from app.demo.volume.places import Street
from app.demo.volume.wording import LANGUAGES, Kind, all_kinds, write_text
from app.issues.heat import heat_at_birth, heated
from app.issues.models import Status
from app.places.grid import around_here, cell_of, distance_m

ENGINE = "fill"
MOST_VOTES, VOTE_TAIL = 400, 1.25
MOST_COMMENTS, COMMENT_TAIL = 60, 1.5
VOTES_PER_FOLLOW = 6
FRESH = timedelta(days=10)
VOTES_FADE = timedelta(days=12)
COMMENTS_FADE = timedelta(days=4)
CITY_ANSWERS = timedelta(days=5)
SAID_BY_RESIDENTS = (Status.CONFIRMED, Status.REOPENED)

Life = tuple[Status, ...]
NO_LIFE: Life = ()
HEARD: Life = (Status.ACKNOWLEDGED,)
FIXED: Life = (Status.ACKNOWLEDGED, Status.WITH_SERVICE, Status.RESOLVED)
LIVES: dict[Life, int] = {
    NO_LIFE: 12,
    HEARD: 24,
    (*HEARD, Status.IN_PILOT): 12,
    (*HEARD, Status.WITH_SERVICE): 14,
    (*HEARD, Status.ANSWERED): 14,
    (Status.DECLINED,): 5,
    FIXED: 10,
    (*FIXED, Status.CONFIRMED): 7,
    (*FIXED, Status.REOPENED): 2,
}
FRESH_LIVES: dict[Life, int] = {NO_LIFE: 60, HEARD: 40}


@dataclass(frozen=True)
class Scene:
    """What issues are about and whose they are: numbers of themes by slug, and of pilots by theme."""

    streets: Sequence[Street]
    people: Sequence[int]
    themes: dict[str, int]
    pilots: dict[str, Sequence[int]]
    until: datetime


@dataclass
class Issue:
    """One issue while its rows are written."""

    id: int
    thread_id: int
    author: int
    kind: Kind
    street: Street
    filed: datetime
    lat: float = 0.0
    lon: float = 0.0
    heat: float = 0.0
    votes: int = 0
    comments: int = 0
    status: Status = Status.NEW
    updated: str = ""
    spoken: str | None = None
    followers: dict[int, str] = field(default_factory=dict)


class IssueWriter:
    """`ids` are the next free numbers per table; it counts on from there."""

    def __init__(self, scene: Scene, ids: dict[str, int], rng: Random) -> None:
        self.scene, self.ids, self.rng = scene, ids, rng
        self.rows: dict[str, list[Row]] = defaultdict(list)
        self._latest: dict[tuple[int, int], Issue] = {}

    def take_rows(self) -> dict[str, list[Row]]:
        rows, self.rows = self.rows, defaultdict(list)
        return rows

    def add_issue(self, filed: datetime) -> None:
        rng = self.rng
        kind = rng.choice(all_kinds(rng.choice(LANGUAGES)))
        author, street = rng.choice(self.scene.people), rng.choice(self.scene.streets)
        issue = Issue(self._next("issue"), self._next("thread"), author, kind, street, filed)
        content = self._publish("issue", author, kind.language, filed)
        self.rows["thread"].append((issue.thread_id, True))
        issue.followers[author] = stored(filed)
        self._cast_votes(issue)
        self._discuss(issue)
        self._live(issue)
        self._write(issue, content)
        self._match(issue)
        self.rows["follow"] += [(issue.id, person, since) for person, since in issue.followers.items()]

    def _next(self, table: str) -> int:
        number = self.ids[table]
        self.ids[table] = number + 1
        return number

    def _publish(self, kind: str, author: int, language: str, at: datetime) -> int:
        content = self._next("content")
        self.rows["content"].append((content, kind, author, language, "visible", stored(at)))
        return content

    def _later(self, filed: datetime, fade: timedelta) -> datetime:
        """Most soon after, some much later, none in the future."""
        moment = filed + fade * self.rng.expovariate(1)
        if moment < self.scene.until:
            return moment
        return filed + (self.scene.until - filed) * self.rng.random()

    def _cast_votes(self, issue: Issue) -> None:
        most = min(MOST_VOTES, len(self.scene.people) // 2)
        issue.votes = min(most, int(self.rng.paretovariate(VOTE_TAIL)) - 1)
        issue.heat = heat_at_birth(issue.filed)
        for number, voter in enumerate(self.rng.sample(self.scene.people, issue.votes)):
            moment = self._later(issue.filed, VOTES_FADE)
            issue.heat = heated(issue.heat, moment)
            self.rows["vote"].append((issue.id, voter, stored(moment)))
            if number % VOTES_PER_FOLLOW == 2:
                issue.followers.setdefault(voter, stored(moment))

    def _discuss(self, issue: Issue) -> None:
        """A third of the comments answers an earlier one."""
        count = min(MOST_COMMENTS, int(self.rng.paretovariate(COMMENT_TAIL)) - 1)
        issue.comments = count
        bodies = read_wording()[issue.kind.language]["comments"]
        firsts: list[int] = []
        answers: dict[int, int] = defaultdict(int)
        told: list[tuple[int, int | None, int, str, str]] = []
        for moment in sorted(self._later(issue.filed, COMMENTS_FADE) for _ in range(count)):
            author, number = self.rng.choice(self.scene.people), self._next("comment")
            content = self._publish("comment", author, issue.kind.language, moment)
            parent = self.rng.choice(firsts) if firsts and self.rng.random() < 0.35 else None
            if parent is None:
                firsts.append(number)
            else:
                answers[parent] += 1
            issue.followers.setdefault(author, stored(moment))
            told.append((number, parent, content, self.rng.choice(bodies), stored(moment)))
        self.rows["comment"] += [
            (number, issue.thread_id, parent, content, body, True, 0, answers[number], at)
            for number, parent, content, body, at in told
        ]

    def _live(self, issue: Issue) -> None:
        """The timeline, and the status it leads to."""
        moment, language = issue.filed, issue.kind.language
        issue.updated = stored(moment)
        self._tell(issue, "filed", "", "", issue.author, False)
        for status in self._life_of(issue):
            moment = self._later(moment, CITY_ANSWERS)
            issue.status, issue.updated = status, stored(moment)
            by_city = status not in SAID_BY_RESIDENTS
            if by_city:
                issue.spoken = issue.updated
            text = self.rng.choice(read_wording()[language]["city"][status])
            self._tell(issue, f"status.{status}", text, language, None if by_city else issue.author, by_city)

    def _life_of(self, issue: Issue) -> Life:
        lives = FRESH_LIVES if self.scene.until - issue.filed < FRESH else LIVES
        life = self.rng.choices(list(lives), list(lives.values()))[0]
        can_join = bool(self.scene.pilots.get(issue.kind.theme))
        return life if can_join or Status.IN_PILOT not in life else HEARD

    def _tell(self, issue: Issue, kind: str, text: str, language: str, actor: int | None, by_city: bool) -> None:
        row = ("issue", issue.id, kind, "{}", text, language, actor, by_city, issue.updated)
        self.rows["timeline_entry"].append(row)

    def _write(self, issue: Issue, content: int) -> None:
        rng, kind, street = self.rng, issue.kind, issue.street
        text = write_text(kind, street.name, rng)
        issue.lat, issue.lon = street.point(rng.uniform(-1, 1))
        precision = "area" if rng.random() < 0.35 else "exact"
        if precision == "area":
            issue.lat, issue.lon = around_here(issue.lat, issue.lon)
        spot = rng.choice(read_wording()[kind.language]["address"]).format(number=rng.randint(1, 240))
        source = rng.choices(("resident", "business", "department"), (97, 2, 1))[0]
        self.rows["issue"].append(
            (
                issue.id, content, issue.thread_id, text.title, text.description, kind.language, source,
                str(issue.status), issue.lat, issue.lon, precision, f"{street.name}, {spot}",
                cell_of(issue.lat, issue.lon), street.area_id, self.scene.themes[kind.theme], text.stems,
                True, issue.votes, issue.comments, issue.heat, stored(issue.filed), issue.updated,
                issue.spoken,
            )
        )  # fmt: skip

    def _match(self, issue: Issue) -> None:
        """What the team decided on, the pilot it may have joined, and an earlier issue of the kind nearby."""
        keywords = {"code": "keyword", "weight": 0.6, "words": issue.kind.keywords[:3]}
        theme = self.scene.themes[issue.kind.theme]
        self._link("theme_match", issue, theme, 0.8, keywords, decided=issue.spoken)
        if pilots := self.scene.pilots.get(issue.kind.theme):
            pilot = self.rng.choice(pilots)
            joined = issue.updated if issue.status is Status.IN_PILOT else None
            self._link("pilot_match", issue, pilot, 0.6, keywords, decided=joined)
            if joined:
                self.rows["pilot_issue"].append((pilot, issue.id, None, joined))
        spot = issue.kind.number, issue.street.area_id
        if earlier := self._latest.get(spot):
            metres = round(distance_m(issue.lat, issue.lon, earlier.lat, earlier.lon))
            near = {"code": "near", "weight": 0.5, "metres": metres}
            self._link("similar_match", issue, earlier.id, 0.55, near, decided=None)
        self._latest[spot] = issue

    def _link(
        self, table: str, issue: Issue, key: int, score: float, reason: dict[str, Any], decided: str | None
    ) -> None:
        """Confirmed when somebody decided on it, else suggested."""
        reasons = json.dumps([reason], ensure_ascii=False)
        state, likelihood = "confirmed" if decided else "suggested", "likely" if score > 0.7 else "possible"
        told = (score, likelihood, reasons, 1, ENGINE, state, None, decided, "", stored(issue.filed))
        self.rows[table].append((issue.id, key, *told))
