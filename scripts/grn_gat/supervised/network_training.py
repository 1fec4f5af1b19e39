"""All trainings of a network and a training seed, one after another in one process.

Importing PyTorch Geometric takes as long as several of them.
"""

import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from torch_geometric.data import Data

from grn_gat.core.errors import InputError
from grn_gat.core.files import read_table
from grn_gat.core.protocols import PAPER, stream_name
from grn_gat.supervised.graph_file import load_graph
from grn_gat.supervised.model_controls import ONE_HOT, control_graphs, with_gene_identity
from grn_gat.supervised.paper_protocol import train_paper
from grn_gat.supervised.training import Settings, Trained, nothing_trained, train_folds


@dataclass(frozen=True)
class Training:
    """One cross-validated training.

    Attributes:
        level: dropout level as it stands in paths, e.g. 050.
        protocol: what is held out together.
        folder: where its files belong; finished folds are kept in it while others are trained.
        control: name of the control model (`model_controls`), None for the GATv2 itself.
    """

    level: str
    protocol: str
    folder: Path
    control: str | None = None

    def __str__(self) -> str:
        model = "" if self.control is None else f"{self.control}, "
        return f"{model}dropout {int(self.level)} %, protocol {self.protocol}"

    @property
    def folds(self) -> Path:
        """Folder of the finished folds: no output of a rule, as it outlives interrupted jobs."""
        return self.folder / "folds"


@dataclass(frozen=True)
class NetworkTraining:
    """What the trainings of a network and a training seed have in common.

    Attributes:
        network: its name.
        training_seed: names the random streams, beside the network, dropout level and protocol.
        seed: seed of the workflow.
        settings: hyperparameters.
        graphs: graph files of all replicates by dropout level.
        folds: tables of roles by protocol.
        gene_identity: protocols whose nodes also carry one-hot gene identities.
        bins: of the features of noise (`features.compute_features`), where a control asks for it.
        code: files of the code: folds that were made by others are trained again.
    """

    network: str
    training_seed: int
    seed: int
    settings: Settings
    graphs: Mapping[str, Sequence[str | Path]]
    folds: Mapping[str, str | Path]
    gene_identity: Collection[str] = ()
    bins: int | None = None
    code: Sequence[str | Path] = ()

    @classmethod
    def of_rule(cls, source: Any, params: Any, wildcards: Any) -> "NetworkTraining":
        """From input, params and wildcards of the rules, which name them alike."""
        graphs: dict[str, list[str]] = {}
        for level, path in zip(params.levels, source.graphs, strict=True):
            graphs.setdefault(level, []).append(path)
        return cls(
            network=wildcards.network,
            training_seed=int(wildcards.seed),
            seed=params.seed,
            settings=Settings(**params.model, **params.training),
            graphs=graphs,
            folds=dict(zip(params.protocols, source.folds, strict=True)),
            gene_identity=params.gene_identity,
            bins=params.get("bins"),
            code=source.code,
        )

    def run(self, trainings: Sequence[Training]) -> Iterator[Trained]:
        """Train one after another and yield what each gives.

        The finished folds of all are kept until the last result was taken: a job that was
        interrupted goes on from them.

        Raises:
            InputError: a graph is of another network or dropout level than it is given for.
        """
        shown, graphs = None, []
        paper: Trained | None = None
        for number, training in enumerate(trainings, start=1):
            print(f"training {number} of {len(trainings)}: {training}")
            table = read_table(self.folds[training.protocol])
            if table.empty:
                print("nothing to train on: the protocol cannot be carried out on this network")
                yield nothing_trained(self.settings.heads)
                continue
            if shown != (training.control, training.level):
                shown, graphs = (training.control, training.level), self._shown(training)
            if training.protocol == PAPER:
                # It reads no expression: the same models at every dropout level.
                paper = paper or self._train_paper(training, graphs, table)
                yield paper
            else:
                yield self._train(training, graphs, table)
        for training in trainings:
            shutil.rmtree(training.folds, ignore_errors=True)

    def _shown(self, training: Training) -> list[Data]:
        """The graphs that the model is shown."""
        graphs = []
        for path in self.graphs[training.level]:
            graph = load_graph(path)
            if (graph.network, graph.dropout) != (self.network, int(training.level)):
                raise InputError(
                    f"{path} is a graph of {graph.network}, dropout {graph.dropout} %, not of "
                    f"{self.network}, dropout {int(training.level)} %"
                )
            graphs.append(graph)
        if training.control is None:
            return graphs
        stream = (self.network, self.training_seed)
        return control_graphs(training.control, graphs, self.bins, self.seed, stream)

    def _train(self, training: Training, graphs: Sequence[Data], table: pd.DataFrame) -> Trained:
        identity = training.protocol in self.gene_identity and training.control != ONE_HOT
        # A control has the stream of the GATv2: the same negatives, and initial weights where the
        # inputs have the same size.
        names = ("train", self.network, int(training.level), training.protocol, self.training_seed)
        return train_folds(
            with_gene_identity(graphs) if identity else graphs,
            table,
            self.settings,
            self.seed,
            names,
            training.folds,
            self.code,
        )

    def _train_paper(
        self, training: Training, graphs: Sequence[Data], table: pd.DataFrame
    ) -> Trained:
        names = ("train", self.network, stream_name(PAPER), self.training_seed)
        return train_paper(table, graphs[0].genes, self.seed, names, training.folds, self.code)
