"""The background work: one process at a time, also while a chore takes longer than the lease lasts."""

import threading
from datetime import timedelta

import pytest

from app import jobs
from app.core.db import Database


def test_one_of_two_holds_the_lease_until_it_lets_go(database: Database) -> None:
    assert jobs.hold_lease(database, "first")
    assert jobs.hold_lease(database, "first")
    assert not jobs.hold_lease(database, "second")
    jobs.release_lease(database, "first")
    assert jobs.hold_lease(database, "second")


def test_a_long_chore_keeps_the_lease_and_a_dead_process_loses_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "LEASE_LASTS", timedelta(seconds=0.6))
    stop = threading.Event()
    assert jobs.hold_lease(database, "busy")
    keeper = threading.Thread(target=jobs.keep_lease, args=(database, "busy", stop))
    keeper.start()
    assert not stop.wait(1.5)
    assert not jobs.hold_lease(database, "other")
    stop.set()
    keeper.join()
    assert not threading.Event().wait(0.8)
    assert jobs.hold_lease(database, "other")
