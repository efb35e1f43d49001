"""Feeds: valid, escaped, cacheable, and only what everybody can see."""

from xml.etree import ElementTree

import pytest
from sqlmodel import Session

from app.activity.actions import tell
from tests.browsing import Browser
from tests.conftest import Cast, Counting
from tests.factories import hide, make_comment, make_issue, make_pilot

ATOM = {"a": "http://www.w3.org/2005/Atom", "g": "http://www.georss.org/georss"}
NASTY = 'Gat in <b>de</b> weg & ]]> "diep" 🕳'


def entries(visitor: Browser, address: str) -> list[ElementTree.Element]:
    answer = visitor.get(address)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.content)
    for needed in ("a:id", "a:title", "a:updated", "a:author/a:name", "a:link[@rel='self']"):
        assert feed.find(needed, ATOM) is not None, needed
    assert feed.find("a:link[@rel='self']", ATOM).get("href") == "http://127.0.0.1:8000" + address  # type: ignore[union-attr]
    found = feed.findall("a:entry", ATOM)
    assert all(entry.find(f"a:{name}", ATOM) is not None for entry in found for name in ("id", "updated", "summary"))
    assert len({entry.findtext("a:id", "", ATOM) for entry in found}) == len(found)
    return found


def titles(found: list[ElementTree.Element]) -> list[str]:
    return [entry.findtext("a:title", "", ATOM) for entry in found]


def test_everything_a_theme_and_a_neighbourhood(visitor: Browser, session: Session, cast: Cast) -> None:
    make_issue(session, cast.author, NASTY, theme="mobility")
    make_issue(session, cast.author, "Ergens anders", theme="sustainability", lat=52.105, lon=4.285)
    hide(session, make_issue(session, cast.author, "Verborgen", theme="mobility"))
    assert titles(entries(visitor, "/issues.atom")) == ["Ergens anders", NASTY]
    assert titles(entries(visitor, "/themes/mobility.atom")) == [NASTY]
    (there,) = entries(visitor, "/neighbourhoods/BU00000001.atom")
    assert there.findtext("g:point", "", ATOM) == "52.105 4.275"
    items = visitor.get("/issues.json").json()["items"]
    assert [item["title"] for item in items] == ["Ergens anders", NASTY]


def test_json_feed(visitor: Browser, session: Session, cast: Cast) -> None:
    issue = make_issue(session, cast.author)
    answer = visitor.get("/issues.json?lang=en")
    feed = answer.json()
    assert answer.headers["content-type"].startswith("application/feed+json")
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert (feed["title"], feed["feed_url"]) == ("Issues", "http://127.0.0.1:8000/issues.json")
    assert feed["items"][0]["id"] == f"http://127.0.0.1:8000/issues/{issue.id}"
    assert feed["items"][0]["date_published"].endswith("Z")


def test_an_issue_tells_what_happened_and_what_is_said(visitor: Browser, session: Session, cast: Cast) -> None:
    issue = make_issue(session, cast.author)
    comment = make_comment(session, cast.resident, issue, "Hier ook, bij <het> hek.")
    gone = make_comment(session, cast.resident, issue, "Dit is verborgen.")
    gone.visible = False
    session.add(gone)
    tell(session, "issue", issue.id, "answer", by_city=True, text="We komen kijken.", language="nl")
    session.commit()
    found = entries(visitor, f"/issues/{issue.id}.atom")
    texts = {entry.findtext("a:summary", "", ATOM) for entry in found}
    assert texts == {"We komen kijken.", "Hier ook, bij <het> hek.", ""}
    ids = [entry.findtext("a:id", "", ATOM) for entry in found]
    assert f"http://127.0.0.1:8000/issues/{issue.id}?comment={comment.id}#comment-{comment.id}" in ids
    hide(session, issue)
    assert visitor.get(f"/issues/{issue.id}.atom").status_code == 404


def test_pilots_and_one_pilot(visitor: Browser, session: Session, cast: Cast) -> None:
    pilot = make_pilot(session, [make_issue(session, cast.author)])
    tell(session, "pilot", pilot.id, "stage.pilot", by_city=True, text="Het begint.", language="nl")
    session.commit()
    assert titles(entries(visitor, "/pilots.atom")) == ["Veilig naar huis in het donker"]
    (stage,) = entries(visitor, f"/pilots/{pilot.id}.atom")
    assert stage.findtext("a:summary", "", ATOM) == "Het begint."


@pytest.mark.parametrize("address", ["/issues.atom", "/issues.json", "/pilots.atom", "/themes/mobility.atom"])
def test_who_has_it_already_gets_nothing_again(
    visitor: Browser, resident: Browser, session: Session, cast: Cast, address: str
) -> None:
    make_pilot(session, [make_issue(session, cast.author, theme="mobility")])
    first = visitor.get(address)
    assert first.headers["cache-control"] == "public, max-age=300"
    assert resident.get(address).content == first.content, "the same for everybody"
    etag, date = first.headers["etag"], first.headers["last-modified"]
    assert visitor.get(address, headers={"If-None-Match": etag}).status_code == 304
    assert visitor.get(address, headers={"If-Modified-Since": date}).status_code == 304
    assert visitor.get(address, headers={"If-None-Match": 'W/"other"', "If-Modified-Since": date}).status_code == 200
    assert visitor.get(address, headers={"If-Modified-Since": "nonsense"}).status_code == 200


def test_fifty_at_most_in_a_fixed_number_of_questions(
    visitor: Browser, session: Session, cast: Cast, counting: Counting
) -> None:
    visitor.get("/issues.atom")
    costs = []
    for count in (1, 55):
        for number in range(count):
            make_issue(session, cast.author, f"Vraagstuk nummer {number}")
        with counting() as counted:
            found = entries(visitor, "/issues.atom")
        costs.append(counted.count)
    assert costs[0] == costs[1]
    assert len(found) == 50


def test_pages_say_where_their_feed_is(visitor: Browser, session: Session, cast: Cast) -> None:
    issue = make_issue(session, cast.author)
    pilot = make_pilot(session, [issue])
    pages = ("/issues", f"/issues/{issue.id}", "/pilots", f"/pilots/{pilot.id}", "/themes/mobility")
    for page in (*pages, "/neighbourhoods/BU00000001"):
        for form in ("atom", "json"):
            assert f'href="{page}.{form}?lang=en"' in visitor.get(page).text
            assert visitor.get(f"{page}.{form}?lang=en").status_code == 200


@pytest.mark.parametrize(
    "address", ["/issues.rss", "/themes/none.atom", "/pilots/9.atom", "/issues/9.json", "/issues.x.y"]
)
def test_what_there_is_no_feed_of(visitor: Browser, address: str) -> None:
    assert visitor.get(address).status_code == 404
