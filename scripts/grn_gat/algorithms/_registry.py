"""Methods that infer a network from expression alone, without any known edge.

One module each. The name of a method, in the config, in paths and in tables, is that of its module
with `-` for `_`; a module defines `METHOD`, its entry in the registry. Adding a method means adding
such a file, and its settings (if it has any) to the block `method_settings` of the config schema.

A study may bring a folder of its own methods (`_own`). Functions take it as `own`, empty for none;
without it that of the job (`core.own_methods`).
"""

import ast
import importlib
import importlib.util
import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grn_gat.algorithms._own import entry, load, own_files
from grn_gat.core.errors import InputError
from grn_gat.core.own_methods import own_folder
from grn_gat.core.spelling import did_you_mean
from grn_gat.data.evidence_names import EVIDENCE, WORDS

if TYPE_CHECKING:
    import numpy as np

    from grn_gat.data.evidence import Evidence


ZERO_SHOT = "gat-zeroshot"  # our own entry of the axis
CONSENSUS = "consensus"  # shown first where the scores of the zero-shot model are doubtful
# Of one data set, where nobody says otherwise: ours, and what costs next to nothing beside it.
INFERRED = (ZERO_SHOT, CONSENSUS, "spearman-clr", "spearman-pc")
ANY = "any"  # evidence that a method needs: whatever there is
# What `infer` may ask for by the name of a parameter; others are settings.
OFFERED = (
    "pseudotime", "evidence", "regulators", "seed", "threads", "genes", "data_set",
)  # fmt: skip


@dataclass(frozen=True)
class Method:
    """One method.

    Attributes:
        title: name as the literature writes it.
        citation: authors, journal, year.
        infer: pure function with parameter `expression` (genes, cells) and any of `pseudotime`
            (cells, trajectories; NaN where a cell is not on a trajectory), `evidence` (what else is
            known of the cells, of the kinds that it needs), `regulators` (indices of the candidate
            regulators), `seed` (integer), `threads`, `genes` (names of the rows), `data_set` (its
            name, empty where it has none), and the method's settings, by these names.
            Returns scores (genes, genes), `[u, v]` for regulator u and target v, a larger |score|
            for a likelier edge; the diagonal is ignored. Raises InputError where the method is not
            defined on the data.
        needs_pseudotime: whether `infer` needs a pseudotime.
        needs_evidence: the kind of evidence that `infer` needs, of `data.evidence_names.EVIDENCE`;
            `ANY`: whatever there is, pseudotime as well. Empty where it needs none.
        signed: whether the sign of a score is that of the regulation.
        directed: whether the scores of u -> v and v -> u may differ.
        needs_variation: whether it is undefined for a gene with the same value in all cells; such
            genes are not shown to it, and have the score 0.
        probabilities: whether |score| is a probability of the edge.
        weights: whether one of its settings is `weights`, a file that it reads.
        relative: whether scores have no scale that data sets share (standardised, ranked, divided
            by the largest, learned where there always are edges), so that those of noise may be as
            large; a gene-shuffled null then says little.
        component: whether it takes a component of all genes away, after which few genes that have
            nothing in common correlate; a gene-shuffled null is then too strict.
        costly: whether it takes too long to be run on shuffled data as well where nobody asks.
        settings: the method whose block of settings it shares; empty where it has its own.
        package: what pip installs for it beside requirements.lock, `name==version`; empty where
            that is nothing. `all` leaves such a method out.
    """

    title: str
    citation: str
    infer: Callable[..., "np.ndarray"]
    needs_pseudotime: bool = False
    needs_evidence: str = ""
    signed: bool = False
    directed: bool = True
    needs_variation: bool = True
    probabilities: bool = False
    weights: bool = False
    relative: bool = False
    component: bool = False
    costly: bool = False
    settings: str = ""
    package: str = ""


FIELDS = tuple(field.name for field in fields(Method))


def module_path(name: str, own: str | None = None) -> Path:
    """File of a method."""
    files = own_files(own_folder() if own is None else own)
    return files.get(name, Path(__file__).with_name(f"{name.replace('-', '_')}.py"))


def method_names(own: str | None = None) -> list[str]:
    """Names of all methods, sorted."""
    files = Path(__file__).parent.glob("[!_]*.py")
    names = {path.stem.replace("_", "-") for path in files}
    return sorted(names | own_files(own_folder() if own is None else own).keys())


def usual_methods(own: str | None = None) -> list[str]:
    """Names of the methods that `all` stands for: those that need no evidence and no package."""
    apart = ("needs_evidence", "package")
    return [name for name in method_names(own) if not any(stated(name, own).get(k) for k in apart)]


def check_package(name: str, own: str | None = None) -> None:
    """Raise InputError where the package that a method needs beside the lock is not installed."""
    found = stated(name, own)
    _check_package(name, str(found.get("title", name)), str(found.get("package", "")))


def _check_package(name: str, title: str, package: str) -> None:
    module = package.partition("==")[0].replace("-", "_")
    if module and importlib.util.find_spec(module) is None:
        raise InputError(
            f"{title} needs the package {module}, which is not installed here: "
            f"{sys.executable} -m pip install {package}, or leave {name} out of the methods"
        )


def evidence_kinds(needed: object) -> tuple[str, ...]:
    """Return the kinds of evidence that a method sees, by what it states that it needs."""
    return EVIDENCE if needed == ANY else tuple(kind for kind in EVIDENCE if kind == needed)


def load_method(name: str) -> Method:
    """Return a method's entry; InputError if there is no such method.

    That of a user's method is without its code, which `run_method` runs.
    """
    if name not in method_names():
        known = method_names()
        question = did_you_mean(name, known)
        raise InputError(f"there is no method {name!r}{question}; known: {', '.join(known)}")
    path = own_files(own_folder()).get(name)
    if path is not None:  # as its text states it: pages are made where it may not run
        flags: dict[str, Any] = {**stated_in(path), "infer": _not_run}
        return Method(**flags)
    return importlib.import_module(f"{__package__}.{name.replace('-', '_')}").METHOD


def _not_run(*_: object) -> "np.ndarray":
    raise AssertionError("the code of a method of a user is run by run_method only")


def _infer_of(name: str, method: Method) -> Callable[..., "np.ndarray"]:
    """The function of a method; of a user's its file is run for it."""
    path = own_files(own_folder()).get(name)
    return method.infer if path is None else load_file(path).infer


def load_file(path: Path) -> Method:
    """Run a file of the user and return its entry.

    Raises:
        InputError: it cannot be imported, or has no entry.
    """
    found = getattr(load(path), "METHOD", None)
    if not isinstance(found, Method):
        raise InputError(f"{path}: METHOD is no Method(...), but {type(found).__name__}")
    return found


def stated(name: str, own: str | None = None) -> Mapping[str, object]:
    """Return what a method's file states in its entry as plain values, without importing it.

    For the reading of the workflow, where nothing may import numpy.
    """
    return stated_in(module_path(name) if own is None else module_path(name, own))


def stated_in(path: Path) -> Mapping[str, object]:
    """Return the same of a file."""
    return _stated(path.absolute(), path.stat().st_mtime_ns)


@cache
def _stated(path: Path, _: int) -> Mapping[str, object]:
    call = entry(path)
    given = dict(zip(FIELDS, call.args, strict=False))
    given |= {word.arg: word.value for word in call.keywords if word.arg}
    return {key: value.value for key, value in given.items() if isinstance(value, ast.Constant)}


def uses_threads(name: str) -> bool:
    """Whether a method shares its work among processes."""
    return "threads" in inspect.signature(load_method(name).infer).parameters


def run_method(
    name: str,
    genes: Sequence[str],
    expression: "np.ndarray",
    pseudotime: "np.ndarray | None",
    regulators: "np.ndarray",
    seed: int,
    threads: int,
    settings: Mapping[str, object],
    evidence: "Evidence | None" = None,
    data_set: str = "",
) -> "np.ndarray":
    """Infer a network with one method.

    Args as `Method.infer` takes them; `settings` are the method's own.

    Returns:
        Scores (genes, genes), finite; 0 on the diagonal and in the rows of genes that are no
        candidate regulators.

    Raises:
        InputError: the method is not defined on these data; the message says why.

    Of a method that is not defined for genes with the same value in all cells, the scores are
    those of the other genes, as if these were not in the data; theirs are 0.
    """
    import numpy as np
    from threadpoolctl import threadpool_limits

    from grn_gat.data.evidence import Evidence

    method = load_method(name)
    _check_package(name, method.title, method.package)
    if method.needs_pseudotime and pseudotime is None:
        raise InputError(f"{method.title} needs a pseudotime, and the data set has none")
    evidence = (evidence or Evidence()).only(evidence_kinds(method.needs_evidence))
    if method.needs_evidence == ANY and not evidence.kinds and pseudotime is None:
        offers = ", ".join(["a pseudotime", *WORDS.values()])
        raise InputError(f"{method.title} needs any of {offers}, and the data set has none of them")
    if method.needs_evidence not in ("", ANY) and not evidence.kinds:
        words = WORDS[method.needs_evidence]
        raise InputError(f"{method.title} needs {words}, and the data set has none")
    varying = np.flatnonzero(np.ptp(expression, axis=1) > 0)
    if method.needs_variation and len(varying) < len(genes):
        if len(varying) < 2 or not np.isin(regulators, varying).any():
            raise InputError(
                f"{method.title} is not defined for genes with the same value in all cells, and "
                f"only {len(varying)} of {len(genes)} genes differ between cells"
            )
        scores = np.zeros((len(genes), len(genes)))
        scores[np.ix_(varying, varying)] = run_method(
            name,
            [genes[int(i)] for i in varying],
            expression[varying],
            pseudotime,
            np.flatnonzero(np.isin(varying, regulators)),
            seed,
            threads,
            settings,
            evidence.of_genes(varying),
            data_set,
        )
        return scores
    values = (pseudotime, evidence, regulators, seed, threads, list(genes), data_set)
    offered = dict(zip(OFFERED, values, strict=True))
    infer = _infer_of(name, method)
    wanted = inspect.signature(infer).parameters
    known = {key: value for key, value in offered.items() if key in wanted}
    # Sums in one thread: the same bytes on any number of cores.
    with threadpool_limits(limits=1):
        scores = np.array(infer(expression, **known, **settings), dtype=float)
    if scores.shape != (len(genes),) * 2:
        raise InputError(
            f"{method.title} returned shape {scores.shape}; expected {(len(genes),) * 2}, a score "
            "of each regulator (row) and target (column)"
        )
    np.fill_diagonal(scores, 0)
    scores[np.setdiff1d(np.arange(len(scores)), regulators)] = 0
    if not np.isfinite(scores).all():
        number = int((~np.isfinite(scores)).sum())
        raise InputError(f"{method.title} gave no finite score for {number} pairs of genes")
    return scores


def template() -> str:
    """Return the text of a method to begin with."""
    return Path(__file__).with_name("_template.py").read_text(encoding="utf-8")
