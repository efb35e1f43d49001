"""What an administrator sets up: themes with goals, neighbourhoods, house rules; each change in the audit."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from app.accounts.models import HouseRules, Person
from app.accounts.queries import newest_rules_version
from app.activity.models import AuditEntry
from app.core.clock import now
from app.core.db import Database
from app.issues.models import Issue
from app.main import create_app
from app.matching.actions import rank
from app.matching.engine.problem import Problem
from app.places.models import Neighbourhood
from app.settings import Settings
from app.themes.models import Goal, Theme
from tests.browsing import Browser, hidden_in, text_of
from tests.conftest import Cast
from tests.factories import make_issue, square

THEME = {"name_nl": "Water en wind", "name_en": "Water and wind", "keywords_nl": "zandzuiger\nopstuivend zand"}


@pytest.fixture
def admin(browser_of: Callable[[Person | None], Browser], cast: Cast, session: Session) -> Browser:
    cast.admin.locale = "en"
    session.add(cast.admin)
    session.commit()
    return browser_of(cast.admin)


def theme_now(session: Session, slug: str = "mobility") -> Theme:
    session.rollback()
    session.expire_all()
    return session.exec(select(Theme).where(Theme.slug == slug)).one()


def audited(session: Session) -> dict[str, Any]:
    session.rollback()
    entries = session.exec(select(AuditEntry).where(AuditEntry.actor_role == "admin").order_by(col(AuditEntry.id)))
    return {entry.kind: entry.facts for entry in entries}


def form_of(theme: Theme, **changed: object) -> dict[str, object]:
    plain = ("name_nl", "name_en", "description_nl", "description_en", "icon", "position")
    keywords = {name: "\n".join(getattr(theme, name)) for name in ("keywords_nl", "keywords_en")}
    fields = {name: getattr(theme, name) for name in plain} | keywords
    return {**fields, "seen": theme.updated_at.isoformat(), **changed}


def test_a_theme_is_added_and_chosen(admin: Browser, visitor: Browser, session: Session) -> None:
    assert admin.post("/admin/themes", data={**THEME, "name_nl": "W"}).status_code == 422
    added = admin.post("/admin/themes", data={**THEME, "position": "2", "icon": "mobility"})
    assert added.headers["location"] == "/admin/themes/water-and-wind"
    assert "Water en wind" in visitor.get("/themes/water-and-wind", headers={"Accept-Language": "nl"}).text
    assert "water-and-wind" in visitor.get("/issues/new").text
    twice = admin.post("/admin/themes", data=THEME)
    assert twice.status_code == 409
    assert 'id="name_en-error"' in twice.text
    assert "zandzuiger" in twice.text
    assert audited(session)["theme.added"] == {"slug": "water-and-wind"}


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("name_en", ""), ("name_nl", "x" * 81), ("position", "0"), ("position", "veel"), ("icon", "<svg>"),
     ("keywords_nl", "x" * 61), ("description_en", "x" * 1001)],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_the_field(admin: Browser, session: Session, field: str, wrong: str) -> None:
    refused = admin.post("/admin/themes/mobility", data=form_of(theme_now(session), **{field: wrong}))
    assert refused.status_code == 422
    assert f'id="{field}-error"' in refused.text
    assert "theme.changed" not in audited(session)


def test_a_changed_keyword_is_used_at_once_by_every_process(
    admin: Browser, session: Session, settings: Settings, database: Database
) -> None:
    other = create_app(settings).state.database
    problem = Problem(title="Overal ligt kwibusmos", text="Het kwibusmos ligt op de stoep.", language="nl")
    theme = theme_now(session)

    def chance(where: Database) -> float:
        with Session(where.engine) as reading:
            return {each.key: each.score for each in rank(reading, problem).themes.suggestions}[theme.id]

    before = {chance(database), chance(other)}
    assert len(before) == 1
    changed = form_of(theme, keywords_nl="\n".join([*theme.keywords_nl, "kwibusmos"]))
    assert admin.post("/admin/themes/mobility", data=changed).status_code == 303
    after = {chance(database), chance(other)}
    assert len(after) == 1
    assert min(after) > max(before)
    other.close()
    assert "kwibusmos" in audited(session)["theme.changed"]["keywords_nl"][1]


def test_a_retired_theme_keeps_its_issues_and_gets_no_new_ones(
    admin: Browser, visitor: Browser, session: Session, cast: Cast
) -> None:
    issue = make_issue(session, cast.author, theme="mobility")
    theme = theme_now(session)
    form = {"retired": "yes", "seen": theme.updated_at.isoformat()}
    assert admin.post("/admin/themes/mobility/retirement", data=form).status_code == 303
    assert admin.post("/admin/themes/mobility/retirement", data=form).status_code == 409
    assert 'value="mobility"' not in visitor.get("/issues/new").text
    page = visitor.get("/themes/mobility", headers={"Accept-Language": "en"})
    assert issue.title in page.text
    assert "no longer uses this theme" in page.text
    listed = visitor.get("/api/v1/themes", headers={"Accept": "application/json"}).json()["items"]
    assert "mobility" not in [each["slug"] for each in listed]
    later = make_issue(session, cast.author, "Auto's rijden te hard", theme="mobility")
    assert later.theme_id != theme.id
    assert session.exec(select(Issue.theme_id).where(Issue.id == issue.id)).one() == theme.id
    back = {"retired": "no", "seen": theme_now(session).updated_at.isoformat()}
    assert admin.post("/admin/themes/mobility/retirement", data=back).status_code == 303
    assert theme_now(session).retired_at is None
    assert {"theme.retired", "theme.brought-back"} <= set(audited(session))


def test_the_second_administrator_sees_what_the_first_wrote(admin: Browser, session: Session) -> None:
    opened = form_of(theme_now(session))
    assert admin.post("/admin/themes/mobility", data={**opened, "name_nl": "Van de eerste"}).status_code == 303
    second = {**opened, "name_nl": "Van de tweede"}
    late = admin.post("/admin/themes/mobility", data=second)
    assert late.status_code == 409
    assert "Van de eerste" in late.text
    assert 'value="Van de tweede"' in late.text
    assert theme_now(session).name_nl == "Van de eerste"
    wrong = admin.post("/admin/themes/mobility", data={**opened, "name_nl": ""})
    unseen = {**second, "seen": hidden_in(wrong.text, "seen")}
    assert admin.post("/admin/themes/mobility", data=unseen).status_code == 409
    knowing = {**second, "seen": hidden_in(late.text, "seen")}
    assert admin.post("/admin/themes/mobility", data=knowing).status_code == 303


def test_goals_are_added_changed_and_retired(admin: Browser, visitor: Browser, session: Session) -> None:
    english = {"Accept-Language": "en"}
    goal = {"text_nl": "Iedereen kan veilig oversteken", "text_en": "Everybody crosses safely", "source": "Plan 2030"}
    wrong = admin.post("/admin/themes/mobility/goals", data={**goal, "text_en": ""})
    assert wrong.status_code == 422
    assert "Iedereen kan veilig oversteken" in wrong.text
    assert admin.post("/admin/themes/mobility/goals", data=goal).status_code == 303
    row = session.exec(select(Goal).where(Goal.text_nl == goal["text_nl"])).one()
    assert "Everybody crosses safely" in visitor.get("/themes/mobility", headers=english).text
    seen = {f"seen_{name}": getattr(row, name) for name in ("text_nl", "text_en", "source")}
    changed = {**goal, **seen, "text_en": "Everybody can cross safely"}
    assert admin.post(f"/admin/goals/{row.id}", data=changed).status_code == 303
    late = admin.post(f"/admin/goals/{row.id}", data={**changed, "text_en": "Late"})
    assert late.status_code == 409
    assert "Everybody can cross safely" in late.text
    wrong = admin.post(f"/admin/goals/{row.id}", data={**changed, "text_en": ""})
    assert hidden_in(wrong.text, "seen_text_en") == "Everybody crosses safely"
    assert hidden_in(late.text, "seen_text_en") == "Everybody can cross safely"
    assert admin.post(f"/admin/goals/{row.id}/retirement", data={"retired": "yes"}).status_code == 303
    assert "Everybody can cross safely" not in visitor.get("/themes/mobility", headers=english).text
    assert admin.get("/admin/goals/99999").status_code == 404
    kinds = audited(session)
    assert {"goal.added", "goal.changed", "goal.retired"} <= set(kinds)
    assert kinds["goal.changed"]["text_en"] == ["Everybody crosses safely", "Everybody can cross safely"]


def test_a_neighbourhood_gets_another_name_once(admin: Browser, session: Session) -> None:
    form = {"name": "Westduin", "seen": "Westhoek"}
    assert admin.post("/admin/neighbourhoods/BU00000001", data={**form, "name": ""}).status_code == 422
    assert admin.post("/admin/neighbourhoods/BU00000001", data=form).status_code == 303
    assert admin.post("/admin/neighbourhoods/BU00000001", data={**form, "name": "Anders"}).status_code == 409
    assert admin.post("/admin/neighbourhoods/BU99", data=form).status_code == 404
    assert 'value="Westduin"' in admin.get("/admin/neighbourhoods").text
    assert audited(session)["neighbourhood.renamed"] == {"name": ["Westhoek", "Westduin"]}


def upload(admin: Browser, content: object) -> Any:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return admin.post("/admin/neighbourhoods", files={"areas": ("buurten.geojson", body, "application/geo+json")})


def test_areas_come_from_a_file_all_or_none(admin: Browser, session: Session) -> None:
    good = square("BU00000003", "Noordhoek", 4.27, 52.11)
    nameless, flat = square("BU00000004", "", 4.28, 52.11), square("BU00000005", "Plat", 4.29, 52.11)
    flat["geometry"]["coordinates"] = [[[4, 52], [4, 52], [4, 52], [4, 52]]]
    long = square("BU" + "0" * 30, "Lang", 4.3, 52.11)
    refused = upload(admin, {"type": "FeatureCollection", "features": [good, nameless, flat, long, 7]})
    assert refused.status_code == 422
    said = text_of(refused.text)
    assert all(f"rea {number}" in said for number in (2, 3, 4, 5))
    assert session.exec(select(Neighbourhood).where(Neighbourhood.code == "BU00000003")).first() is None
    assert upload(admin, {"type": "FeatureCollection", "features": [good]}).status_code == 303
    session.rollback()
    assert session.exec(select(Neighbourhood.name).where(Neighbourhood.code == "BU00000003")).one() == "Noordhoek"
    assert audited(session)["neighbourhood.uploaded"] == {"areas": 1, "new": ["BU00000003"]}


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 3000, [], {"type": "FeatureCollection"}, 7,
                                     {"type": "FeatureCollection", "features": []}])  # fmt: skip
def test_a_file_that_is_none_is_refused(admin: Browser, content: object) -> None:
    assert upload(admin, content).status_code == 422
    assert admin.post("/admin/neighbourhoods").status_code == 422


RULES = {"text_nl": "Wees aardig voor elkaar, ook als je boos bent.", "text_en": "Be kind, also when you are angry."}


def test_a_new_version_of_the_rules_holds_and_the_old_stays_readable(
    admin: Browser, visitor: Browser, session: Session
) -> None:
    before = session.exec(select(HouseRules)).one()
    assert admin.post("/admin/rules", data={**RULES, "seen": "1", "text_en": "Short"}).status_code == 422
    assert admin.post("/admin/rules", data={**RULES, "seen": "1", "since": "2020-01-01"}).status_code == 422
    assert admin.post("/admin/rules", data={**RULES, "seen": "1"}).status_code == 303
    late = admin.post("/admin/rules", data={**RULES, "seen": "1", "text_nl": "De regels van de tweede beheerder."})
    assert late.status_code == 409
    assert "De regels van de tweede beheerder." in late.text
    assert hidden_in(late.text, "seen") == "2"
    wrong = admin.post("/admin/rules", data={**RULES, "seen": "1", "text_en": "Short"})
    assert hidden_in(wrong.text, "seen") == "1"
    session.rollback()
    assert newest_rules_version(session) == 2
    assert "Be kind" in visitor.get("/about/rules", headers={"Accept-Language": "en"}).text
    assert before.text_nl[:40] in admin.get("/admin/rules").text
    assert audited(session)["house_rules.written"]["version"] == 2


def test_a_version_written_ahead_does_not_hold_yet(admin: Browser, visitor: Browser, session: Session) -> None:
    ahead = (now() + timedelta(days=3)).date().isoformat()
    assert admin.post("/admin/rules", data={**RULES, "seen": "1", "since": ahead}).status_code == 303
    session.rollback()
    assert newest_rules_version(session) == 1
    assert "when you are angry" not in visitor.get("/about/rules", headers={"Accept-Language": "en"}).text
    assert "to come" in admin.get("/admin/rules").text
    written = session.exec(select(HouseRules).where(HouseRules.version == 2)).one()
    written.since = now()
    session.add(written)
    session.commit()
    assert "when you are angry" in visitor.get("/about/rules", headers={"Accept-Language": "en"}).text
