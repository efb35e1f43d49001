"""A resident joins a pilot and leaves it; the city team says what it measures and takes a table over."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from sqlmodel import Session

from app.coalition.models import Partner, PartnerKind
from app.pilots.models import Pilot
from tests.browser.conftest import DESK, PHONE, Visit
from tests.conftest import Cast
from tests.factories import make_issue, make_pilot

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NARROW = {"width": 320, "height": 640}


@pytest.fixture
def pilot(session: Session, cast: Cast) -> Pilot:
    pilot = make_pilot(session, [make_issue(session, cast.author)])
    for kind in PartnerKind:
        session.add(Partner(pilot_id=pilot.id, name=f"Samenwerkingsverband {kind}", kind=kind, role="Helpt mee"))
    session.commit()
    return pilot


@pytest.mark.parametrize(("size", "javascript"), [(PHONE, True), (NARROW, False)], ids=["phone", "no-javascript"])
def test_join_and_leave(
    visit: Callable[..., Visit], session: Session, cast: Cast, pilot: Pilot, size: dict[str, int], javascript: bool
) -> None:
    me = visit(size, "nl", javascript)
    page = me.page
    me.come_in(session, cast.resident, "nl")
    me.go(f"/pilots/{pilot.id}")
    expect(page.locator("#join")).to_contain_text("“Bram”")
    page.locator("#join button").click()
    page.wait_for_url("**/coalition")
    expect(page.locator("#names")).to_contain_text("Bram")
    me.examine()
    page.locator("#join button").click()
    expect(page.locator("#residents")).to_contain_text("Er doet nog niemand mee")
    me.examine()


def test_measure(visit: Callable[..., Visit], session: Session, cast: Cast, pilot: Pilot) -> None:
    me = visit(DESK, "nl")
    page = me.page
    me.come_in(session, cast.team, "nl")
    me.go(f"/pilots/{pilot.id}/measures/new")
    me.examine()
    page.fill("#name", "Meldingen over donker")
    page.fill("#unit", "per maand")
    page.fill("#source", "Meldpunt van de gemeente")
    page.get_by_text("Minder is beter").click()
    page.fill("#target", "10")
    page.fill("#baseline", "1.234")
    page.fill("#baseline_on", "2026-01-31")
    page.locator("#form button[type=submit]").click()
    expect(page.locator("#baseline-error")).to_contain_text("kan twee dingen zijn")
    me.faults.clear()  # the browser reports the status of what was refused
    me.examine()
    page.fill("#baseline", "43")
    page.locator("#form button[type=submit]").click()
    page.wait_for_url("**/measures")
    expect(page.locator(".measured")).to_contain_text("Aan het begin: 43 per maand")
    me.examine()
    page.get_by_role("link", name="Meldingen over donker").click()
    page.get_by_role("link", name="Tabel overnemen").click()
    table = b"datum;waarde;opmerking\n2026-03-31;30,5;\n2026-05-31;achttien;na de vakantie\n"
    page.set_input_files("#file", {"name": "meting.csv", "mimeType": "text/csv", "buffer": table})
    page.locator("#form button[type=submit]").click()
    expect(page.locator("#problems")).to_contain_text("Regel 3")
    me.faults.clear()
    me.examine()
    page.fill("#lines", page.input_value("#lines").replace("achttien", "18"))
    page.locator("#form button[type=submit]").click()
    page.wait_for_url("**/measures/*")
    expect(page.locator(".measured")).to_contain_text("Van 43 naar 18 per maand: 58% minder; beter.")
    expect(page.locator(".chart")).to_be_visible()
    me.examine()
    page.locator(".chart-table a").first.click()
    me.examine()
    me.go(f"/pilots/{pilot.id}")
    expect(page.locator("#measures")).to_contain_text("58% minder")
    me.examine()
    me.go(f"/pilots/{pilot.id}/coalition/partners/new")
    me.examine()
    me.go(f"/pilots/{pilot.id}/coalition/letters")
    me.examine()
