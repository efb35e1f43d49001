from urllib.parse import urlencode

import pytest
from sqlalchemy import update
from sqlmodel import Session

from app.content.actions import publish
from app.content.models import Content, Kind
from app.core.paging import encode_after
from app.issues.actions import cast_vote
from app.issues.models import Issue, Photo, Status
from tests.api.checking import ORIGIN, Caller
from tests.conftest import Cast
from tests.factories import hide, make_issue


def titles(caller: Caller, **query: object) -> list[str]:
    found = caller.get("/issues?" + urlencode(query))
    assert found.status_code == 200, found.text
    return [item["title"] for item in found.json()["items"]]


def add_photo(session: Session, issue: Issue, key: str, visible: bool = True) -> None:
    content = publish(session, Kind.PHOTO, None, "nl")
    session.add(
        Photo(
            issue_id=issue.id,
            content_id=content.id,
            key=key,
            width=1600,
            height=900,
            alt="Een donker pad",
            visible=visible,
        )
    )
    session.commit()


def test_one_issue_with_all_its_fields(anybody: Caller, session: Session, issue: Issue) -> None:
    add_photo(session, issue, "abc")
    add_photo(session, issue, "hidden", visible=False)
    told = anybody.get(f"/issues/{issue.id}").json()
    assert told == {
        "id": issue.id,
        "title": "Donker fietspad langs de duinen",
        "description": issue.description,
        "language": "nl",
        "status": "new",
        "lat": 52.105,
        "lon": 4.275,
        "address": None,
        "neighbourhood": "BU00000001",
        "theme": None,
        "votes": 0,
        "comments": 0,
        "mergedInto": None,
        "createdAt": told["createdAt"],
        "updatedAt": told["updatedAt"],
        "url": f"{ORIGIN}/issues/{issue.id}",
        "photos": [
            {
                "url": f"{ORIGIN}/photos/abc-large.jpg",
                "thumbnailUrl": f"{ORIGIN}/photos/abc-small.jpg",
                "alt": "Een donker pad",
                "width": 1600,
                "height": 900,
            }
        ],
        "author": {"displayName": "Anna"},
    }


def test_a_place_in_words_has_no_point(anybody: Caller, session: Session, cast: Cast) -> None:
    issue = make_issue(session, cast.author, lat="", lon="", address="bij de bibliotheek", theme="mobility")
    told = anybody.get(f"/issues/{issue.id}").json()
    assert (told["lat"], told["lon"], told["neighbourhood"]) == (None, None, None)
    assert (told["address"], told["theme"]) == ("bij de bibliotheek", "mobility")


def test_who_left_has_no_name(anybody: Caller, session: Session, issue: Issue) -> None:
    session.exec(update(Content).values(author_id=None))
    session.commit()
    assert anybody.get(f"/issues/{issue.id}").json()["author"] is None
    assert anybody.get("/issues").json()["items"][0]["author"] is None


def test_a_hidden_issue_is_like_one_that_never_was(anybody: Caller, session: Session, issue: Issue) -> None:
    hide(session, issue)
    hidden, never = anybody.get(f"/issues/{issue.id}"), anybody.get("/issues/999999")
    assert (hidden.status_code, hidden.json()) == (never.status_code, never.json())
    assert hidden.status_code == 404
    assert titles(anybody) == []
    assert titles(anybody, q="fietspad") == []


def test_what_is_not_a_number_of_an_issue_is_not_there(anybody: Caller) -> None:
    for number in ("9" * 70, "0", "-1", "1.5", "x", "%F0%9F%9A%B2", "1%0A"):
        for address in (f"/issues/{number}", f"/issues/{number}/comments", f"/issues/{number}/matches"):
            assert anybody.get(address).status_code == 404, address


def test_filters(anybody: Caller, session: Session, cast: Cast) -> None:
    make_issue(session, cast.author, "Donker fietspad", theme="mobility")
    east = make_issue(session, cast.author, "Kapotte bank", lon=4.285, description="De leuning is eraf.")
    east.status = Status.ANSWERED
    session.add(east)
    session.commit()
    assert titles(anybody, theme="mobility") == ["Donker fietspad"]
    assert titles(anybody, theme="no-such-theme") == []
    assert titles(anybody, neighbourhood="BU00000002") == ["Kapotte bank"]
    assert titles(anybody, status="answered") == ["Kapotte bank"]
    assert titles(anybody, q="fietspaden") == ["Donker fietspad"]
    assert titles(anybody, bbox="4.28,52.1,4.29,52.11") == ["Kapotte bank"]
    assert titles(anybody, bbox="4.29,52.11,4.28,52.1") == ["Kapotte bank"]
    assert titles(anybody, q="'\"; DROP TABLE issue; -- ) OR *") == []


def test_orders(anybody: Caller, session: Session, cast: Cast) -> None:
    near = make_issue(session, cast.author, "Dichtbij", lat=52.1011, lon=4.2711)
    make_issue(session, cast.author, "Verder", lat=52.108, lon=4.288)
    cast_vote(session, cast.resident.id, near)
    session.commit()
    assert titles(anybody) == ["Verder", "Dichtbij"]
    assert titles(anybody, sort="top") == ["Dichtbij", "Verder"]
    assert titles(anybody, sort="near", lat=52.101, lon=4.271) == ["Dichtbij", "Verder"]
    assert titles(anybody, sort="near", lat=52.108, lon=4.288) == ["Verder", "Dichtbij"]
    assert titles(anybody, sort="near") == titles(anybody, sort="new")


def test_everything_that_is_wrong_with_a_query_is_said_at_once(anybody: Caller) -> None:
    refused = anybody.get("/issues?pageSize=101&status=lost&sort=best&lat=91&lon=x&bbox=1,2,3&theme=NO")
    assert refused.status_code == 400
    named = {error["field"] for error in refused.json()["errors"]}
    assert named == {"pageSize", "status", "sort", "lat", "lon", "bbox", "theme"}


@pytest.mark.parametrize("sort", ["new", "top", "rising", "near"])
def test_pages_stay_stable_while_issues_arrive(anybody: Caller, session: Session, cast: Cast, sort: str) -> None:
    made = [make_issue(session, cast.author, f"Vraagstuk {n}", lat=52.101 + n / 1000).id for n in range(7)]
    seen: list[int] = []
    address: str | None = f"/issues?sort={sort}&pageSize=3&lat=52.1&lon=4.271&neighbourhood=BU00000001"
    while address:
        page = anybody.get(address)
        seen += [item["id"] for item in page.json()["items"]]
        address = page.json()["links"]["next"]
        if address:
            assert page.headers["link"] == f'<{address}>; rel="next"'
            assert f"sort={sort}&pageSize=3" in address
        else:
            assert "link" not in page.headers
        make_issue(session, cast.author, f"Nieuw na {len(seen)}", lat=52.1001)
    assert sorted(seen) == made
    assert len(seen) == len(set(seen))


def test_a_page_that_was_not_handed_out_is_not_there(anybody: Caller, issue: Issue) -> None:
    made_up = ["zzz", "W10", "WzFd" * 40, "bnVsbA", encode_after(10**30), encode_after(10**30, 5)]
    for after in made_up:
        for address in ("/issues?", "/issues?sort=top&", f"/issues/{issue.id}/comments?", "/pilots?"):
            assert anybody.get(f"{address}after={after}").status_code == 404, after


def test_nul_bytes_are_refused(anybody: Caller, issue: Issue) -> None:
    assert anybody.get("/issues?q=%00").status_code == 400
    assert anybody.get(f"/issues/{issue.id}%00").status_code == 400
