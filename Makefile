# make reproduce: the default study. make small: a small one, in small-study/. make curated: all
# methods on BEELINE's four curated networks, in curated-study/. make test: the tests that take
# minutes; make test-slow: the others. Each makes the environment first.
PYTHON ?= python3
PIP_ARGS ?=
CORES ?= all
BIN := .venv/bin
DIST ?= dist
BUNDLE ?= bundle
PYTHONS ?= 3.12 3.13
IMAGE ?= grn-gat
IMAGE_ARGS ?=
ENGINE ?= $(firstword $(foreach name,podman buildah docker,$(shell command -v $(name))))
# Whole files to each process, as they make a study once; in their order, the long ones first.
PYTEST := $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder
SNAKEMAKE := $(BIN)/snakemake --cores $(CORES)
# The report of a finished study, in its folder; the same --configfile and --directory as the study.
REPORT := $(BIN)/snakemake --cores 1 --report results/report.zip \
  --report-stylesheet "$(CURDIR)/workflow/report/report.css"
SMALL := --configfile tests/config/small.yaml --directory small-study
CURATED := --configfile config/curated.yaml --directory curated-study
REAL := --configfile config/real.yaml --directory real-study
HEMATOPOIESIS := --configfile config/hematopoiesis.yaml --directory hematopoiesis-study
TRUST := --configfile config/pretraining.yaml config/trust.yaml --directory trust-study
HUB_WORTH := --configfile config/pretraining.yaml config/hub_worth.yaml --directory hub-worth-study
KNOCK_OUTS := --configfile config/pretraining.yaml config/knock_outs.yaml --directory knock-outs-study
HELD_OUT := --configfile config/pretraining.yaml config/held_out.yaml --directory held-out-study
BROAD := --configfile config/pretraining.yaml config/measurement.yaml config/broad_training.yaml \
  --directory broad-study
REALISM := --configfile config/pretraining.yaml config/measurement.yaml config/realism.yaml \
  --directory realism-study
LINTED := hatch_build.py scripts tests bench docs

.PHONY: reproduce report small curated real hematopoiesis real-evidence pretrain ablation trust hub-worth held-out knock-outs broad-training realism install wheel bundle test test-slow test-conda pins \
  pythons image container lint audit docs site release format bench bench-curated bench-views readme picture rulegraph clean

reproduce: install
	$(SNAKEMAKE)
	$(MAKE) report

report: install
	$(REPORT)
	@echo "done: unzip results/report.zip and open report/report.html"

small: install
	mkdir -p small-study
	$(SNAKEMAKE) $(SMALL)
	$(REPORT) $(SMALL)
	@echo "done: unzip small-study/results/report.zip and open report/report.html"

# BEELINE's comparison: 4 networks x 10 replicates x 3 dropout levels, every method.
curated: install
	mkdir -p curated-study
	$(SNAKEMAKE) $(CURATED)
	$(REPORT) $(CURATED)
	@echo "done: unzip curated-study/results/report.zip and open report/report.html"

# Real cells: files of yours in real-study/real-data and hematopoiesis-study/real-data (docs/real.md).
real: install
	mkdir -p real-study
	$(SNAKEMAKE) $(REAL)
	$(REPORT) $(REAL)
	@echo "done: unzip real-study/results/report.zip and open report/report.html"

hematopoiesis: install
	mkdir -p hematopoiesis-study
	$(SNAKEMAKE) $(HEMATOPOIESIS)
	$(REPORT) $(HEMATOPOIESIS)
	@echo "done: unzip hematopoiesis-study/results/report.zip and open report/report.html"

# What evidence adds on real cells: its folders are made of those in REAL_DATA.
REAL_DATA ?= real-study/real-data
real-evidence: install
	PYTHONPATH=scripts $(BIN)/python bench/evidence_folders.py $(REAL_DATA) evidence-study/real-data
	$(SNAKEMAKE) --configfile config/real-evidence.yaml --directory evidence-study

# The zero-shot model anew, from nothing: hours. Its files take the place of those of the repository.
pretrain: install
	$(SNAKEMAKE) pretrain_all --configfile config/pretraining.yaml
	cd results/pretraining/zeroshot && cp *.md *.png *.safetensors *.tsv "$(CURDIR)/workflow/resources/zeroshot/"

# What the parts of the zero-shot model are worth: a table and a figure, hours on two cores.
ablation: install
	$(SNAKEMAKE) ablation --configfile config/pretraining.yaml config/ablation.yaml

# Whether the box on the page of a data set stands where it should: a table, minutes on two cores.
trust: install
	mkdir -p trust-study
	$(SNAKEMAKE) trust $(TRUST)

# Whether hubs are consequential: ten models and 500 random networks, about an hour on two cores.
hub-worth: install
	mkdir -p hub-worth-study
	$(SNAKEMAKE) hub_worth $(HUB_WORTH)
	$(REPORT) $(HUB_WORTH) hub_worth
	@echo "done: unzip hub-worth-study/results/report.zip and open report/report.html"

# What a training has to beat, on networks that none sees: a table and figures, hours on two cores.
# Whether networks tell what a knock-out will do: a table and a figure, minutes on two cores.
knock-outs: install
	mkdir -p knock-outs-study
	$(SNAKEMAKE) knock_outs $(KNOCK_OUTS)

held-out: install
	mkdir -p held-out-study
	$(SNAKEMAKE) held_out $(HELD_OUT)

# A zero-shot model of data of many kinds, and what kinds left out are worth: hours on two cores.
broad-training: install
	mkdir -p broad-study
	$(SNAKEMAKE) broad_training $(BROAD)

# Whether real cells look like training data: files of yours in realism-study/real-data (docs/real.md).
realism: install
	mkdir -p realism-study
	$(SNAKEMAKE) realism $(REALISM)

install: .venv/installed

.venv/installed: requirements.lock pyproject.toml scripts/grn_gat/core/version.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "error: Python 3.11 or newer is needed; name one with make PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $(PIP_ARGS) -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

# The package with its workflow in one file, which `pip install -c requirements.lock dist/*.whl` installs.
wheel: install
	rm -f $(DIST)/grn_gat-*.whl
	$(BIN)/hatchling build --target wheel --directory $(DIST)

# For machines without a network: the wheels of the lock, built where there is only an sdist, and that of
# the package, for this Python and system. The last line tries whether they are enough.
bundle: wheel
	rm -f $(BUNDLE)/*.whl
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation $(PIP_ARGS) \
	  --wheel-dir $(BUNDLE) --requirement requirements.lock $(DIST)/grn_gat-*.whl
	cp requirements.lock $(BUNDLE)
	@PIP_CONFIG_FILE=/dev/null $(BIN)/python -m pip install --quiet --disable-pip-version-check --dry-run \
	  --ignore-installed --no-index --find-links $(BUNDLE) --constraint requirements.lock 'grn-gat[slurm]' || { \
	  echo "error: these wheels need others that requirements.lock does not name. PyPI's PyTorch for Linux"; \
	  echo "needs CUDA: add PIP_ARGS='--extra-index-url https://download.pytorch.org/whl/cpu'"; exit 1; }

# What a change should pass before it is shown to anyone: minutes.
test: install
	$(PYTEST)

# Slurm, interruptions, browser, site, conda, pretraining, modules; skipped where what it needs is missing.
test-slow: .venv/site-installed
	$(PYTEST) -m slow

# A small study with --sdm conda; needs conda and its channel.
test-conda: install
	$(BIN)/python -m pytest -m conda

# Pin files envs/<name>.linux-64.pin.txt, which Snakemake takes before <name>.yaml; needs conda on
# 64-bit Linux, no GPU: train-gpu is pinned for this version of CUDA.
PINNED_CUDA ?= 12.9
# What pip installs, as in regdiffusion.yaml, cannot be pinned so.
pins: $(patsubst envs/%.yaml,envs/%.linux-64.pin.txt,$(filter-out envs/regdiffusion.yaml,$(wildcard envs/*.yaml)))

envs/%.linux-64.pin.txt: envs/%.yaml
	rm -rf .pins/$*
	CONDA_OVERRIDE_CUDA=$(PINNED_CUDA) conda env create --quiet --file $< --prefix .pins/$*
	conda list --explicit --md5 --prefix .pins/$* > $@.tmp
	mv $@.tmp $@
	rm -rf .pins/$*

# Whether all that the lock names exists for other Pythons: 0.7 GB for each, of which most is PyTorch.
pythons: install
	for python in $(PYTHONS); do $(BIN)/python -m pip download --quiet --disable-pip-version-check $(PIP_ARGS) \
	  --no-deps --only-binary=:all: --no-binary=connection_pool --python-version $$python \
	  --dest .pythons/$$python --requirement requirements.lock || exit 1; done
	rm -r .pythons

# An image of the package, from the wheels of the bundle. Another Debian, with the Python of the bundle:
# IMAGE_ARGS="--build-arg BASE=debian:trixie-slim".
image: bundle
	$(ENGINE) build $(IMAGE_ARGS) --file Containerfile --tag $(IMAGE) $(BUNDLE)

# The same for --sdm apptainer: needs apptainer and several GB of disk.
container: image
	rm -f grn-gat.tar
	$(ENGINE) $(if $(findstring buildah,$(ENGINE)),push $(IMAGE) docker-archive:grn-gat.tar:$(IMAGE),\
	  save --output grn-gat.tar $(IMAGE))
	apptainer build --force grn-gat.sif envs/Apptainer.def
	rm grn-gat.tar

lint: install
	$(BIN)/ruff check $(LINTED)
	$(BIN)/ruff format --check $(LINTED)
	$(BIN)/snakefmt --check Snakefile workflow
	$(BIN)/mypy
	$(BIN)/snakemake --lint

# Known vulnerabilities of the pinned packages; needs the network, and an environment of its own so that
# what it installs is not what it audits. --strict: a package that cannot be looked up is an error.
audit:
	$(PYTHON) -m venv .audit
	.audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit
	.audit/bin/pip-audit --strict --no-deps --disable-pip -r requirements.lock

# The tables of parameters and methods in docs/, from schemas and registry; the version where it is stated.
docs: install
	$(BIN)/python docs/parameters.py --update
	$(BIN)/python docs/release.py --update

# The documentation in site/: open site/index.html, no server and no network needed.
site: .venv/site-installed
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet

# Apart from requirements.lock: the theme has thousands of files, which nobody needs who reads no page.
.venv/site-installed: requirements-site.lock .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $(PIP_ARGS) \
	  -r requirements.lock -r requirements-site.lock
	touch $@

# Whether this commit can be released; what is left is to push its tag (.github/workflows/release.yml).
release: install
	@test -z "$$(git status --porcelain)" || { echo "error: there are changes without a commit"; exit 1; }
	$(BIN)/python docs/release.py --notes

format: install
	$(BIN)/ruff check --fix $(LINTED)
	$(BIN)/ruff format $(LINTED)
	$(BIN)/snakefmt Snakefile workflow

bench: install
	$(BIN)/python bench/simulation.py --output results/bench/simulation.tsv
	$(BIN)/python bench/measurement.py --output results/bench/measurement.tsv
	$(BIN)/python bench/coverage.py --output results/bench/coverage.tsv
	$(BIN)/python bench/coverage_regulators.py --output results/bench/coverage_regulators.tsv
	$(BIN)/python bench/front_door.py --output results/bench/front_door.tsv
	$(BIN)/python bench/costs.py
	$(BIN)/python bench/atlas.py results/bench/atlas.h5ad
	$(BIN)/python bench/infer_files.py results/bench/atlas.h5ad --output results/bench/infer_files.tsv
	$(BIN)/python bench/reading.py --output results/bench/reading.tsv
	$(BIN)/python bench/methods.py --output results/bench/methods.tsv
	$(BIN)/python bench/zeroshot.py --output results/bench/zeroshot.tsv
	$(BIN)/python bench/transcriptional.py --output results/bench/transcriptional.tsv
	$(BIN)/python bench/views.py --output results/bench/views.tsv
	$(BIN)/python bench/finetuning.py --output results/bench/finetuning.tsv
	$(BIN)/python bench/large.py --output results/bench/large.tsv
	$(BIN)/python bench/study.py --output results/bench/study.tsv
	$(BIN)/python tests/loopback_slurm.py $(BIN)/python bench/cluster.py \
	  --output results/bench/cluster.tsv

# All data sets of config/measurement.yaml, drawn once: an hour of a core, 11 GB in views-study.
bench-views: install
	$(BIN)/python bench/views.py --whole views-study --output results/bench/views_whole.tsv

# The curated study in one go, with its wall time by rule and method; an hour on two cores.
bench-curated: install
	$(BIN)/python bench/study.py --configfile config/curated.yaml --folder curated-study \
	  --output curated-study/results/bench/study.tsv

# Copies the tables of finished runs (docs/write/sources.py says which) to docs/results and rewrites the
# table of the README and the numbers of the model card from them.
readme: install
	$(BIN)/python docs/readme.py --copy --update

# The picture of the README: what the command draws of its example.
picture: install
	rm -rf .picture && mkdir .picture
	$(BIN)/grn-gat example .picture/example
	$(BIN)/grn-gat infer .picture/example/cells.csv --reference .picture/example/network.csv \
	  --output .picture/network
	cp .picture/network/gat-zeroshot/network.png docs/example-network.png
	rm -rf .picture

# The picture of the rules; needs graphviz (dot, tred).
rulegraph: install
	$(BIN)/snakemake --rulegraph dot | tred | dot -Grankdir=LR -Nfontsize=11 -Tsvg > docs/rulegraph.svg

clean:
	rm -rf .audit bundle dist site results small-study curated-study synthetic-study trust-study hub-worth-study held-out-study knock-outs-study realism-study evidence-study .snakemake
