# The two commands of the README, and what else a developer needs. See docs/development.md.

PYTHON ?= python3
JOBS ?= 2
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# Hundreds of processes read the modules: those that the environment forbids to keep compiled are compiled for each.
unexport PYTHONDONTWRITEBYTECODE
LOCK := $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header

.PHONY: demo test lint wheel docs peers bench frozen nightly lock locked sbom audit clean

## Set up and turn the curated tables of Saxony into a release under build/.
demo: .venv/ready
	$(BIN)/transfergraph build

## Set up and run the tests. Tests that need a browser, Java or Node say so and skip without them.
test: .venv/ready-dev
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder

## The linter and the type checker.
lint: .venv/ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

## Install what some tests compare with: Chromium (as root, on Debian), an independent CSVW parser, Fuseki.
peers: .venv/python
	sh tests/peers/install.sh

## Measure speed and memory; see docs/performance.md.
bench: .venv/ready-dev
	$(BIN)/python -m benchmarks

## The wheel, which is all that others need to install: dist/transfergraph-<version>-py3-none-any.whl
wheel: .venv/python
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir dist .

## The documentation as a site below dist/docs.
docs: .venv/python
	$(PIP) --editable '.[docs]'
	$(BIN)/python -m sphinx -W --keep-going -q docs dist/docs

## Compare what people get from an old commit with what they get from the working tree: make frozen OLD=<commit>
frozen: .venv/ready-dev
	PYTHONPATH=tests $(BIN)/python -m frozen $(OLD)

## What takes hours, as root on Debian; writes the table of docs/reliability.md. ROWS names some of its rows.
nightly: .venv/ready-dev
	$(PIP) --editable '.[fuzz]'
	$(BIN)/python tests/nightly/rows.py $(ROWS)

## Write the versions and hashes that the container and continuous integration install anew, from the bounds.
lock: .venv/python
	$(PIP) 'uv>=0.9'
	echo 'hatchling>=1.27' | $(LOCK) pyproject.toml - --output-file deploy/requirements.txt
	echo 'hatchling>=1.27' | $(LOCK) pyproject.toml - --extra dev --extra fuzz \
	  --constraints deploy/requirements.txt --output-file .ci/requirements.txt

## Set up for tests with exactly the versions and hashes of the lock.
locked: .venv/python
	$(PIP) --require-hashes --requirement .ci/requirements.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	touch .venv/ready .venv/ready-dev

## What the container has, as CycloneDX: dist/transfergraph.cdx.json.
sbom: .venv/ready-dev
	$(BIN)/python tests/supply/sbom.py dist/transfergraph.cdx.json

## Known weaknesses of what the container has: from the kept list, and from pip-audit where it is installed and has an answer.
audit: .venv/ready-dev
	$(BIN)/python tests/supply/audit.py

clean:
	rm -rf build dist .venv .tools

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "transfergraph needs Python 3.11 or newer; say which: make PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	touch $@

.venv/ready: pyproject.toml | .venv/python
	$(PIP) --editable .
	touch $@

.venv/ready-dev: pyproject.toml | .venv/python
	$(PIP) --editable '.[dev]'
	touch $@ .venv/ready
