"""Whatever another city answers, it ends soon, and in a word that the administrator's page explains."""

import time

import pytest

from app.cards.fetching import MOST_BYTES, Budget, Fetcher, Refused, Why
from app.cards.words import PROBLEMS, problem_in_words
from tests.cards.hostile import Answer, city_that, dripping, dripping_headers, endless, said

ANYWHERE = Fetcher(is_careful=False)


def why_not(address: str, fetcher: Fetcher = ANYWHERE, seconds: float = 5.0) -> str:
    with pytest.raises(Refused) as refused:
        fetcher.fetch(address, Budget(seconds))
    return refused.value.code


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        (dripping, "slow"),
        (dripping_headers, "slow"),
        (lambda peer: time.sleep(3), "slow"),
        (endless, "large"),
        (said(b" " * (MOST_BYTES + 1)), "large"),
        (said(b"", status="500 Oops"), "status 500"),
        (said(b"", status="404 Not Found"), "status 404"),
        (said(b"", "Location: http://10.0.0.1/cards.json", status="302 Found"), "address"),
        (said(b"", "Location: http://169.254.169.254/latest", status="307 Moved"), "address"),
        (said(b"", "Location: file:///etc/passwd", status="302 Found"), "address"),
        (said(b"", "Location: /pilots/cards.json", status="302 Found"), "redirects"),
        (said(b"x", "Content-Encoding: gzip"), "not-json"),
        (b"Good morning\r\n\r\n", "unreachable"),
        (lambda peer: None, "unreachable"),
    ],
)
def test_what_a_city_may_not_do(answers: Answer | bytes, code: str) -> None:
    began = time.monotonic()
    with city_that(answers) as address:
        assert why_not(address, seconds=1.0 if code == "slow" else 10.0) == code
    assert time.monotonic() - began < 8
    assert problem_in_words(code).source


def test_a_city_that_is_not_there() -> None:
    with city_that(b"") as address:
        pass
    assert why_not(address) == "unreachable"
    assert why_not("http://no-such-city.invalid/") == "unreachable"


def test_an_answer_comes_with_its_tag_and_nothing_when_it_is_known() -> None:
    with city_that(said(b"{}", 'ETag: "one"')) as address:
        fetched = ANYWHERE.fetch(address, Budget())
        assert (fetched.body, fetched.etag) == (b"{}", '"one"')
    with city_that(said(b"", status="304 Not Modified")) as address:
        assert ANYWHERE.fetch(address, Budget(), '"one"').body is None


@pytest.mark.parametrize(
    "address",
    [
        "http://stad.example/cards.json",
        "https://127.0.0.1/cards.json",
        "https://localhost/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://0.0.0.0/",
        "https://10.1.2.3/",
        "https://192.168.1.1/",
        "https://100.64.0.1/",
        "https://169.254.169.254/",
        "https://224.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[::10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "https://[2002:a00:1::]/",
        "https://[fe80::1]/",
        "https://[fec0::1]/",
        "https://[fd00::1]/",
        "https://name:word@stad.example/",
        "ftp://stad.example/",
        "https:///cards.json",
        "https://stad.example:99999/",
        "https://stad.example/a b",
        "https://stad.example/\r\nX: y",
    ],
)
def test_addresses_that_are_never_asked_in_production(address: str) -> None:
    assert why_not(address, Fetcher(is_careful=True)) == "address"


def test_a_name_that_leads_elsewhere_by_the_time_we_connect_is_of_no_use(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is looked up once; one forbidden address among several is enough."""
    public = (2, 1, 6, "", ("93.184.216.34", 443))
    private = (2, 1, 6, "", ("10.0.0.1", 443))
    asked: list[object] = []
    answers = [[public, private], [private]]

    def look_up(*about: object, **_how: object) -> list[tuple[object, ...]]:
        asked.append(about)
        return answers[len(asked) - 1]

    monkeypatch.setattr("app.cards.fetching.socket.getaddrinfo", look_up)
    assert why_not("https://stad.example/", Fetcher(is_careful=True)) == "address"
    assert len(asked) == 1


def test_every_problem_has_a_sentence() -> None:
    assert set(Why) - {Why.STATUS, Why.MANY} == set(PROBLEMS)
