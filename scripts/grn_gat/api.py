"""What a program calls: `infer`, which returns a `Network`, and `methods`."""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from functools import cached_property
from os import devnull
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from grn_gat.algorithms._own import own_files
from grn_gat.algorithms._registry import ZERO_SHOT, Method, load_method
from grn_gat.core.errors import InputError
from grn_gat.core.files import PathLike
from grn_gat.core.own_methods import own_methods
from grn_gat.core.remarks import Remarks
from grn_gat.data.cell_preparation import AUTO, DIFFUSION, Preparation, as_wanted
from grn_gat.data.edges import no_edges
from grn_gat.data.in_memory import Data, Pseudotime, Regulators, as_dataset
from grn_gat.data.in_memory_evidence import OfCells, Perturbations, Prior, evidence_in_memory
from grn_gat.data.network_export import CORRELATION, METHOD
from grn_gat.inference.attempt import Cells, attempt, method_seed
from grn_gat.inference.description import Description, describe
from grn_gat.inference.trust import COLUMNS, DOUBTED, reasons, trusted
from grn_gat.report.method_titles import methods_table
from grn_gat.study.place import schema
from grn_gat.study.schema import fill
from grn_gat.study.study import settings_of

if TYPE_CHECKING:
    from anndata import AnnData
    from matplotlib.figure import Figure

_SIGNS = {1: "activation", -1: "repression", 0: "unknown"}


@dataclass(frozen=True)
class _Inference:
    """What a network was inferred from and how; the arguments of `inference.null.null_of`."""

    cells: Cells  # genes in the order of the targets
    seed: int
    threads: int
    settings: Mapping[str, Any]


@dataclass(frozen=True)
class _Origin:
    """The method that gave a network: its record, and the user's folder that it is from, if any."""

    record: Method
    own: str = ""


@dataclass(frozen=True)
class Network:
    """The network that one method infers from one data set.

    Attributes:
        method: name of the method.
        scores: table (regulators, targets) of the method's own scores, signed where it is signed;
            NaN of a gene with itself. Of the zero-shot GATv2 the magnitude is the probability of
            the edge.
        edges_per_gene: edges of the network that `hubs`, `to_graphml` and `plot` are of, for each
            gene.
    """

    method: str
    scores: pd.DataFrame
    _inference: _Inference = field(repr=False)
    _origin: _Origin = field(repr=False)
    edges_per_gene: float = 2

    @cached_property
    def signs(self) -> pd.DataFrame:
        """Table (regulators, targets) of 1 (activation), -1 (repression) and 0 (unknown).

        The method's own, or, of one without signs, those of Spearman's correlation.
        """
        if self._origin.record.signed:
            found = np.sign(self.scores.to_numpy(na_value=0.0))
        else:
            from scipy.stats import rankdata

            ranks = rankdata(self._expression, axis=1) - (self._expression.shape[1] + 1) / 2
            rows = self.scores.columns.get_indexer(self.scores.index)
            found = np.sign(ranks[rows] @ ranks.T)
            found[np.arange(len(rows)), rows] = 0
        signs = pd.DataFrame(found, self.scores.index, self.scores.columns)
        return signs.astype(int)

    @cached_property
    def edges(self) -> pd.DataFrame:
        """Every pair with a score, the strongest first.

        Columns regulator, target, score (as the method gave it), sign (activation, repression,
        unknown), rank (1 for the largest magnitude; ties share the best of their ranks), directed
        (whether the method tells regulator from target: else both directions are listed) and
        sign_source (method, or correlation: Spearman's, however weak).
        """
        table = self._ranked().rename(columns={"Gene1": "regulator", "Gene2": "target"})
        table = table.rename(columns={"EdgeWeight": "score"})
        table = table[table["score"] != 0]
        rows = self.signs.index.get_indexer(table["regulator"])
        columns = self.signs.columns.get_indexer(table["target"])
        table["sign"] = [_SIGNS[sign] for sign in self.signs.to_numpy()[rows, columns]]
        magnitude = table["score"].abs()
        table["rank"] = magnitude.rank(method="min", ascending=False).astype(int)
        record = self._origin.record
        table["directed"] = record.directed
        table["sign_source"] = METHOD if record.signed else CORRELATION
        by = ["rank", "regulator", "target"]
        return table.sort_values(by, ignore_index=True)

    @property
    def hubs(self) -> pd.DataFrame:
        """Hub measures of the genes among the strongest edges, the highest degree first.

        Columns as of hubs.tsv: gene, candidate_regulator, each measure and its rank.
        """
        return self._description.hubs

    @cached_property
    def trust(self) -> pd.DataFrame:
        """Conditions under which the scores of the zero-shot GATv2 should not be trusted.

        Columns condition, value, limit and holds (yes or no); no row of other methods, which are
        not judged.
        """
        if self._origin.own or not self._origin.record.probabilities:
            return pd.DataFrame(columns=COLUMNS)
        from grn_gat.inference.judge import judged

        limits = fill({}, schema("study"))["trust"]
        genes, weights = list(self.scores.columns), self._inference.settings["weights"]
        ranked, per_gene = self._ranked(), self.edges_per_gene
        return judged(ranked, genes, self._expression, limits, per_gene, weights)

    @cached_property
    def null(self) -> pd.DataFrame:
        """How many of the strongest edges are expected where nothing regulates; one row.

        When it is first asked for the method is run again, on the same cells with each gene's
        values permuted over them. Columns as of null.tsv; `remark` says where it says little: of
        methods whose scores have no scale that data sets share, the zero-shot GATv2 among them.
        """
        from grn_gat.inference.null import null_of

        with _quiet(), own_methods(self._origin.own):
            found = null_of(
                self.method,
                self._ranked(),
                self._description.wanted,
                **vars(self._inference),
            )
        return found.table

    def to_graphml(self, path: PathLike) -> None:
        """Write the strongest edges for Cytoscape, Gephi, igraph or networkx."""
        from grn_gat.data.network_export import write_graphml

        found = self._description
        write_graphml(str(path), found.genes, found.edges, found.hubs)

    def to_excel(self, path: PathLike) -> None:
        """Write the strongest edges as a workbook (.xlsx); names of genes are text cells."""
        from grn_gat.data.edge_table import edge_table, write_workbook

        about = f"{self._origin.record.title}: the strongest edges of its network."
        write_workbook(path, edge_table(self._description.edges), [about])

    def to_anndata(self, adata: "AnnData", key: str = "grn_gat") -> None:
        """Put the network into AnnData: scores and signs in `varp`, hub measures in `var`.

        `adata.varp[key]` and `adata.varp[key + "_sign"]` are sparse (var, var), regulators in rows;
        columns of hub measures begin with the key, and `adata.uns[key]` says which method it was.

        Raises:
            InputError: a gene of the network is not in `adata.var_names`, or a name is there twice.
        """
        from scipy.sparse import coo_array

        names = pd.Index(adata.var_names.astype(str))
        if not names.is_unique:
            raise InputError("adata: var_names occur more than once: adata.var_names_make_unique()")
        place = names.get_indexer(self.scores.columns)
        if (place < 0).any():
            missing = self.scores.columns[place < 0][0]
            raise InputError(f"adata: has no gene {missing}, which the network has")
        rows = place[self.scores.columns.get_indexer(self.scores.index)]
        for name, table in ((key, self.scores), (f"{key}_sign", self.signs)):
            values = table.to_numpy(dtype=float, na_value=0.0)
            first, second = np.nonzero(values)
            where = (rows[first], place[second])
            matrix = coo_array((values[first, second], where), shape=(adata.n_vars, adata.n_vars))
            adata.varp[name] = matrix.tocsr()
        hubs = self.hubs.set_index("gene").reindex(adata.var_names.astype(str))
        for measure in ("degree", "in_degree", "out_degree", "pagerank"):
            adata.var[f"{key}_{measure}"] = hubs[measure].to_numpy()
        adata.uns[key] = {"method": self.method}

    def to_genernib(self, path: PathLike, data_set: str | None = None) -> None:
        """Write the prediction that geneRNIB scores: an .h5ad file of at most 50,000 edges.

        `data_set`: geneRNIB's name of the data set; the network's own without it. It leaves out
        edges whose first gene is not in its list of transcription factors: infer with these as
        `regulators`.

        Raises:
            InputError: the name does not end in .h5ad, or no edge has a score.
        """
        from grn_gat.data.benchmark_files import write_genernib

        write_genernib(
            path, self._ranked(), self.method, data_set or self._inference.cells.data_set
        )

    def to_causalbench(
        self, folder: PathLike, edges: int = 1000, data_set: str | None = None
    ) -> None:
        """Write the folder of a run of CausalBench: the strongest edges, as a list.

        `data_set`: CausalBench's name of the data set; the network's own without it. It can judge
        edges of perturbed genes only: infer with these as `regulators`.

        Raises:
            InputError: no edge has a score.
        """
        from grn_gat.data.benchmark_files import write_causalbench

        name = data_set or self._inference.cells.data_set
        write_causalbench(folder, self._ranked(), edges, self.method, name)

    def plot(self, theme: str = "light") -> "Figure":
        """Draw the strongest edges; of more than 30 genes those between 24 of them.

        `theme` is light, or dark for a dark page.
        A notebook shows the figure where a cell ends with it; `savefig` writes it to a file.
        """
        from grn_gat.report.figures_inferred import plot_inferred

        record = self._origin.record
        likely = record.probabilities and trusted(self.trust) == "yes"
        label = "probability of the edge" if likely else "|score|"
        title = f"{record.title}: the strongest edges"
        return plot_inferred(self._description.edges, record.directed, title, label, theme)

    def _ranked(self) -> pd.DataFrame:
        """Ranked edges (Gene1, Gene2, EdgeWeight) of all pairs."""
        values = self.scores.to_numpy()
        first, second = np.nonzero(~np.isnan(values))
        return pd.DataFrame(
            {
                "Gene1": self.scores.index.to_numpy(dtype=object)[first],
                "Gene2": self.scores.columns.to_numpy(dtype=object)[second],
                "EdgeWeight": values[first, second],
            }
        )

    @property
    def _expression(self) -> np.ndarray:
        """Array (genes, cells), in the order of the targets."""
        return self._inference.cells.expression

    @cached_property
    def _description(self) -> Description:
        return describe(
            self._origin.record,
            self._ranked(),
            list(self.scores.columns),
            list(self.scores.index),
            no_edges(),
            self._expression,
            self.edges_per_gene,
        )


@contextmanager
def _quiet() -> Iterator[None]:
    """Nothing of what methods print."""
    with open(devnull, "w") as nowhere, redirect_stdout(nowhere):
        yield


def infer(
    data: Data,
    method: str = ZERO_SHOT,
    *,
    regulators: Regulators | None = None,
    pseudotime: Pseudotime | None = None,
    perturbations: Perturbations | None = None,
    perturbation_kind: str | None = None,
    prior: Prior | None = None,
    protein: OfCells | None = None,
    activity: OfCells | None = None,
    velocity: OfCells | None = None,
    layer: str | None = None,
    symbols: str | None = None,
    duplicates: str = "error",
    genes: str | PathLike | Sequence[str] = AUTO,
    cells: int | None = None,
    groups: str | None = None,
    normalise: str = AUTO,
    root: str | None = None,
    name: str = "data",
    seed: int | None = None,
    threads: int = 1,
    settings: Mapping[str, Any] | None = None,
    methods_path: PathLike | None = None,
) -> Network:
    """Infer a gene regulatory network from expression.

    Args:
        data: AnnData (cells, genes), a table (cells, genes) as `adata.to_df()` gives, or the path
            of an .h5ad file or of a text file (genes in rows). Values >= 0: counts, or log(1 +
            counts).
        method: name of a method (`methods`); the default is the zero-shot GATv2, which needs no
            known edge.
        regulators: names of the candidate regulators, the path of a list, one per line, or human,
            mouse (the transcription factors that come along), auto (by the spelling of the genes)
            or all; without them auto, and every gene where there are 100 genes at most or no known
            transcription factors among them.
        pseudotime: of AnnData the names of obs columns; a table (cells, trajectories), NaN where a
            cell is not on a trajectory; or diffusion, by scanpy from `root`. Only some methods read
            it, and so it is with the next:
        perturbations: which gene was perturbed in each cell, empty where nothing was done: of
            AnnData the name of an obs column; a series with the cells as index; a table with
            columns gene and kind; or the path of a table.
        perturbation_kind: what was done where nothing else is said: knock-out (the default),
            knock-down or over-expression.
        prior: edges of a prior network, of any quality: a table with columns Gene1 and Gene2, a
            path, or a list of such.
        protein: of the same cells, named by genes: a table (cells, genes), a path, or of AnnData
            the name of a table in obsm.
        activity: of the promoter of each gene in the same cells: a table (cells, genes), a path, or
            of AnnData the name of a layer.
        velocity: of the mRNA of each gene, in the same way.
        layer: of AnnData the layer to use in place of X; `raw` takes that of scanpy.
        symbols: of AnnData the column of var that names the genes, in place of its index.
        duplicates: what becomes of genes with one name: error, first or sum.
        genes: that are taken: auto (of more than 3,000 the expressed regulators, and those that
            vary most up to 3,000), all, hvg:N (the N that vary most, and the expressed regulators),
            var:COLUMN (truth values in var of AnnData), names, or the path of a list.
        cells: that are taken at most, drawn from each group by its share; 0 takes all, None 5,000
            where there are more than 3,000 genes, else all.
        groups: of AnnData the column of obs with these groups; None: the first that looks like
            clusters or types of cells.
        normalise: what is done to counts: none, log1p, cp10k (as scanpy: each cell to 10,000, then
            log1p) or auto (what the default methods ask for, that is none).
        root: cell that pseudotime by diffusion begins at: its name, or COLUMN=LABEL of obs: the
            cell nearest to the mean of those.
        name: of the data set, in exports; no draw depends on it.
        seed: integer that all random draws descend from; None: that of a study.
        threads: processes for the methods that use more than one.
        settings: settings of the method that shall differ from their defaults.
        methods_path: folder of methods of your own, which `method` may name; their code is run.

    What was left out of the data, guessed, or is doubtful about them is a warning, and so is that
    the scores of the zero-shot GATv2 should not be trusted on them (`Network.trust`).

    Returns:
        The network: scores of all pairs, and what follows from them.

    Raises:
        InputError: the data, a name or a setting is wrong, or the method is not defined on the
            data; the message says what is, and what would be right.
        NotEnoughMemoryError: an InputError and a MemoryError; the message says how many genes fit.

    Examples:
        >>> import numpy as np, pandas as pd
        >>> rng = np.random.default_rng(1)
        >>> activator = rng.gamma(2, size=300)
        >>> cells = pd.DataFrame({
        ...     "Gata1": activator,
        ...     "Klf1": activator + rng.gamma(1, size=300),
        ...     "Fli1": rng.gamma(2, size=300),
        ... })
        >>> import grn_gat
        >>> network = grn_gat.infer(cells, "pearson", regulators=["Gata1"])
        >>> network.edges[["regulator", "target", "sign", "rank"]].head(1)
          regulator target        sign  rank
        0     Gata1   Klf1  activation     1
        >>> network.scores.shape
        (1, 3)
    """
    remarks = Remarks()
    preparation = Preparation(as_wanted(genes), cells, groups or "", normalise, root=root or "")
    by_diffusion = isinstance(pseudotime, str) and pseudotime == DIFFUSION
    if by_diffusion != bool(root):
        raise InputError(f"pseudotime: {DIFFUSION} and root belong together: give both, or none")
    dataset = as_dataset(
        data, regulators, pseudotime, layer, symbols, duplicates, remarks, preparation
    )
    evidence = evidence_in_memory(
        {
            "perturbations": perturbations,
            "prior": prior,
            "protein": protein,
            "activity": activity,
            "velocity": velocity,
        },
        data,
        dataset.genes,
        dataset.cells,
        {
            "perturbation_kind": perturbation_kind,
            "symbols": symbols,
            "duplicates": duplicates,
            "others": True,
        },
        remarks,
    )
    for remark in remarks:
        warnings.warn(str(remark), stacklevel=2)
    candidates = dataset.regulators or dataset.genes
    seen = Cells.named(
        dataset.genes, dataset.expression, dataset.pseudotime, candidates, evidence, name
    )
    own = "" if methods_path is None else str(Path(methods_path).absolute())
    chosen, usual_seed = settings_of(method, settings or {}, own)
    seed = usual_seed if seed is None else seed
    stream = method_seed(seed, method)
    with _quiet(), own_methods(own):
        found = attempt(method, seen, stream, threads, chosen)
        record = load_method(method)
        own = own if method in own_files(own) else ""
    if found.scores is None:
        raise InputError(f"{record.title}: {found.reason}")
    values = found.scores[seen.regulators]
    values[np.arange(len(values)), seen.regulators] = np.nan  # of a gene with itself
    scores = pd.DataFrame(values, candidates, dataset.genes)
    inference = _Inference(seen, seed, threads, chosen)
    network = Network(method, scores, inference, _Origin(record, own))
    if trusted(network.trust) == "no":
        against = f"{DOUBTED.format(record.title)}: {'; '.join(reasons(network.trust))}"
        warnings.warn(against, stacklevel=2)
    return network


def methods() -> pd.DataFrame:
    """Return the methods that `infer` knows, one row each.

    Columns name, title, needs (expression, pseudotime or evidence), signed, directed (yes or no)
    and source.

    Examples:
        >>> import grn_gat
        >>> grn_gat.methods().set_index("name").loc["pidc", "needs"]
        'expression'
    """
    return methods_table()
