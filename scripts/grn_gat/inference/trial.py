"""A method file of a user put to the test: what a study would find out after hours, in seconds.

The data are made up: a dozen genes, some of which depend on others, in a hundred cells with time.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from grn_gat.algorithms._registry import Method, load_file, method_names, run_method
from grn_gat.core.errors import InputError
from grn_gat.core.job import cpu_seconds
from grn_gat.core.own_methods import own_methods
from grn_gat.core.row_names import is_taken
from grn_gat.core.seeds import generator
from grn_gat.data.evidence import NO_TARGET, Evidence
from grn_gat.study.own_methods import check_file, own_settings

OK, REMARK, WRONG = "ok", "remark", "wrong"
GENES, CELLS = 12, 100
FEW_CELLS = 3
_TIMED = (25, 50, 100, 200)  # genes
_LONGEST = 10.0  # seconds: the next larger number of genes is not tried
_MEASURABLE = 0.1  # seconds: from less nothing is extrapolated
_ASKED = 1000  # genes that the time is extrapolated to
_SHUFFLES = 3
_AS_HIGH = 0.65  # of shuffled genes, scores from this share on; of methods with a scale at most .56
_SEED = 1


@dataclass(frozen=True)
class Finding:
    """What was found out: ok, remark or wrong; about what; a sentence."""

    state: str
    about: str
    text: str


@dataclass(frozen=True)
class _Trial:
    """A method on made-up data, called as a study calls it."""

    name: str
    record: Method

    def scores(
        self,
        expression: np.ndarray,
        seed: int = _SEED,
        threads: int = 1,
        regulators: Sequence[int] | None = None,
    ) -> np.ndarray:
        """Return its scores (genes, genes) for expression (genes, cells)."""
        genes, cells = expression.shape
        every = np.arange(genes) if regulators is None else np.array(regulators)
        names = [f"gene{i + 1}" for i in range(genes)]
        when = np.linspace(0, 1, cells)[:, None]
        evidence = _evidence(genes, cells)
        return run_method(
            self.name, names, expression, when, every, seed, threads, {}, evidence, "trial"
        )


def try_method(path: Path) -> Iterator[Finding]:
    """Test the file of a method; its code is run.

    Raises:
        InputError: there is no such file.
    """
    if not path.is_file():
        raise InputError(f"there is no file {str(path)!r} in {Path.cwd()}")
    name = path.stem.replace("_", "-")
    try:
        if name in method_names("") or name == "all" or is_taken(name):
            raise InputError(f"{name} is in use already; give the file another name")
        check_file(path)
        with own_methods(str(path.absolute().parent)):
            if name not in method_names():
                raise InputError(f"{path}: a name that begins with _ is none of a method")
            record = load_file(path.absolute())
            yield Finding(OK, "file", f"method {name}, {record.title}; {_settings(path)}")
            yield from _findings(_Trial(name, record))
    except InputError as error:
        yield Finding(WRONG, "file", str(error))


def made_up(genes: int, cells: int) -> np.ndarray:
    """Return expression (genes, cells): gamma values over time, every third gene of two others."""
    rng = generator(_SEED, "trial", genes, cells)
    when = np.linspace(0, 3, cells)
    values = rng.gamma(2.0, size=(genes, cells)) + np.sin(when + rng.random((genes, 1)) * 6)
    for gene in range(2, genes, 3):
        values[gene] += values[gene - 1] - 0.5 * values[gene - 2]
    return np.maximum(values, 0)


def _evidence(genes: int, cells: int) -> Evidence:
    """Evidence of every kind: a quarter of the cells without the first gene, drawn values."""
    rng = generator(_SEED, "trial", "evidence", genes, cells)
    target = np.full(cells, NO_TARGET)
    target[: max(1, cells // 4)] = 0
    prior = rng.random((genes, genes)) < 0.2
    prior[0, 1] = True
    np.fill_diagonal(prior, False)
    return Evidence(
        target=target,
        fold=np.where(target == NO_TARGET, 1.0, 0.0),
        protein=rng.gamma(2.0, size=(2, cells)),
        protein_genes=np.array([0, genes - 1]),
        activity=rng.poisson(2, (genes, cells)).astype(float),
        velocity=rng.normal(size=(genes, cells)),
        priors=(prior,),
    )


def _settings(path: Path) -> str:
    named = [f"{key} ({default!r})" for key, default in own_settings(path).items()]
    return f"settings: {', '.join(named)}" if named else "no settings"


def _findings(trial: _Trial) -> Iterator[Finding]:
    expression = made_up(GENES, CELLS)
    shown = expression.copy()
    try:
        scores = trial.scores(shown)
    except Exception as error:
        yield Finding(WRONG, "scores", f"{type(error).__name__}: {error}")
        return
    yield _shape(scores)
    unchanged = np.array_equal(shown, expression)
    text = "expression is as it was" if unchanged else "infer changes expression in place: copy it"
    yield Finding(OK if unchanged else WRONG, "input", text)
    yield _determinism(trial, expression)
    yield from _claims(trial.record, scores)
    if not trial.record.relative:
        yield from _scale(trial, expression, scores)
    yield _attempt("regulators", lambda: trial.scores(expression, regulators=[1, 4]), "two only")
    constant = expression.copy()
    constant[3] = 1.0
    yield _attempt("constant gene", lambda: trial.scores(constant), _kept(trial.record))
    few = expression[:, :FEW_CELLS]
    yield _attempt("few cells", lambda: trial.scores(few), f"{FEW_CELLS} cells")
    yield _time(trial)


def _shape(scores: np.ndarray) -> Finding:
    """`run_method` has seen to shape and finite values."""
    other = scores[~np.eye(len(scores), dtype=bool)]
    if np.ptp(np.abs(other)) == 0:
        return Finding(WRONG, "scores", "all pairs have the same |score|: this is no ranking")
    text = f"{GENES} x {GENES}, finite, {len(np.unique(np.abs(other)))} different |scores|"
    return Finding(OK, "scores", text)


def _determinism(trial: _Trial, expression: np.ndarray) -> Finding:
    first, second = (_in_a_state(trial, expression, state) for state in (1, 2))
    if not np.array_equal(first, second):
        text = "the same seed gives other scores: draw from np.random.default_rng(seed) only"
        return Finding(WRONG, "determinism", text)
    if not np.array_equal(trial.scores(expression, threads=2), first):
        text = "two threads give other scores than one: results would depend on the machine"
        return Finding(WRONG, "determinism", text)
    drawn = not np.array_equal(trial.scores(expression, seed=_SEED + 1), first)
    text = "the same seed gives the same scores"
    return Finding(OK, "determinism", f"{text}{', another one others' if drawn else ''}")


def _in_a_state(trial: _Trial, expression: np.ndarray, state: int) -> np.ndarray:
    """Scores where numpy's global generator, which no method may draw from, is in a state."""
    before = np.random.get_state()  # noqa: NPY002
    np.random.seed(state)  # noqa: NPY002
    try:
        return trial.scores(expression)
    finally:
        np.random.set_state(before)  # noqa: NPY002


def _claims(record: Method, scores: np.ndarray) -> Iterator[Finding]:
    """What METHOD says of the scores."""
    symmetric, negative = np.allclose(scores, scores.T), bool((scores < 0).any())
    if record.directed and symmetric:
        yield Finding(REMARK, "directed", "scores are symmetric: say directed=False")
    if not record.directed and not symmetric:
        yield Finding(WRONG, "directed", "scores are not symmetric: say directed=True")
    if negative and not record.signed:
        yield Finding(REMARK, "signed", "some scores are negative: if that is repression, say "
                      "signed=True; |score| is what counts")  # fmt: skip
    if record.signed and not negative:
        yield Finding(REMARK, "signed", "no score is negative here, though METHOD says signed=True")
    if record.probabilities and np.abs(scores).max() > 1:
        yield Finding(WRONG, "probabilities", f"|score| is up to {np.abs(scores).max():.3g}")


def _scale(trial: _Trial, expression: np.ndarray, scores: np.ndarray) -> Iterator[Finding]:
    """A remark where the strongest scores of shuffled genes, which have no edge, are as high."""
    null = []
    for number in range(_SHUFFLES):
        rng = generator(_SEED, "trial", "shuffled", number)
        try:
            null.append(_strongest(trial.scores(rng.permuted(expression, axis=1))))
        except Exception:  # of such data a method may give none
            return
    share = float(np.median(null)) / _strongest(scores)
    if share >= _AS_HIGH:
        yield Finding(
            REMARK, "relative", f"where nothing regulates the strongest scores are {share:.0%} as "
            "high: if they are ranked, standardised or divided by the largest, say relative=True",
        )  # fmt: skip


def _strongest(scores: np.ndarray) -> float:
    """Mean |score| of as many pairs as there are genes, the strongest."""
    other = np.abs(scores[~np.eye(len(scores), dtype=bool)])
    return float(np.sort(other)[-len(scores) :].mean())


def _kept(record: Method) -> str:
    if record.needs_variation:
        return "kept from the method, score 0 (needs_variation)"
    return "shown to the method (needs_variation=False)"


def _attempt(about: str, call: Callable[[], np.ndarray], words: str) -> Finding:
    """Scores, or a reason that a study records; the other methods of the study go on."""
    try:
        call()
    except InputError as error:
        return Finding(REMARK, about, f"{words}: no scores, because {error}")
    except Exception as error:
        text = f"{words}: {type(error).__name__}: {error}; raise InputError with a sentence"
        return Finding(REMARK, about, text)
    return Finding(OK, about, words)


def _time(trial: _Trial) -> Finding:
    """CPU seconds by number of genes, and what they come to with many, by the last doubling."""
    seconds: list[float] = []
    try:
        for genes in _TIMED:
            expression = made_up(genes, 2 * CELLS)
            start = cpu_seconds()
            trial.scores(expression)
            seconds.append(cpu_seconds() - start)
            if seconds[-1] > _LONGEST:
                break
    except Exception as error:
        genes = _TIMED[len(seconds)]
        return Finding(REMARK, "time", f"{genes} genes: {type(error).__name__}: {error}")
    measured = ", ".join(
        f"{genes} genes {second:.2g} s" for genes, second in zip(_TIMED, seconds, strict=False)
    )
    text = f"{2 * CELLS} cells, {measured} of CPU"
    if len(seconds) > 1 and seconds[-2] >= _MEASURABLE:
        power = max(0.0, math.log2(seconds[-1] / seconds[-2]))
        largest = _TIMED[len(seconds) - 1]
        expected = seconds[-1] * (_ASKED / largest) ** power
        text += f"; {_ASKED} genes may take {_rough(expected)}"
    return Finding(OK, "time", text)


def _rough(seconds: float) -> str:
    for limit, unit in ((3600, "hours"), (60, "minutes")):
        if seconds >= 2 * limit:
            return f"{seconds / limit:.0f} {unit}"
    return "seconds" if seconds >= 1 else "less than a second"
