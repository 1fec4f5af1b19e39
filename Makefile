# make reproduce: the default study. make small: a small one, in small-study/. make curated: all
# methods on BEELINE's four curated networks, in curated-study/. make test: the tests.
# Each makes the environment first.
PYTHON ?= python3
PIP_ARGS ?=
CORES ?= all
BIN := .venv/bin
SNAKEMAKE := $(BIN)/snakemake --cores $(CORES) --workflow-profile workflow/profiles/default

.PHONY: reproduce report small curated pretrain ablation install test lint format bench bench-curated readme rulegraph clean

reproduce: install
	$(SNAKEMAKE)
	$(MAKE) report

report: install
	$(BIN)/snakemake --cores 1 --report results/report.html

small: install
	mkdir -p small-study
	$(SNAKEMAKE) --configfile tests/config/small.yaml --directory small-study
	@echo "done: open small-study/results/tables/overview.html"

# BEELINE's comparison: 4 networks x 10 replicates x 3 dropout levels, every method.
curated: install
	mkdir -p curated-study
	$(SNAKEMAKE) --configfile config/curated.yaml --directory curated-study
	@echo "done: open curated-study/results/tables/overview.html"

# The zero-shot model anew, from nothing: hours. Its files take the place of those of the repository.
pretrain: install
	$(SNAKEMAKE) pretrain_all --configfile config/pretraining.yaml
	cp results/pretraining/zeroshot/* workflow/resources/zeroshot/

# What the parts of the zero-shot model are worth: a table and a figure, a night on two cores.
ablation: install
	$(SNAKEMAKE) ablation --configfile config/pretraining.yaml config/ablation.yaml

install: .venv/installed

.venv/installed: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "error: Python 3.11 or newer is needed; name one with make PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $(PIP_ARGS) -r requirements.lock
	touch $@

test: install
	$(BIN)/python -m pytest -n 2 --dist loadgroup

lint: install
	$(BIN)/ruff check scripts tests bench
	$(BIN)/ruff format --check scripts tests bench
	$(BIN)/snakefmt --check Snakefile workflow
	$(BIN)/snakemake --lint

format: install
	$(BIN)/ruff check --fix scripts tests bench
	$(BIN)/ruff format scripts tests bench
	$(BIN)/snakefmt Snakefile workflow

bench: install
	$(BIN)/python bench/simulation.py --output results/bench/simulation.tsv
	$(BIN)/python bench/peers.py --output results/bench/peers.tsv
	$(BIN)/python bench/study.py --output results/bench/study.tsv
	$(BIN)/python bench/cluster.py --output results/bench/cluster.tsv

# The curated study in one go, with its wall time by rule and method; an hour on two cores.
bench-curated: install
	$(BIN)/python bench/study.py --configfile config/curated.yaml --folder curated-study \
	  --output curated-study/results/bench/study.tsv

# Copies the tables of a finished `make reproduce`, `make bench` and `make bench-curated` to docs/results and rewrites the
# number blocks of the README from them.
readme: install
	$(BIN)/python bench/readme.py --update

# The picture in the README; needs graphviz (dot, tred).
rulegraph: install
	$(BIN)/snakemake --rulegraph dot | tred | dot -Grankdir=LR -Nfontsize=11 -Tsvg > docs/rulegraph.svg

clean:
	rm -rf results small-study curated-study synthetic-study .snakemake
