"""A study: what its config asks for, as plain Python that one can ask without Snakemake.

`Study.read` checks a config; what it returns does not change. Nothing here imports numpy: it runs
whenever Snakemake reads the workflow, once more in each of its jobs.
"""

import os
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import Any

from grn_gat.algorithms._own import helpers, own_files
from grn_gat.algorithms._registry import (
    ZERO_SHOT,
    check_package,
    evidence_kinds,
    module_path,
    stated,
)
from grn_gat.core.errors import InputError
from grn_gat.core.protocols import PAPER, PROTOCOLS, UNSUPERVISED
from grn_gat.core.repository import repository
from grn_gat.data.cell_preparation import DIFFUSION, genes_file, regulators_file
from grn_gat.data.dataset_files import CELLS_NAME, find_files
from grn_gat.data.evidence_names import (
    DEFAULT_KIND,
    EVIDENCE,
    PERTURBATIONS,
    given,
    is_inside,
    listed,
    named_files,
)
from grn_gat.data.file_kinds import expression_files, is_h5ad, is_obs_column
from grn_gat.study import paths
from grn_gat.study.cell_groups import groups_of, split_groups
from grn_gat.study.code_dependencies import package_code
from grn_gat.study.config import (
    MEASURED,
    check_config,
    check_inputs,
    check_writable,
    files_of_reference,
    in_release,
    no_file,
    not_default,
)
from grn_gat.study.own_methods import own_settings
from grn_gat.study.paths import fill, single
from grn_gat.study.place import Place, schema
from grn_gat.study.predictions import check_axes, check_some_file
from grn_gat.study.preparation import (
    check_preparation,
    files_of_cells,
    prepared_folders,
    remarks_of,
)
from grn_gat.study.schema import flat

# Keys of an entry of the config that may name a file.
_FILES = (
    *("model", "h5ad", "expression", "edges", "pseudotime", "regulators", "reference", "genes"),
    *("donors", "groupby"),
)
# Further runs on a data set of target infer: they change nothing of how it is read.
_FURTHER = ("shuffled_null", "stability", "donors", "permutations", "pairs")
_MOST_PICTURED = 6  # networks whose figures the overview shows
# Networks that BEELINE's maintainers publish values of.
_BEELINE = ("mCAD", "VSC", "HSC", "GSD")


@dataclass(frozen=True)
class DataSource:
    """An entry of the config: a data set of the study, or one without a reference network.

    Attributes:
        name: its name, the wildcard `network` up to the ranked edges of methods.
        entry: its keys, with the files where they are.
        scored: whether it belongs to the study, with a reference and dropout levels.
    """

    name: str
    entry: Mapping[str, Any]
    scored: bool

    @property
    def simulated(self) -> bool:
        """Whether it is simulated from a Boolean model; else it is read."""
        return "model" in self.entry

    @property
    def replicates(self) -> range:
        """Numbers of its replicates."""
        batches = self.entry.get("batches", {}).get("values", [0])
        number = self.entry.get("replicates", len(self.entry.get("folders", batches)))
        return range(1, max(number, len(batches)) + 1)

    @property
    def references(self) -> Mapping[str, Mapping[str, Any]]:
        """Reference networks by name, where it is a data set with several."""
        found: Mapping[str, Mapping[str, Any]] = self.entry.get("references", {})
        return found

    @property
    def networks(self) -> list[str]:
        """Networks that it is scored with: its own name, or one name for each reference."""
        return [f"{self.name}.{name}" for name in self.references] or [self.name]

    @property
    def reference(self) -> str | None:
        """Known edges that a data set which is not scored comes with."""
        return self.entry.get("reference")

    @property
    def expression(self) -> str:
        """Its AnnData or other file of expression; empty where it has folders or a model."""
        return str(self.entry.get("h5ad", self.entry.get("expression", "")))

    @property
    def evidence(self) -> list[str]:
        """Kinds of evidence that its cells come with."""
        return [PERTURBATIONS] if self.entry.get("knock_outs") else given(self.entry)

    def folder(self, replicate: int) -> str:
        """Return the folder that a replicate is read from."""
        folders = self.entry["folders"]
        if replicate not in self.replicates:
            raise InputError(f"{self.name} has {len(self.replicates)} replicates, not {replicate}")
        return str(folders[0 if "batches" in self.entry else replicate - 1])


@dataclass(frozen=True)
class Study:
    """One study.

    Attributes:
        config: the config, checked, with defaults.
        place: where it runs.
        sources: data sets of the study and data sets without a reference, by name.
        schema: what the config was checked with.
        prepared: folders that rules make of BEELINE's release, with what they make them from.
        groups: of each data set of target infer that has groups of cells, the data set of each by
            its label.
    """

    config: Mapping[str, Any]
    place: Place
    sources: Mapping[str, DataSource]
    schema: Mapping[str, Any] = field(default_factory=dict)
    prepared: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    groups: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def read(cls, config: Mapping[str, Any], schema: Mapping[str, Any], place: Place) -> "Study":
        """Check a config and the files that it names.

        Args:
            config: what Snakemake read.
            schema: content of workflow/schemas/study.schema.yaml.
            place: where the study runs.

        Raises:
            InputError: a key, a value or a file is wrong, or results cannot be written.
        """
        study = cls.described(config, schema, place)
        check_writable(place.placed("results").split("/")[0])
        return study

    @classmethod
    def installed(cls, config: Mapping[str, Any]) -> "Study":
        """Check a config as `read` does, by this package's schema, for no folder of results."""
        return cls.described(config, schema("study"), Place(repository()))

    @classmethod
    def described(
        cls, config: Mapping[str, Any], schema: Mapping[str, Any], place: Place
    ) -> "Study":
        """Check a config as `read` does, but for the folder of the results."""
        checked = check_config(config, schema)
        prepared = prepared_folders(checked, place)
        check_preparation(checked, prepared, paths.RELEASE)
        located = {
            kind: {
                name: _located(entry, place, prepared)
                for name, entry in checked.get(kind, {}).items()
            }
            for kind in ("networks", "infer")
        }
        check_inputs(located, paths.RELEASE, prepared)
        groups = groups_of(located["infer"])
        for entries in (checked.get("infer", {}), located["infer"]):
            split_groups(entries, groups)
        patterns = {name: place.own(path) for name, path in checked["predictions"].items()}
        sources = {
            name: DataSource(name, entry, scored=kind == "networks")
            for kind, entries in located.items()
            for name, entry in entries.items()
        }
        checked["predictions"] = patterns
        if "methods_path" in checked:
            checked["methods_path"] = place.own(checked["methods_path"])
        study = cls(checked, place, sources, schema, prepared, groups)
        study._check_predictions()
        return study

    # ------------------------------------------------------------------------------------- axes

    @property
    def data_sets(self) -> list[str]:
        """Data sets of the study: what is simulated or read, and inferred from, once."""
        return [name for name, source in self.sources.items() if source.scored]

    @property
    def networks(self) -> list[str]:
        """Networks of the study: each data set with each of its references."""
        return [name for data in self.data_sets for name in self.sources[data].networks]

    @property
    def referenced(self) -> list[str]:
        """Networks that are one of several references of a data set."""
        return [name for name in self.networks if name not in self.sources]

    @property
    def trained(self) -> list[str]:
        """Networks that models are trained on: all, but where `supervised` says no."""
        return [name for name in self.networks if self.protocols_of(name)]

    def data_set(self, network: str) -> str:
        """Return the data set whose cells a network is scored on; of a data set, itself."""
        if network in self.sources:
            return network
        return next(name for name in self.data_sets if network in self.sources[name].networks)

    def source(self, network: str) -> DataSource:
        """Return the entry of the config that a network is of."""
        return self.sources[self.data_set(network)]

    def protocols_of(self, network: str) -> list[str]:
        """Return the protocols that models are trained under on a network."""
        entry = self.source(network).entry
        if network in self.referenced:
            entry = {**entry, **self.reference(network)}
        return self.protocols if entry.get("supervised", True) else []

    @property
    def inferred(self) -> list[str]:
        """Data sets without a reference network, of target infer."""
        return [name for name, source in self.sources.items() if not source.scored]

    @property
    def asked_for(self) -> list[str]:
        """Data sets as `infer` names them: one whose groups are compared is one."""
        return [*self.groups, *(name for name in self.inferred if name not in self.of_groups)]

    @property
    def of_groups(self) -> list[str]:
        """Data sets of target infer that are the cells of one group."""
        return [name for own in self.groups.values() for name in own.values()]

    @property
    def simulated(self) -> list[str]:
        """Networks that are simulated."""
        return [name for name, source in self.sources.items() if source.simulated]

    @property
    def perturbed(self) -> list[str]:
        """Networks of the study in whose model genes are perturbed."""
        asked = bool(self.config["perturb"]["cells"])
        return [name for name in self.networks if asked and name in self.simulated]

    @property
    def imported(self) -> list[str]:
        """Networks and data sets that are read."""
        return [name for name, source in self.sources.items() if not source.simulated]

    @property
    def dropouts(self) -> list[str]:
        """Dropout levels in percent, three digits."""
        return [f"{level:03d}" for level in self.config["dropout"]]

    @property
    def seeds(self) -> list[int]:
        """Training seeds."""
        return list(self.config["seeds"])

    @property
    def protocols(self) -> list[str]:
        """Protocols, in one order: listing them in another one reruns nothing."""
        return [p for p in PROTOCOLS if p in self.config["protocols"]]

    @property
    def supervised(self) -> list[str]:
        """Protocols under which models are trained with labels."""
        return [p for p in self.protocols if p != PAPER]

    @property
    def fine_tuned(self) -> list[str]:
        """Protocols under which the zero-shot model is fine-tuned."""
        return [p for p in self.supervised if p in self.config["fine_tuning"]["protocols"]]

    @property
    def methods(self) -> list[str]:
        """Inference methods."""
        return list(self.config["methods"])

    @property
    def own_folder(self) -> str:
        """Folder of the user's own methods; empty without one."""
        return str(self.config.get("methods_path", ""))

    @property
    def own_methods(self) -> dict[str, Path]:
        """File of each of the user's own methods."""
        return own_files(self.own_folder)

    def stated(self, method: str) -> Mapping[str, object]:
        """Return what the file of a method states of it."""
        return stated(method, self.own_folder)

    @property
    def predicted(self) -> list[str]:
        """Methods of the user that are not run: files have their ranked edges."""
        return sorted(self.config["predictions"])

    @property
    def combined(self) -> list[str]:
        """Methods that are made of the ranked edges of others."""
        return sorted(self.config["combinations"])

    def members(self, method: str) -> list[str]:
        """Return the methods and predictions that a combination is made of."""
        return list(self.config["combinations"][method])

    def of_members(self, file: str, method: str, **data_set: str) -> list[str]:
        """Return a file of each member of a combination, on the same data set."""
        return fill(f"{paths.METHOD}/{file}", method=self.members(method), **data_set)

    @property
    def scored_methods(self) -> list[str]:
        """Methods of the tables: those that are run, those given as ranked edges, combinations."""
        return [*self.methods, *self.predicted, *self.combined]

    @property
    def focus(self) -> str | None:
        """Method that the comparisons are about; None: the GATv2."""
        return self.config.get("focus")

    @property
    def scored(self) -> list[str]:
        """Protocols that are scored, with that of the methods on all pairs."""
        return [*self.protocols, *([UNSUPERVISED] if self.scored_methods else [])]

    @property
    def model_controls(self) -> list[str]:
        """Controls of the GATv2, each a model that is trained as well."""
        return sorted(self.config["model_controls"]) if self.supervised else []

    def replicates(self, network: str) -> list[int]:
        """Return the numbers of the replicates of a network."""
        return list(self.source(network).replicates)

    def control_models(self, protocol: str) -> list[tuple[str, str | None, int]]:
        """Return control, dropout level (None: it sees no expression) and seed of each model."""
        if protocol not in self.supervised:
            return []
        levels: dict[str, list[str | None]] = {"gat-shuffled": [*self.dropouts]}
        return [
            (control, level, seed)
            for control in self.model_controls
            for level in levels.get(control, [None])
            for seed in self.seeds
        ]

    def control_trainings(self) -> list[tuple[str, str, str]]:
        """Return control, dropout level and protocol of each control model of a network and seed.

        One that sees no expression is trained once, at level 000.
        """
        found = {
            (control, level or "000", protocol)
            for protocol in self.supervised
            for control, level, _ in self.control_models(protocol)
        }
        return sorted(found)

    def fine_tunings(self, protocol: str) -> list[tuple[str, int]]:
        """Return dropout level and seed of each fine-tuned model of a protocol."""
        return list(product(self.dropouts, self.seeds)) if protocol in self.fine_tuned else []

    def scored_of(self, network: str) -> list[str]:
        """Return the protocols that a network is scored under, `scored` where it is trained on."""
        return [p for p in self.scored if p == UNSUPERVISED or p in self.protocols_of(network)]

    @property
    def kinds(self) -> dict[str, str]:
        """Kind of data of each network, in the order of the config; empty without two kinds."""
        named = {name: self.source(name).entry.get("kind") for name in self.networks}
        found = {name: str(kind) for name, kind in named.items() if kind is not None}
        order = list(dict.fromkeys(found.values()))
        if len(order) < 2 or not self.scored_methods:
            return {}
        return dict(sorted(found.items(), key=lambda item: order.index(item[1])))

    def model_axes(self, network: str, protocol: str) -> dict[str, list[tuple[Any, ...]]]:
        """Return the axes of the files a protocol is scored from, in their order."""
        return {
            "gat": list(product(self.dropouts, self.seeds)),
            "model_controls": list(self.control_models(protocol)),
            "fine_tuned": list(self.fine_tunings(protocol)),
            "methods": list(self.method_axes(network, self.compared(protocol))),
        }

    def compared(self, protocol: str) -> list[str]:
        """Return the methods a protocol is scored with: none where its pairs are no network."""
        return self.scored_methods if protocol in self.supervised else []

    def method_axes(self, network: str, methods: Sequence[str]) -> list[tuple[str, int, str]]:
        """Return method, replicate and dropout level of each of `method_files`."""
        return list(product(methods, self.replicates(network), self.dropouts))

    @property
    def beeline_networks(self) -> list[str]:
        """Networks that BEELINE's published values are of."""
        return [
            name
            for name in _BEELINE
            if name in self.networks and 0 in self.config["dropout"] and self._is_beelines(name)
        ]

    def _is_beelines(self, name: str) -> bool:
        """Whether a network is the bundled model, or data of the release, of its name."""
        entry = self.config["networks"][name]
        if "model" in entry:
            bundled = entry["model"] == f"workflow/resources/models/{name}.tsv"
            return bundled and "measurement" not in entry and not entry["knock_outs"]
        clean_data = re.compile(rf".*/Curated/{name}/{name}-\d+-\d+/?")  # no dropout in the name
        folders = entry.get("folders", [])
        return bool(folders) and all(
            in_release(folder, paths.RELEASE) and clean_data.fullmatch(folder) for folder in folders
        )

    # ---------------------------------------------------------------------------- files of users

    def _check_predictions(self) -> None:
        """Raise InputError where files of ranked edges are not there, or one would be of several.

        One of a data set may be missing, as a method may fail on it.
        """
        patterns = self.config["predictions"]
        if patterns and not self.data_sets:
            raise InputError("config: predictions are scored on networks, and there are none")
        most = max((len(self.replicates(name)) for name in self.data_sets), default=0)
        numbers = {
            "network": len(self.data_sets),
            "replicate": most,
            "dropout": len(self.dropouts),
        }
        check_axes(patterns, numbers)
        for name in patterns:
            axes = (self.prediction_axes(data_set) for data_set in self.data_sets)
            check_some_file(
                name, (self.prediction(name, *place) for places in axes for place in places)
            )

    def prediction_axes(self, network: str) -> list[tuple[str, int, str]]:
        """Return data set, replicate and dropout level of each file of ranked edges."""
        return list(product([network], self.replicates(network), self.dropouts))

    def prediction(self, method: str, network: str, replicate: int | str, dropout: str) -> str:
        """Return the file that the ranked edges of the user are in, whether or not it is there."""
        pattern = self.config["predictions"][method]
        (file,) = fill(pattern, network=network, replicate=replicate, dropout=dropout)
        return file

    def prediction_files(
        self, method: str, network: str, replicate: int | str, dropout: str
    ) -> list[str]:
        """Return the same as a list, which is empty where there is no such file."""
        file = self.prediction(method, network, replicate, dropout)
        return [file] if Path(file).is_file() else []

    def _all_prediction_files(self) -> dict[str, str]:
        """The files of ranked edges of the user that are there, by what they are."""
        return {
            f"predictions.{method}.{network}.rep-{replicate}.drop-{dropout}": file
            for method in self.predicted
            for name in self.data_sets
            for network, replicate, dropout in self.prediction_axes(name)
            for file in self.prediction_files(method, network, replicate, dropout)
        }

    def boolean_rules(self, network: str) -> str | list[str]:
        """Return the rules of the Boolean model of a network; an empty list where it has none."""
        source = self.source(network)
        return str(source.entry["model"]) if source.simulated else []

    def model_description(self, network: str) -> list[str]:
        """Return the .yaml file beside a model's rules, where there is one."""
        rules = self.boolean_rules(network)
        path = Path(rules).with_suffix(".yaml") if isinstance(rules, str) else None
        return [str(path)] if path is not None and path.is_file() else []

    def source_files(self, network: str, replicate: int | str) -> list[str]:
        """Return the files that a replicate is read from, without those of its references."""
        source = self.sources[network]
        entry = source.entry
        given = [entry[key] for key in ("edges", "regulators") if key in entry]
        if "expression" in entry:
            files = expression_files(entry["expression"])
            files += [entry["pseudotime"]] if "pseudotime" in entry else []
            files += filter(None, (regulators_file(entry), genes_file(entry)))
            return [file for file in files if Path(file).is_file()]
        if "h5ad" in entry:
            return [entry["h5ad"], *given]
        folder = source.folder(int(replicate))
        if in_release(folder, paths.RELEASE):
            return [f"{paths.RELEASE}/verified.tsv", *filter(os.path.isabs, given)]
        named = (entry.get("edges"), entry.get("regulators"))
        if folder in self.prepared:
            return files_of_cells(folder, [name for name in named if name is not None])
        found = find_files(folder, *named, scored=not source.references)
        batches = [f"{folder}/{CELLS_NAME}"] if "batches" in entry else []
        return [*(str(file) for file in found if file is not None), *batches]

    @property
    def kinds_of_evidence(self) -> list[str]:
        """Kinds of evidence that some data set has."""
        return [k for k in EVIDENCE if any(k in s.evidence for s in self.sources.values())]

    def evidence_entry(self, network: str, replicate: int | str, kind: str) -> dict[str, Any]:
        """Return what a kind of evidence is read from: `data.user_evidence` takes it."""
        source = self.sources[network]
        entry = source.entry
        options = (DEFAULT_KIND, "symbols", "duplicates")
        found = {key: entry[key] for key in options if key in entry}
        values = [
            value
            if is_inside(kind, value, source.expression)
            else self._of_replicate(source, replicate, value)
            for value in listed(entry, kind)
        ]
        found |= {"expression": source.expression, kind: values}
        # Of target infer some of the cells may be taken.
        return found | {"others": "batches" in entry or "expression" in entry}

    def evidence_sources(self, network: str, replicate: int | str, kind: str) -> list[str]:
        """Return the files that a kind of evidence is read from."""
        entry = self.evidence_entry(network, replicate, kind)
        named = named_files(entry, entry["expression"]).get(kind, [])
        inside = [] if named else [entry["expression"]]
        return [file for path in (*named, *inside) for file in expression_files(path)]

    def evidence_of(self, network: str, method: str) -> list[str]:
        """Return the kinds of evidence of a data set that a method sees."""
        seen = evidence_kinds(self.stated(method).get("needs_evidence", ""))
        return [kind for kind in self.sources[network].evidence if kind in seen]

    def evidence_files(self, network: str, replicate: int | str, method: str) -> list[str]:
        """Return the files of evidence of a replicate that a method sees."""
        kinds = self.evidence_of(network, method)
        return fill(paths.EVIDENCE, network=network, replicate=replicate, evidence=kinds)

    def evidence_that_is_read(self, network: str) -> list[str]:
        """Return the kinds of evidence of a data set that some method of the study sees."""
        seen = {kind for method in self.methods for kind in self.evidence_of(network, method)}
        return [kind for kind in EVIDENCE if kind in seen]

    def evidence_remarks(self, network: str) -> list[str]:
        """Return the remarks on the evidence of a data set that is read."""
        return fill(
            paths.EVIDENCE_REMARKS,
            network=network,
            replicate=self.replicates(network),
            evidence=self.evidence_that_is_read(network),
        )

    def _of_replicate(self, source: DataSource, replicate: int | str, file: str) -> str:
        """Where a file that an entry names is: relative to the folder, if it has one."""
        if "folders" not in source.entry:
            return file
        return os.path.join(source.folder(int(replicate)), file)

    def reference_edges(self, network: str, replicate: int | str) -> str:
        """Return the edges of one of several references of a data set."""
        return self._beside(network, replicate, self.reference(network)["edges"])

    def reference_regulators(self, network: str, replicate: int | str) -> list[str]:
        """Return the list of regulators of a reference; an empty list where it has no own."""
        named = self.reference(network).get("regulators", MEASURED)
        return [] if named == MEASURED else [self._beside(network, replicate, named)]

    def _beside(self, network: str, replicate: int | str, file: str) -> str:
        """Where a file of a data set is: relative to the folder of the replicate, if it has one."""
        source = self.source(network)
        if "folders" not in source.entry:
            return file
        folder = source.folder(int(replicate))
        if in_release(folder, paths.RELEASE):
            raise InputError(
                f"config: networks.{source.name}: {folder} is in BEELINE's release, which has no "
                "reference networks of real cells: name a folder that has them (key preparation)"
            )
        return os.path.join(folder, file)

    def reference(self, network: str) -> Mapping[str, Any]:
        """Return the entry of one of several references of a data set: edges, regulators."""
        source = self.source(network)
        return source.references[network.removeprefix(f"{source.name}.")]

    def measured(self, network: str) -> bool:
        """Whether only regulators with an edge in a reference are candidates."""
        return self.reference(network).get("regulators") == MEASURED

    def siblings(self, network: str) -> list[str]:
        """Return the names of the other references of the data set of a network."""
        names = list(self.source(network).references)
        return [name for name in names if f"{self.data_set(network)}.{name}" != network]

    def sibling_edges(self, network: str) -> list[str]:
        """Return the edges of the other references, in the order of `siblings`."""
        networks = [f"{self.data_set(network)}.{name}" for name in self.siblings(network)]
        return fill(single(paths.EDGES), network=networks)

    def made_from(self, network: str) -> dict[str, str]:
        """Return the files of the user that a network or data set is made from, by what they are.

        By the key of its entry in the config; of a folder by replicate and name.
        """
        entry = self.sources[network].entry
        if "folders" in entry:
            found = {
                f"folders.{replicate}.{Path(file).name}": file
                for replicate in self.replicates(network)
                for file in [
                    *self.source_files(network, replicate),
                    *self._all_reference_files(network, replicate),
                ]
            }
            for folder in entry["folders"]:
                found |= self._prepared_from(folder)
            for replicate in self.replicates(network):
                evidence = self._all_evidence_files(network, replicate)
                found |= {f"folders.{replicate}.{kind}": file for kind, file in evidence.items()}
            return found
        named = {key: str(entry[key]) for key in _FILES if key in entry}
        for file in self._all_reference_files(network, 1):
            named[f"references.{Path(file).name}"] = file
        if "expression" in named and Path(named["expression"]).is_dir():
            files = expression_files(named["expression"])
            named |= {f"expression.{Path(file).name}": file for file in files}
        named |= self._all_evidence_files(network, 1)
        named |= dict(zip(["model_options"], self.model_description(network), strict=False))
        return {key: file for key, file in named.items() if Path(file).is_file()}

    def _all_evidence_files(self, data_set: str, replicate: int) -> dict[str, str]:
        """The files of all evidence of a data set, by kind; of several priors by number."""
        source = self.sources[data_set]
        found = {}
        for kind, files in named_files(source.entry, source.expression).items():
            for number, file in enumerate(files, start=1):
                named = kind if len(files) == 1 else f"{kind}.{number}"
                found[named] = self._of_replicate(source, replicate, file)
        return found

    def _all_reference_files(self, data_set: str, replicate: int) -> list[str]:
        """The files of all references of a data set, each once."""
        named = [name for name in self.sources[data_set].networks if name in self.referenced]
        files = [
            file
            for name in named
            for file in (
                self.reference_edges(name, replicate),
                *self.reference_regulators(name, replicate),
            )
        ]
        return list(dict.fromkeys(files))

    def _prepared_from(self, folder: str) -> dict[str, str]:
        """The files of the user that a folder is made from; none where it is no such folder."""
        if folder not in self.prepared:
            return {}
        made = flat({key: self.prepared[folder][key] for key in ("tfs", "references")})
        return {f"preparation.{folder}.{key}": file for key, file in made.items()}

    def prepared_from(self, folder: str, reference: str) -> str:
        """Return the network that a reference in a folder that is made is cut from.

        Raises:
            InputError: the config has no such reference.
        """
        references = self.prepared[folder]["references"]
        if reference not in references:
            known = ", ".join(references)
            raise InputError(
                f"config: preparation.{folder}.references has no {reference}, but {known}"
            )
        return str(references[reference])

    def all_made_from(self) -> dict[str, str]:
        """Return the files of the user that networks and predictions of the study are made from."""
        found = {
            f"networks.{network}.{what}": file
            for network in self.data_sets
            for what, file in self.made_from(network).items()
        }
        return found | self._all_prediction_files() | self.own_code()

    def inferred_from(self, network: str) -> dict[str, str]:
        """Return the files of the user that a network of target infer is made from, with code."""
        return self.made_from(network) | self.own_code()

    def own_code(self) -> dict[str, str]:
        """Return the user's own files of code that are run or may be imported, by what they are."""
        used = {name: file for name, file in self.own_methods.items() if name in self.methods}
        used |= {file.stem: file for file in helpers(self.own_folder)} if used else {}
        return {f"methods_path.{name}": str(file) for name, file in used.items()}

    def network_entries(self) -> dict[str, dict[str, Any]]:
        """Return of each network its entry of the config, its data set, reference and protocols."""
        found = {}
        for network in self.networks:
            entry = dict(self.config["networks"][self.data_set(network)])
            entry.pop("references", None)
            found[network] = entry | {
                "data_set": self.data_set(network),
                "reference": dict(self.reference(network)) if network in self.referenced else {},
                "protocols": self.protocols_of(network),
                "replicates": len(self.replicates(network)),
            }
        return found

    def not_default(self, network: str | None = None) -> dict[str, Any]:
        """Return what of the config is not the default: `config.not_default`."""
        return not_default({**self.config, "protocols": self.protocols}, self.schema, network)

    def source_entry(self, network: str, replicate: int | str) -> dict[str, Any]:
        """Return what a replicate is read from: its own folder, not those of the others."""
        source = self.sources[network]
        # Adding a reference or evidence must not repeat inference without it, nor must a word on
        # what becomes of it.
        left_out = ("reference", "kind", "supervised", *_FURTHER, *EVIDENCE, DEFAULT_KIND)
        entry = {key: value for key, value in source.entry.items() if key not in left_out}
        if "folders" in entry:
            entry["folder"] = self.place.placed(source.folder(int(replicate)))
            del entry["folders"]
        if entry.pop("references", None):
            entry["scored"] = False
        if batches := entry.pop("batches", None):
            values = list(batches["values"])
            entry["batch"] = (batches["column"], values[int(replicate) - 1], values)
        return entry

    # ---------------------------------------------------------------------------------- methods

    def settings_block(self, method: str) -> str:
        """Return the block of `method_settings` of a method; one may share that of another."""
        return str(self.stated(method).get("settings") or method)

    def method_settings(self, method: str) -> dict[str, Any]:
        """Return the config's settings of a method; one may share those of another."""
        block = self.settings_block(method)
        settings = dict(self.config["method_settings"].get(block, {}))
        if block in self.own_methods:
            settings = own_settings(self.own_methods[str(block)]) | settings
        if "weights" in settings:
            settings["weights"] = self.place.own_or_bundled(settings["weights"])
        return settings

    def weights(self, method: str) -> str | list[str]:
        """Return the weights file of a method; an empty list where it needs none.

        Raises:
            InputError: there is no such file.
        """
        if not self.stated(method).get("weights"):
            return []
        block = self.settings_block(method)
        path = str(self.method_settings(method)["weights"])
        if not Path(path).is_file():
            raise InputError(f"config: method_settings.{block}.weights: {no_file(path)}")
        return path

    def weights_of_all(self) -> str | list[str]:
        """Return the weights file that methods of the package read; an empty list without one.

        Raises:
            InputError: there is no such file.
        """
        ours = [method for method in self.methods if method not in self.own_methods]
        found = [path for path in map(self.weights, ours) if path]
        return found[0] if found else []

    def weights_of_study(self) -> str | list[str]:
        """Return the weights file that methods read or that is fine-tuned, as `weights_of_all`."""
        tuned = self.weights(ZERO_SHOT) if self.fine_tuned else []
        return self.weights_of_all() or tuned

    @property
    def probabilistic(self) -> list[str]:
        """Methods whose scores are probabilities."""
        return [method for method in self.methods if self.stated(method).get("probabilities")]

    @property
    def judged_methods(self) -> list[str]:
        """Those of the package: what their scores may be trusted on is known."""
        return [method for method in self.probabilistic if method not in self.own_methods]

    def trust(self, network: str, methods: Sequence[str]) -> list[str]:
        """Return what was judged of the scores of methods, on a data set of target infer."""
        asked = [method for method in methods if method in self.judged_methods]
        return fill(single(paths.TRUST), network=network, method=asked)

    def options(self, network: str) -> dict[str, Any]:
        """Return what is asked for of a data set of `infer`, beside its methods and inputs."""
        return {key: v for key, v in self.sources[network].entry.items() if key in _FURTHER}

    def with_options(self, network: str, earlier: Mapping[str, Any]) -> "Study":
        """Return the study with what was asked for `earlier` of a data set of `infer`.

        What is asked for now goes first.
        """
        source = self.sources[network]
        entry = {key: v for key, v in earlier.items() if key in _FURTHER} | dict(source.entry)
        listed = {**self.config["infer"], network: entry}
        return replace(
            self,
            config={**self.config, "infer": listed},
            sources={**self.sources, network: replace(source, entry=entry)},
        )

    def null_methods(self, network: str) -> list[str]:
        """Return the methods that are run on shuffled cells as well, for a data set of `infer`.

        All or none, where its entry says so; else those whose null says something and costs little.
        """
        asked = self.sources[network].entry.get("shuffled_null")
        if asked is None:
            spared = ("relative", "costly")
            return [m for m in self.methods if not any(self.stated(m).get(flag) for flag in spared)]
        return self.methods if asked else []

    def nulls(self, network: str) -> list[str]:
        """Return the gene-shuffled null of each of `null_methods`."""
        return fill(paths.INFERRED_NULL, network=network, method=self.null_methods(network))

    def stability_runs(self, network: str, method: str) -> int | None:
        """Return on how many random parts of the cells a method is run too, of a set of `infer`.

        As many as its entry says, else none of one that costs much; None: as many as is usual for
        data of that size (`inference.stability.number_of_runs`).
        """
        asked = self.sources[network].entry.get("stability")
        if asked is None:
            return 0 if self.stated(method).get("costly") else None
        return int(asked)

    def groups_beside(self, network: str) -> int:
        """Return how many groups a data set of `infer` is one of; 1 of one that is all cells."""
        return next((len(own) for own in self.groups.values() if network in own.values()), 1)

    def donors(self, network: str) -> str:
        """Return what names the donor of each cell of a data set of `infer`; empty without."""
        return str(self.sources[network].entry.get("donors", ""))

    def donor_source(self, network: str) -> str:
        """Return the file that donors are read from."""
        entry, value = self.sources[network].entry, self.donors(network)
        return entry["expression"] if is_obs_column(value, entry["expression"]) else value

    def stable_methods(self, network: str) -> list[str]:
        """Return the methods that are run on random parts of the cells as well."""
        return [method for method in self.methods if self.stability_runs(network, method) != 0]

    def donor_methods(self, network: str) -> list[str]:
        """Return the methods that are run on the cells of each donor as well, where some are named.

        Those that cost little; all where runs on random parts are asked for of every method.
        """
        every = bool(self.sources[network].entry.get("stability"))
        asked = [m for m in self.methods if every or not self.stated(m).get("costly")]
        return asked if self.donors(network) else []

    def stability(self, network: str, methods: Sequence[str]) -> list[str]:
        """Return how stable methods' edges are, of those methods that it is asked of."""
        asked = [method for method in self.stable_methods(network) if method in methods]
        return fill(paths.INFERRED_STABILITY, network=network, method=asked)

    def donor_shares(self, network: str, methods: Sequence[str]) -> list[str]:
        """Return which donors show methods' edges, of those methods that it is asked of."""
        asked = [method for method in self.donor_methods(network) if method in methods]
        return fill(paths.INFERRED_DONORS, network=network, method=asked)

    def seed_place(self, network: str, *others: str) -> tuple[str, ...]:
        """Return what the draws of methods on a data set depend on, beside the config's seed.

        Network, replicate and dropout level in a study; nothing for the user's cells, so that the
        same cells by another name have the same network.
        """
        return () if network in self.inferred else (network, *others)

    def least_shares(self) -> tuple[float, float]:
        """Return in which share of the runs and of the donors an edge has to be to be drawn."""
        return self.config["hubs"]["least_stability"], self.config["hubs"]["least_donors"]

    def null_edges(self, network: str, methods: Sequence[str]) -> list[str]:
        """Return what shuffled genes say of methods' edges, of those that are run on them."""
        asked = [method for method in self.null_methods(network) if method in methods]
        return fill(paths.INFERRED_NULL_EDGES, network=network, method=asked)

    def drawn_of_nulls(self, network: str) -> list[str]:
        """Return the strongest edges of each of `null_methods`, with those that are drawn."""
        pattern = f"{paths.INFERRED}/{{method}}/edges.tsv"
        return fill(pattern, network=network, method=self.null_methods(network))

    def pairs(self, network: str) -> str:
        """Return the form of the list of all pairs of a data set of `infer`; none by default."""
        return str(self.sources[network].entry.get("pairs", "none"))

    def pair_files(self, network: str) -> list[str]:
        """Return the lists of all pairs that are asked for."""
        form = self.pairs(network)
        if form == "csv":
            return fill(paths.INFERRED_PAIRS, network=network, method=self.methods)
        return fill(paths.INFERRED_H5AD, network=network) if form == "h5ad" else []

    def judged(self) -> list[tuple[str, str]]:
        """Return data set and method of what is judged of data sets of the study that are read."""
        read = [name for name in self.data_sets if not self.sources[name].simulated]
        return list(product(read, self.judged_methods))

    def code(self, script: str) -> list[str]:
        """Return the package files a script depends on: editing one reruns the rule."""
        found = package_code(self.place.repository / "scripts" / f"{script}.py")
        return [self.place.bundled(path) for path in found]

    def method_code(self, method: str) -> list[str]:
        """Return the files of code a method depends on: editing one method reruns no other.

        One of the user depends on all files that it may import from its folder.
        """
        module = self._module(method)
        files = [module, *map(self.place.bundled, package_code(module))]
        if method in self.own_methods:
            files += map(str, helpers(self.own_folder))
        return sorted({*self.code("infer_network"), *files})

    def check_package(self, method: str) -> None:
        """Raise InputError where the package that a method needs beside the lock is missing."""
        check_package(method, self.own_folder)

    def environment(self, method: str) -> str:
        """Return the conda environment of a method's jobs, seen from the folder of the rules.

        One of its own has what needs a package beside the lock.
        """
        apart = self.stated(method).get("package") and method not in self.own_methods
        return f"../../envs/{method if apart else 'methods'}.yaml"

    def method_modules(self, *methods: str) -> list[str]:
        """Return the files of methods, which hold their titles and flags."""
        return [self._module(method) for method in methods]

    def _module(self, method: str) -> str:
        """The file of a method, of the package or of the user."""
        if method in self.own_methods:
            return str(self.own_methods[method])
        return self.place.bundled(module_path(method, ""))

    # ---------------------------------------------------------------------------------- results

    def over_networks(self, pattern: str, **axes: object) -> list[str]:
        """Return files of a pattern for all networks (and other axes)."""
        return fill(pattern, network=self.networks, **axes)

    def over_trained(self, pattern: str, **axes: object) -> list[str]:
        """Return files of a pattern for all networks that models are trained on."""
        return fill(pattern, network=self.trained, **axes)

    def over_scores(self, file: str) -> list[str]:
        """Return a file of scores for all networks and the protocols that each is scored under."""
        return [
            path
            for name in self.networks
            for path in fill(f"{paths.SCORES}/{file}", network=name, protocol=self.scored_of(name))
        ]

    def over_replicates(self, network: str, pattern: str, **axes: object) -> list[str]:
        """Return files of a pattern for every replicate of a network (and other axes)."""
        pattern = self.of_cells(network, pattern)
        return fill(pattern, network=network, replicate=self.replicates(network), **axes)

    def of_cells(self, network: str, pattern: str) -> str:
        """Return the pattern of a network: files of cells are those of its data set."""
        if pattern in paths.OF_CELLS:
            return pattern.replace("{network}", self.data_set(network))
        return pattern

    def datasets(self, pattern: str, networks: Sequence[str], **axes: object) -> list[str]:
        """Return files of a pattern for every replicate of some networks (and other axes)."""
        return [file for name in networks for file in self.over_replicates(name, pattern, **axes)]

    def method_files(self, network: str, file: str, methods: Sequence[str]) -> list[str]:
        """Return a file of each method, replicate and dropout level of a network, in this order."""
        axes = {"method": methods, "replicate": self.replicates(network), "dropout": self.dropouts}
        return fill(f"{paths.METHOD}/{file}", network=self.data_set(network), **axes)

    def control_model_files(self, network: str, protocol: str) -> list[str]:
        """Return the predictions of `control_models`, in the same order."""
        at = {"network": network, "protocol": protocol}
        return [
            file
            for control, level, seed in self.control_models(protocol)
            for file in fill(
                paths.CONTROL_MODEL, control=control, dropout=level or "000", seed=seed, **at
            )
        ]

    def fine_tuning_files(self, network: str, protocol: str) -> list[str]:
        """Return the predictions of `fine_tunings`, in the same order."""
        at = {"network": network, "protocol": protocol}
        pattern = f"{paths.FINE_TUNING}/predictions.tsv"
        return [
            file
            for level, seed in self.fine_tunings(protocol)
            for file in fill(pattern, dropout=level, seed=seed, **at)
        ]

    def ranked_edges(self) -> list[str]:
        """Return BEELINE's rankedEdges.csv of the GATv2, for every network and all axes."""
        axes = {"dropout": self.dropouts, "protocol": self.protocols, "seed": self.seeds}
        return self.datasets(paths.RANKED, self.trained, **axes)

    @property
    def table_names(self) -> list[str]:
        """Tables that are collected over networks."""
        names = ["summary", "metrics", "stability", "metrics_by_replicate"]
        names += ["metrics_by_regulators", "comparison", "failures"]
        names += ["hubs"] if self.trained else []
        names += ["kinds"] if self.kinds else []
        return names + (["leaders", "usage", "time", "beeline"] if self.scored_methods else [])

    def remarks(self) -> list[str]:
        """Return the remarks on the data of each network that is read from files."""
        read = [name for name in self.data_sets if not self.sources[name].simulated]
        imported = self.datasets(paths.clean(paths.REMARKS), [*read, *self.referenced])
        evidence = [path for name in read for path in self.evidence_remarks(name)]
        predicted = [
            path
            for name in self.data_sets
            for path in self.method_files(name, "remarks.tsv", self.predicted)
        ]
        return [*remarks_of(self.prepared), *imported, *evidence, *predicted]

    def remark_table(self) -> list[str]:
        """Return the table of all remarks; an empty list where nothing is read from files."""
        return [paths.ALL_REMARKS] if self.remarks() else []

    def tables(self) -> list[str]:
        """Return every table of the study, and its overview page."""
        if not self.networks:
            return []
        collected = [*fill(paths.TABLE, table=self.table_names), *self.remark_table()]
        return [paths.OVERVIEW, *fill(paths.TABLE, table="versions"), *collected]

    def tables_with_provenance(self) -> list[str]:
        """Return every table of the study, and what they were made from."""
        return [*self.tables(), paths.PROVENANCE] if self.networks else []

    def figures(self) -> list[str]:
        """Return every figure of the study."""
        names = ["metrics", "curves", "hubs", "network", "training"]
        names += ["paper_protocol"] if PAPER in self.protocols else []
        pattern = f"{paths.FIGURES}/{{figure}}.png"
        found = fill(pattern, network=self.data_sets, figure="expression")
        found += self.over_trained(pattern, figure=names)
        found += fill(pattern, network=self.perturbed, figure=["perturbations", "fates"])
        if self.networks and self.scored_methods:
            found += self.over_networks(f"{paths.FIGURES}/methods.png")
            found += fill(paths.METHOD_SUMMARY, dropout=self.dropouts)
            found += [paths.BEELINE_FIGURE] if self.beeline_networks else []
            found += fill(paths.KINDS_FIGURE, dropout=self.dropouts) if self.kinds else []
            found += fill(paths.FOCUS_FIGURE, dropout=self.dropouts) if self.focus else []
        return found

    def chapters(self) -> dict[str, str]:
        """Return the titles of the report's chapters, those that it has numbered from 1.

        Snakemake sorts chapters by their titles: the numbers keep the order of `paths.CHAPTERS`.
        """
        absent = set() if self.trained else {"honest", "hubs"}
        absent |= set() if self.trained and PAPER in self.protocols else {"paper"}
        absent |= set() if self.perturbed else {"perturbations"}
        there = [name for name in paths.CHAPTERS if name not in absent]
        numbers = {name: f"{k} " for k, name in enumerate(there, start=1)}
        return {name: numbers.get(name, "") + title for name, title in paths.CHAPTERS.items()}

    def overview_figures(self) -> list[str]:
        """Return the figures that the overview shows; of many networks that of all of them only."""
        found = []
        if self.networks and self.focus:
            found += fill(paths.FOCUS_FIGURE, dropout=self.dropouts[:1])
        if self.networks and self.scored_methods:
            found += fill(paths.METHOD_SUMMARY, dropout=self.dropouts[:1])
        if len(self.networks) > _MOST_PICTURED:
            return found
        if self.scored_methods:
            found += self.over_networks(f"{paths.FIGURES}/methods.png")
        pattern = f"{paths.FIGURES}/{{figure}}.png"
        return found + self.over_trained(pattern, figure=["metrics", "hubs"])

    def vector_forms(self, *figures: str) -> list[str]:
        """Return the files beside figures (.png) that hold them in the vector forms asked for."""
        forms = self.config["report"]["formats"]
        return [f"{figure.removesuffix('.png')}.{form}" for figure in figures for form in forms]

    def landing(self, introduction: str) -> str:
        """Return what the report opens with: the results, or `introduction` without any."""
        found = Path(self.place.placed(paths.LANDING))
        return str(found.resolve()) if found.is_file() else introduction

    def figure_files(self) -> list[str]:
        """Return every figure of the study, and its vector forms."""
        return [*self.figures(), *self.vector_forms(*self.figures())]

    @property
    def selection(self) -> dict[str, list[str]]:
        """Methods that figures show and point out: arguments of `report.selection.Selection`."""
        report, focus = self.config["report"], [self.focus] if self.focus else []
        return {
            "methods": list(report["methods"]),
            "highlighted": list(report["highlight"] or focus),
        }

    def together(self, network: str) -> list[list[str]]:
        """Return the sets of genes of a network that are perturbed together."""
        return [list(genes) for genes in self.config["perturb"]["together"].get(network, [])]

    def knock_outs(self, network: str) -> list[str]:
        """Return the table of what knock-outs do to a network; an empty list without any."""
        pattern = f"{paths.PERTURBATIONS}/consequences.tsv"
        return fill(pattern, network=network) if network in self.perturbed else []

    def hub_methods(self, network: str) -> list[str]:
        """Return the methods whose networks' hubs are compared with what knock-outs do."""
        return self.scored_methods if network in self.perturbed else []

    def perturbation_tables(self) -> list[str]:
        """Return the tables of what perturbations do, of each network that they are done to."""
        tables = ["perturbations", "fates", "consequences"]
        return fill(f"{paths.PERTURBATIONS}/{{table}}.tsv", network=self.perturbed, table=tables)

    def targets(self) -> list[str]:
        """Return everything that a full run makes."""
        pages = self.inferred_pages() if self.inferred else []
        tables = self.tables_with_provenance()
        own = [*self.perturbation_tables(), *self.figure_files(), *self.ranked_edges()]
        return [*tables, *own, *pages, *self.exports()]

    def exports(self) -> list[str]:
        """Return the folder of each benchmark that the methods' predictions are written for."""
        return fill(paths.EXPORT, benchmark=self.config["exports"]["benchmarks"])

    def inferred_pages(self) -> list[str]:
        """Return the pages of target infer.

        Raises:
            InputError: the config has no data set for it.
        """
        if not self.inferred:
            raise InputError(
                "target infer needs --config expression=PATH name=NAME, or a block infer in the "
                "config file"
            )
        pages = fill(f"{paths.INFERRED}/report.html", network=self.inferred)
        pages += fill(paths.COMPARISON_PAGE, grouped=list(self.groups))
        return pages + [file for name in self.inferred for file in self.pair_files(name)]

    def of_group_members(self, pattern: str, grouped: str, **others: str) -> list[str]:
        """Return a file of the data set of each group of a data set of `infer`."""
        return fill(pattern, network=list(self.groups[grouped].values()), **others)

    def pages_of_groups(self, grouped: str) -> list[str]:
        """Return the page of each group, seen from that of the comparison."""
        return [f"../{name}/report.html" for name in self.groups[grouped].values()]

    def grouped_by(self, grouped: str) -> str:
        """Return what makes the groups of a data set of `infer`: a column, or a table."""
        return str(self.sources[next(iter(self.groups[grouped].values()))].entry["groupby"])

    def permutations(self, grouped: str) -> int | None:
        """Return how often labels of groups are permuted; None: as often as is usual."""
        asked = self.sources[next(iter(self.groups[grouped].values()))].entry.get("permutations")
        return None if asked is None else int(asked)

    def inferred_reference(self, network: str) -> str | list[str]:
        """Return the checked reference edges of a data set of target infer; else an empty list."""
        has = self.sources[network].reference is not None
        return f"{paths.INFERRED}/refNetwork.csv".format(network=network) if has else []

    def inferred_remarks(self, network: str) -> list[str]:
        """Return the remarks on the files of a data set of target infer."""
        found = fill(paths.single(paths.REMARKS), network=network)
        has = self.sources[network].reference is not None
        found += fill(paths.REFERENCE_REMARKS, network=network) if has else []
        found += fill(paths.DONOR_REMARKS, network=network) if self.donors(network) else []
        return [*found, *self.evidence_remarks(network)]

    def of_methods(self, file: str, methods: Sequence[str] | None = None) -> list[str]:
        """Return the patterns of a file of target infer for each method."""
        names = self.methods if methods is None else methods
        return fill(f"{paths.INFERRED}/{{method}}/{file}", method=names)

    def hub_times(self, network: str) -> list[str]:
        """Return the figure of each method's hubs along pseudotime, where the cells have one."""
        has = "pseudotime" in self.sources[network].entry
        return fill(paths.INFERRED_TIMES, network=network, method=self.methods) if has else []

    def inferred_metrics(self, network: str) -> list[str]:
        """Return the metrics of each method, where the data set comes with reference edges."""
        has = self.sources[network].reference is not None
        return fill(paths.INFERRED_METRICS, network=network, method=self.methods) if has else []


def settings_of(method: str, given: Mapping[str, Any], own: str = "") -> tuple[dict[str, Any], int]:
    """Return the settings of a method outside of any study, and the seed of all studies.

    Args:
        method: name of the method.
        given: those that differ from the defaults.
        own: folder of the user's own methods; empty for none.

    Raises:
        InputError: there is no such method, setting or weights file, or a value is wrong.
    """
    config: dict[str, Any] = {"infer": {"data": {"expression": "data"}}, "methods": [method]}
    if own:
        config["methods_path"] = own
    if given:
        block = stated(method, own).get("settings") or method
        config["method_settings"] = {block: dict(given)}
    study = Study(check_config(config, schema("study")), Place(repository()), {})
    study.weights(method)
    return study.method_settings(method), study.config["seed"]


def _located(
    entry: Mapping[str, Any], place: Place, prepared: Collection[str] = ()
) -> dict[str, Any]:
    """Return an entry of the config with its files seen from the working directory.

    `prepared`: folders that a rule makes. They, and those in the release, get Snakemake's prefix.
    """

    def folder(path: str) -> str:
        if os.path.normpath(path) in prepared:
            return os.path.normpath(path)
        return path if in_release(path, paths.RELEASE) else place.own(path)

    if "folders" in entry:  # edges and regulators are relative to each of them
        return {**entry, "folders": [folder(path) for path in entry["folders"]]}
    if "references" in entry:
        references = {
            name: {**found, **{k: place.own(v) for k, v in files_of_reference(found).items()}}
            for name, found in entry["references"].items()
        }
        entry = {**entry, "references": references}
    files = {"h5ad", "expression", "edges", "regulators", "reference"}
    columns = is_h5ad(entry.get("expression", "")) or entry.get("pseudotime") == DIFFUSION
    if "expression" in entry and not columns:
        files.add("pseudotime")
    expression = entry.get("h5ad", entry.get("expression", ""))
    entry = {
        key: [v if is_inside(key, v, expression) else place.own(v) for v in listed(entry, key)]
        if key in EVIDENCE and "folders" not in entry
        else value
        for key, value in entry.items()
    }
    return {
        key: place.own_or_bundled(value)
        if key == "model"
        else place.own(value)
        if key in files
        else value
        for key, value in entry.items()
    }


def only(names: Sequence[str]) -> str:
    """Return a regular expression that matches these names and nothing else."""
    return "|".join(map(re.escape, names)) if names else "(?!)"
