"""Sentence embeddings, in a city that uses them; with a real, tiny model that the test writes itself."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from app.check import findings
from app.core.clock import now
from app.core.db import Database
from app.issues.models import Issue
from app.matching import actions, jobs
from app.matching.engine.problem import Problem
from app.matching.knowledge import corpus, forgetting
from app.matching.knowledge.embeddings import Encoder, UnusableModel, open_model, product
from app.matching.models import LinkKind, PilotMatch, SimilarMatch, TextVector
from app.settings import Settings
from tests.conftest import Cast
from tests.factories import INSIDE, make_issue, make_pilot
from tests.matching.tiny_model import write_model


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("model") / "tiny")


@pytest.fixture
def model(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Encoder:
    """The city uses it."""
    opened = open_model(str(folder))
    for place in (corpus, jobs):
        monkeypatch.setattr(place, "encoder", lambda: opened)
    return opened


def test_texts_that_mean_the_same_lie_close(model: Encoder) -> None:
    rain, cellar, dark = model.encode(["Zwomp!", "hoosbui kelders", "In de duusternis"])
    assert product(rain, rain) == pytest.approx(1)
    assert model.likeness(product(rain, cellar)) > 0.9
    assert model.likeness(product(rain, dark)) < 0.3
    assert model.encode(["Zwomp!", "x"])[0] == pytest.approx(model.encode(["Zwomp!"])[0])


def test_a_pilot_in_other_words_is_found_and_its_sentence_named(
    model: Encoder, database: Database, session: Session, cast: Cast
) -> None:
    pilot = make_pilot(session, [make_issue(session, cast.author, "Bibliotheek", description="Te klein.")])
    pilot.problem = "Er staat een hek. Na een hoosbui kelders onder."
    session.add(pilot)
    session.commit()
    asked = Problem("Zwomp zwomp zwomp", "", "nl")
    assert actions.rank(session, asked).pilots.shown == ()
    while jobs.make_missing_vectors(session):
        session.commit()
    (found,) = actions.rank(session, asked).pilots.shown
    assert found.key == pilot.id
    assert [(each.code, each.params) for each in found.reasons] == [
        ("means_the_same", {"theirs": "Na een hoosbui kelders onder."})
    ]


def test_similar_issues_are_told_by_what_they_mean(
    model: Encoder, database: Database, session: Session, cast: Cast
) -> None:
    first = make_issue(session, cast.author, "Hoosbui", description="Kelders.")
    while jobs.make_missing_vectors(session):
        session.commit()
    second = make_issue(session, cast.author, "Zwomp", description="Zwomp zwomp.")
    row = session.exec(select(SimilarMatch).where(SimilarMatch.issue_id == second.id)).one()
    assert row.other_id == first.id
    assert "means_the_same" in [reason["code"] for reason in row.reasons]
    forgetting.forget_words(session, first)
    left = select(TextVector).where(TextVector.kind == LinkKind.SIMILAR, col(TextVector.key) == first.id)
    assert session.exec(left).all() == []


def test_vectors_follow_their_texts_and_are_made_once(model: Encoder, session: Session, cast: Cast) -> None:
    issue = make_issue(session, cast.author, "Hoosbui", description="Kelders.")
    while jobs.make_missing_vectors(session):
        session.commit()
    assert jobs.make_missing_vectors(session) == 0
    issue = session.get_one(Issue, issue.id)
    issue.title = "Duusternis"
    session.add(issue)
    session.commit()
    assert jobs.make_missing_vectors(session) == 1


def test_without_a_model_nothing_is_imported_or_kept(session: Session, cast: Cast) -> None:
    make_pilot(session, [make_issue(session, cast.author)])
    make_issue(session, cast.author, "Donker fietspad in de duinen")
    assert jobs.make_missing_vectors(session) == 0
    assert session.exec(select(TextVector)).all() == []
    assert session.exec(select(PilotMatch)).all()
    code = (
        "import app.main, app.commands, sys; print({'onnxruntime', 'tokenizers', 'numpy', 'shapely'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize("broken", ["nothing", "tokenizer.json", "onnx/model.onnx"])
def test_a_model_that_cannot_be_used_is_named_by_the_check_and_stops_nothing(
    broken: str, folder: Path, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "model"
    if broken == "nothing":
        place.mkdir()
    else:
        write_model(place)
        (place / broken).write_bytes(b"this is none")
    with pytest.raises(UnusableModel):
        open_model(str(place))
    told = [each for each in findings(settings.model_copy(update={"embeddings": str(place)})) if "embedding" in each]
    assert len(told) == 1
    assert str(place) in told[0]
    assert [each for each in findings(settings.model_copy(update={"embeddings": str(folder)})) if "embed" in each] == []
    monkeypatch.setattr("app.matching.knowledge.embeddings.get_settings", lambda: Settings(embeddings=str(place)))
    assert jobs.encoder() is None


def test_a_missing_library_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(UnusableModel, match="onnxruntime is not installed"):
        open_model(str(folder))


def test_matches_stay_the_same_from_one_run_to_the_next(model: Encoder, session: Session, cast: Cast) -> None:
    make_pilot(session, [make_issue(session, cast.author)])
    while jobs.make_missing_vectors(session):
        session.commit()
    asked = Problem("Duusternis op het fietspad", "Zwomp", "nl", *INSIDE, created=now())
    assert actions.rank(session, asked) == actions.rank(session, asked)
