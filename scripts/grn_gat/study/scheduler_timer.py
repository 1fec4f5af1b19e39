"""One timer for Snakemake's scheduler, where Snakemake itself sets more and more of them.

For the limit on the rate of jobs (`--max-jobs-per-timespan`, always there), each round of the
scheduler sets a timer for another round after a second, and each job that ends adds a round. While
jobs are ready, the rounds of hundreds of ended jobs follow one another with hardly a pause, and
each looks up all inputs of the ready ones (Snakemake 9.27, scheduling/job_scheduler.py). One timer
at a time does the same.
"""

import threading
from typing import Any


def use_one_timer() -> None:
    """Make Snakemake's scheduler wait with one timer at a time.

    A Snakemake that has no such class or method (its spelling) any more is left as it is.
    """
    try:
        from snakemake.scheduling.job_scheduler import JobScheduler
    except ImportError:
        return
    if hasattr(JobScheduler, "_schedule_reevalutation"):
        JobScheduler._schedule_reevalutation = schedule_reevaluation


def schedule_reevaluation(self: Any, delay: float) -> None:
    """Let the scheduler's next round begin after `delay` seconds, unless one waits already."""
    if getattr(self, "_waits", False):
        return
    self._waits = True

    def release() -> None:
        # In this order: the round that follows may set the next timer at once.
        self._waits = False
        self._open_jobs.release()

    threading.Timer(delay, release).start()
