"""How far a run of the workflow is: jobs done, their share, and how long the rest may take."""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from grn_gat.core.progress import duration


@dataclass(frozen=True)
class Job:
    """A job that was started.

    Attributes:
        rule: the rule that it is of.
        what: what it does, in words.
        start: when it was started, as the clock of its `Progress` says (s).
    """

    rule: str
    what: str
    start: float


class Progress:
    """The jobs of a run, and an estimate of the time left.

    The estimate takes for each job that is left the mean time of its rule so far, of a rule that
    has not been seen the mean of those that have, and divides by how many jobs were running at a
    time on average: kinds of jobs that are long and come late count as soon as one has ended.

    Args:
        planned: jobs of each rule.
        clock: monotonic seconds.
    """

    def __init__(self, planned: Mapping[str, int], clock: Callable[[], float] = time.monotonic):
        self.left = Counter(planned)  # running ones included
        self.total = self.left.total()
        self.done = 0
        self.running: dict[int, Job] = {}
        self._clock = clock
        self._spent: dict[str, list[float]] = defaultdict(list)
        self._start = clock()

    def begin(self, number: int, rule: str, what: str) -> None:
        """Count a job as running."""
        self.running[number] = Job(rule, what, self._clock())

    def end(self, number: int) -> None:
        """Count a job as done."""
        self.done += 1
        job = self.running.pop(number, None)
        if job is not None:
            self.left[job.rule] -= 1
            self._spent[job.rule].append(self._clock() - job.start)

    def fail(self, number: int) -> str:
        """Count a job as not running any more, and return what it did; it may be tried again."""
        job = self.running.pop(number, None)
        return job.what if job else ""

    def seconds_left(self) -> float | None:
        """Estimated seconds until the last job ends; None before the first one has."""
        means = {rule: sum(times) / len(times) for rule, times in self._spent.items()}
        if not means:
            return None
        now = self._clock()
        other = sum(means.values()) / len(means)
        work = sum(number * means.get(rule, other) for rule, number in self.left.items())
        begun = [(means.get(job.rule, other), now - job.start) for job in self.running.values()]
        work -= sum(min(mean, so_far) for mean, so_far in begun)
        busy = sum(map(sum, self._spent.values())) + sum(so_far for _, so_far in begun)
        at_a_time = busy / max(now - self._start, 1e-9)
        return work / max(at_a_time, 1e-9)

    def seconds(self) -> float:
        """Seconds since the run began."""
        return self._clock() - self._start

    def outlook(self) -> str:
        """Return the time left and what was started last, to be put behind the number of jobs."""
        left = self.seconds_left()
        newest = next((job.what for job in reversed(self.running.values()) if job.what), "")
        time_left = "" if left is None else f", about {duration(max(left, 10))} left"
        return time_left + (f": {newest}" if newest else "")

    def __str__(self) -> str:
        """Jobs done, their share, the time left, and what was started last."""
        share = 100 * self.done // max(self.total, 1)
        return f"{self.done} of {self.total} jobs, {share} %{self.outlook()}"
