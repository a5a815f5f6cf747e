# Two commands do everything on a fresh machine: `make run` and `make test`.
PYTHON ?= python3
VENV ?= .venv
ADAPTERS ?= .venv-adapters
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help setup run lint type test test-adapters docs gate bench bench-scaling bench-peers bench-page smoke clean

help: ## what there is
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 15

setup: $(READY) ## a virtual environment with everything in it

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	$(BIN)/python -m compileall -q dedup
	touch $(READY)

run: $(READY) ## clean samples/scraped into build/corpus, and say what was done
	$(BIN)/dedup clean samples/scraped -o build/corpus
	@echo
	@echo "The clean corpus: build/corpus/corpus.jsonl. Why something is gone:"
	@echo "  $(BIN)/dedup explain build/corpus nabd-alnawras/2025-03-17-storm-scroll.txt"

lint: $(READY) ## ruff, all rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

type: $(READY) ## mypy, strict
	$(BIN)/mypy

test: $(READY) ## every test
	$(BIN)/python -m pytest

docs: $(READY) ## what is written from the code: help pages for the tests, the table of options, the schema of dedup.toml
	$(BIN)/python -m tests.docs.help
	$(BIN)/python -m tests.docs.options
	$(BIN)/dedup init --schema > docs/dedup.schema.json

EXTRAS := arrow pandas polars datasets datatrove ray spark

test-adapters: $(ADAPTERS)/.ready ## the adapters against the libraries they are for, in an environment of their own
	$(ADAPTERS)/bin/python -m pytest tests/adapters tests/python/test_docs.py

$(ADAPTERS)/.ready: pyproject.toml
	$(PYTHON) -m venv $(ADAPTERS)
	$(ADAPTERS)/bin/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	all='$(EXTRAS)'; $(ADAPTERS)/bin/python -m pip install --quiet --disable-pip-version-check -e ".[$$(echo $$all | tr ' ' ,)]" \
	|| for extra in $$all; do \
	    $(ADAPTERS)/bin/python -m pip install --quiet --disable-pip-version-check -e ".[$$extra]" \
	    || echo "! dedup[$$extra] cannot be installed here: its tests are skipped"; done
	touch $(ADAPTERS)/.ready

gate: $(READY) ## quality floors, and scores on ../shared where it is there
	$(BIN)/python -m tests.gate

MEGABYTES ?= 10 100
PEERS := .venv-peers

bench: $(READY) bench-peers ## dedup beside other tools, on made-up news of MEGABYTES="10 100"; then the page about it
	for size in $(MEGABYTES); do $(BIN)/python -m benchmarks.compare --megabytes $$size || exit 1; done
	$(MAKE) bench-page

bench-scaling: $(READY) ## time and memory at 10, 100 and 1,000 MB (wants a quiet machine), and the kernels one by one
	$(BIN)/python -m benchmarks.scaling
	$(BIN)/python -m benchmarks.kernels
	$(MAKE) bench-page

bench-peers: $(PEERS)/.ready ## the tools dedup is compared with, and matplotlib, in an environment of their own

$(PEERS)/.ready: benchmarks/requirements-peers.txt
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/requirements-peers.txt \
	|| grep -v '^#' benchmarks/requirements-peers.txt | sed 's/ *#.*//' | while read -r each; do \
	    $(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check "$$each" \
	    || echo "! $$each cannot be installed here: it is left out"; done
	touch $(PEERS)/.ready

bench-page: $(READY) bench-peers ## benchmarks/README.md and its plot, from benchmarks/results
	$(BIN)/python -m benchmarks.report
	$(PEERS)/bin/python benchmarks/plot.py

smoke: $(READY) ## the built wheel in a clean environment
	sh tests/smoke.sh $(PYTHON)

clean: ## what was built
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
