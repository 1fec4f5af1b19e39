"""Methods that infer a network from expression alone, without any known edge.

One module each. The name of a method, in the config, in paths and in tables, is that of its module
with `-` for `_`; a module defines `METHOD`, its entry in the registry. Adding a method means adding
such a file, and its settings (if it has any) to the block `method_settings` of the config schema.
"""

import ast
import importlib
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from grn_gat.core.errors import InputError
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


@dataclass(frozen=True)
class Method:
    """One method.

    Attributes:
        title: name as the literature writes it.
        citation: authors, journal, year.
        infer: pure function with parameter `expression` (genes, cells) and any of `pseudotime`
            (cells, trajectories; NaN where a cell is not on a trajectory), `evidence` (what else is
            known of the cells, of the kinds that it needs), `regulators` (indices of the candidate
            regulators), `seed` (integer), `threads`, and the method's settings, by these names.
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


def module_path(name: str) -> Path:
    """File of a method."""
    return Path(__file__).with_name(f"{name.replace('-', '_')}.py")


def method_names() -> list[str]:
    """Names of all methods, sorted."""
    files = Path(__file__).parent.glob("[!_]*.py")
    return sorted(path.stem.replace("_", "-") for path in files)


def usual_methods() -> list[str]:
    """Names of the methods that `all` stands for: those without evidence, which few data have."""
    return [name for name in method_names() if not stated(name).get("needs_evidence")]


def evidence_kinds(needed: object) -> tuple[str, ...]:
    """Return the kinds of evidence that a method sees, by what it states that it needs."""
    return EVIDENCE if needed == ANY else tuple(kind for kind in EVIDENCE if kind == needed)


def load_method(name: str) -> Method:
    """Return a method's entry; InputError if there is no such method."""
    if name not in method_names():
        known = method_names()
        question = did_you_mean(name, known)
        raise InputError(f"there is no method {name!r}{question}; known: {', '.join(known)}")
    return importlib.import_module(f"{__package__}.{name.replace('-', '_')}").METHOD


@cache
def stated(name: str) -> Mapping[str, object]:
    """Return what a method's file states in its entry as plain values, without importing it.

    For the reading of the workflow, where nothing may import numpy.
    """
    tree = ast.parse(module_path(name).read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "METHOD":
            assert isinstance(node.value, ast.Call)
            return {
                keyword.arg: keyword.value.value
                for keyword in node.value.keywords
                if keyword.arg and isinstance(keyword.value, ast.Constant)
            }
    raise InputError(f"{module_path(name)} defines no METHOD")


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
) -> "np.ndarray":
    """Infer a network with one method.

    Args as `Method.infer` takes them; `genes` are the names of the rows, `settings` the
    method's own.

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
        )
        return scores
    offered: dict[str, object] = {
        "pseudotime": pseudotime,
        "evidence": evidence,
        "regulators": regulators,
        "seed": seed,
        "threads": threads,
    }
    wanted = inspect.signature(method.infer).parameters
    known = {key: value for key, value in offered.items() if key in wanted}
    # Sums in one thread: the same bytes on any number of cores.
    with threadpool_limits(limits=1):
        scores = np.array(method.infer(expression, **known, **settings), dtype=float)
    assert scores.shape == (len(expression),) * 2, f"{name} returned shape {scores.shape}"
    np.fill_diagonal(scores, 0)
    scores[np.setdiff1d(np.arange(len(scores)), regulators)] = 0
    if not np.isfinite(scores).all():
        number = int((~np.isfinite(scores)).sum())
        raise InputError(f"{method.title} gave no finite score for {number} pairs of genes")
    return scores
