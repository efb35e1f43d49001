"""What residents read of other cities, and what administrators do with their feeds."""

import pytest
from sqlmodel import Session, col, select

from app.activity.models import AuditEntry
from app.cards.models import CardFeed, ImportedCard
from app.cards.queries import MOST_FEEDS
from app.core.clock import now
from app.matching.models import LinkKind, MatchOpinion
from app.pilots.models import Stage
from tests.browsing import Browser
from tests.conftest import Cast
from tests.factories import make_card, make_issue, make_pilot

FEED = "https://stad.example/pilots/cards.json"


def told(session: Session) -> list[str]:
    return list(
        session.exec(select(AuditEntry.kind).where(col(AuditEntry.kind).like("cards.%")).order_by(AuditEntry.id))
    )


def test_the_library_by_theme_and_stage(session: Session, resident: Browser) -> None:
    for number in range(1, 23):
        make_card(session, number)
    make_card(
        session, 30, stage="stopped", themes=[{"slug": "sustainability", "name": "Groen"}], title="Gestopt met gras"
    )
    page = resident.get("/cards").text
    assert "Uit Elders" in page
    assert "62 van 80 zeiden dat het is opgelost" in page
    assert page.count('<article class="card"') == 20
    only = resident.get("/cards?theme=sustainability&stage=stopped").text
    assert only.count('<article class="card"') == 1
    assert "Gestopt met gras" in only
    assert '<article class="card"' not in resident.get("/cards?theme=sustainability&stage=pilot").text
    following = page.partition('id="more"')[2].partition('href="')[2].partition('"')[0].replace("&amp;", "&")
    assert resident.get(following).text.count('<article class="card"') == 3
    assert resident.get("/cards?after=nonsense").status_code == 400


def test_a_card_is_clearly_of_another_city_and_its_words_stay_words(
    session: Session, resident: Browser, visitor: Browser
) -> None:
    card = make_card(
        session,
        title="<b>Vet</b> licht",
        problem="<script>alert(1)</script> Fietsers zien niets.",
        lessons=[
            {
                "title": "Begin klein",
                "text": "Eerst een straat.",
                "language": "nl",
                "stage": "pilot",
                "writtenOn": "2026-01-01",
            }
        ],
        history=[
            {
                "from": "pilot",
                "to": "scaling-up",
                "outcome": "pass",
                "reason": "Het werkt.",
                "language": "nl",
                "decidedOn": "2026-02-01",
            }
        ],
        indicators=[
            {
                "name": "Fietsers",
                "unit": "per avond",
                "better": "higher",
                "baseline": {"on": "2026-01-01", "value": 1234.5},
            }
        ],
        partners=[{"name": "Bond", "kind": "residents", "role": "telt", "website": "https://bond.example/"}],
        costs="€ 12.500",
    )
    page = resident.get(f"/cards/{card.id}").text
    assert "<b>Vet</b>" not in page
    assert "<script>alert(1)" not in page
    for words in ("Uit Elders", "Dit is geen proef van hier", "verzonnen", "62 van 80 zeiden", "120", "Begin klein",
                  "Het werkt.", "1.234,5", "opent een andere site: elders.example", "€ 12.500"):  # fmt: skip
        assert words in page, words
    assert 'href="https://elders.example/pilots/1" rel="external nofollow noopener"' in page
    assert "%" not in page.partition('id="said"')[2].partition("</section>")[0]
    english = visitor.get(f"/cards/{card.id}").text
    assert "From Elders" in english
    assert 'lang="nl">&lt;b&gt;Vet' in english


def test_a_card_leads_to_an_approach_of_a_pilot_that_looks_for_one(
    session: Session, resident: Browser, visitor: Browser, cast: Cast
) -> None:
    issue = make_issue(session, cast.author)
    open_one, chosen = make_pilot(session, [issue], "Zoekt nog"), make_pilot(session, [issue], "Is al gekozen")
    chosen.stage = Stage.PILOT
    session.commit()
    card, bare = make_card(session, 1), make_card(session, 2, approach=None)
    page = resident.get(f"/cards/{card.id}").text
    assert "Zoekt nog" in page
    assert "Is al gekozen" not in page
    assert "Zoekt nog" not in resident.get(f"/cards/{bare.id}").text
    assert "Sign in to do that" in visitor.get(f"/cards/{card.id}").text
    there = resident.get(f"/cards/{card.id}/approach?pilot={open_one.id}")
    assert there.headers["location"] == f"/pilots/{open_one.id}/approaches/new?card={card.id}"
    form = resident.get(there.headers["location"]).text
    assert "Lampen die aangaan als er iemand komt" in form
    assert resident.get(f"/cards/{card.id}/approach?pilot=999").status_code == 404


def test_an_administrator_hides_a_card_and_shows_it_again(session: Session, admin: Browser, visitor: Browser) -> None:
    card = make_card(session, title="Dit hoort hier niet")
    stale = {"shown": "no", "seen": "2026-01-01T12:00:00+00:00"}
    assert admin.post(f"/cards/{card.id}/visibility", data=stale).status_code == 409
    hiding = {"shown": "no", "seen": card.updated_at.isoformat()}
    assert admin.post(f"/cards/{card.id}/visibility", data=hiding).status_code == 303
    assert visitor.get(f"/cards/{card.id}").status_code == 404
    assert "Dit hoort" not in visitor.get("/cards").text
    assert visitor.get(f"/cards/{card.id}/approach?pilot=1").status_code == 404
    assert "Dit hoort hier niet" in admin.get("/admin/cards").text
    session.refresh(card)
    showing = {"shown": "yes", "seen": card.updated_at.isoformat()}
    assert admin.post(f"/cards/{card.id}/visibility", data=showing).status_code == 303
    assert "Dit hoort" in visitor.get("/cards").text
    assert told(session) == ["cards.hidden", "cards.shown"]
    for wrong in ({"shown": "maybe"}, {"shown": "no", "seen": "2026-01-01T12:00:00"}):
        assert admin.post(f"/cards/{card.id}/visibility", data=wrong).status_code == 400


def test_feeds_are_added_switched_asked_and_removed(session: Session, admin: Browser, cast: Cast) -> None:
    assert admin.post("/admin/cards", data={"url": FEED}).status_code == 303
    feed = session.exec(select(CardFeed)).one()
    feed.next_at = now().replace(year=now().year + 1)
    session.commit()
    assert "wordt zo opgevraagd" in admin.get("/admin/cards").text
    admin.post(f"/admin/cards/{feed.id}/fetch")
    session.refresh(feed)
    assert feed.next_at <= now()
    assert admin.post(f"/admin/cards/{feed.id}/switch", data={"seen": "on"}).status_code == 303
    late = admin.post(f"/admin/cards/{feed.id}/switch", data={"seen": "on"})
    assert late.status_code == 409
    assert "Iemand anders heeft dit intussen veranderd" in late.text
    assert admin.post(f"/admin/cards/{feed.id}/switch", data={"seen": "off"}).status_code == 303
    card = make_card(session, url=FEED)
    issue = make_issue(session, cast.author)
    session.add(MatchOpinion(issue_id=issue.id, kind=LinkKind.CARD, key=card.id, person_id=cast.author.id, agrees=True))
    session.commit()
    unsure = admin.post(f"/admin/cards/{feed.id}/removal", data={})
    assert unsure.status_code == 422
    assert "Zet een vinkje" in unsure.text
    assert admin.post(f"/admin/cards/{feed.id}/removal", data={"sure": "yes"}).status_code == 303
    session.expire_all()
    assert not session.exec(select(ImportedCard)).all()
    assert not session.exec(select(MatchOpinion)).all()
    did = ["feed-added", "feed-asked", "feed-off", "feed-on", "feed-removed"]
    assert told(session) == [f"cards.{each}" for each in did]


@pytest.mark.parametrize(
    "url",
    ["", "stad.example", "javascript:alert(1)", "https://a b.nl", "http://127.0.0.1:8000/pilots/cards.json", FEED],
)
def test_a_feed_that_is_not_taken(session: Session, admin: Browser, url: str) -> None:
    session.add(CardFeed(url=FEED))
    session.commit()
    answer = admin.post("/admin/cards", data={"url": url})
    assert answer.status_code == 422
    assert 'id="url-error"' in answer.text
    assert len(session.exec(select(CardFeed)).all()) == 1


def test_there_is_an_end_to_feeds(session: Session, admin: Browser) -> None:
    session.add_all(CardFeed(url=f"{FEED}?{number}") for number in range(MOST_FEEDS))
    session.commit()
    assert f"Er zijn al {MOST_FEEDS} feeds" in admin.post("/admin/cards", data={"url": FEED}).text


def test_the_page_says_what_is_wrong_with_a_feed(session: Session, admin: Browser) -> None:
    named = [{"key": "", "name": "<i>Kaart</i>", "why": "wrong", "where": "stage"}]
    brought = {"new": 1, "changed": 2, "same": 3, "gone": 4, "refused": 5, "named": named}
    session.add(CardFeed(url=FEED, problem="status 503", tried_at=now(), fetched_at=now(), brought=brought))
    session.commit()
    page = admin.get("/admin/cards").text
    assert "foutmelding (503)" in page
    assert "1 nieuwe en 2 gewijzigde kaarten; 4 zijn weg, 5 waren niet te lezen" in page
    assert "&lt;i&gt;Kaart&lt;/i&gt;: er klopt iets niet in “stage”" in page
