"""The scheduler of Snakemake waits with one timer, and goes on after each."""

import inspect
import threading

from snakemake.scheduling.job_scheduler import JobScheduler

from grn_gat.study.scheduler_timer import schedule_reevaluation, use_one_timer


class Scheduler:
    """What the method needs of Snakemake's."""

    def __init__(self):
        self._open_jobs = threading.Semaphore(0)


def test_one_timer_at_a_time_and_never_none():
    scheduler, other = Scheduler(), Scheduler()
    before = threading.active_count()
    for _ in range(5):  # each round waits, releases once, and can be followed by another
        for _ in range(20):
            schedule_reevaluation(scheduler, 0.02)
        assert threading.active_count() <= before + 2  # the one before may just be ending
        assert scheduler._open_jobs.acquire(timeout=30)
        assert not scheduler._open_jobs.acquire(blocking=False)
    schedule_reevaluation(scheduler, 60.0)
    schedule_reevaluation(other, 0.02)  # has a timer of its own
    assert other._open_jobs.acquire(timeout=30)
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.cancel()


def test_snakemake_is_as_expected(monkeypatch):
    """Fails where another Snakemake makes the module superfluous or names things differently."""
    original = JobScheduler._schedule_reevalutation
    assert list(inspect.signature(original).parameters) == ["self", "delay"]
    assert "threading.Timer(" in inspect.getsource(original)
    source = inspect.getsource(JobScheduler.schedule)
    assert "self._schedule_reevalutation(self.job_rate_limiter.timespan)" in source
    assert "self._open_jobs.acquire()" in source
    monkeypatch.setattr(JobScheduler, "_schedule_reevalutation", original)  # put back afterwards
    use_one_timer()
    assert JobScheduler._schedule_reevalutation is schedule_reevaluation
