# Needs Python 3.11 or newer and nothing else: the first target that needs the virtual environment makes it.
# `make PYTHON=python3.13 VENV=.venv-313 test` tests with another Python.

PYTHON ?= python3
VENV ?= .venv
BENCH ?=

export VENV
READY = $(VENV)/.installed

.PHONY: help install check lint test fast pictures bench format
.DEFAULT_GOAL := help

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

install: ## Install ctui and its tools into .venv, again even if they are there
	@rm -f $(READY)
	@$(MAKE) --no-print-directory $(READY)

check: $(READY) ## All that CI checks: lint, then the tests, a quarter of the stories among them
	.ci/lint
	.ci/test

lint: $(READY) ## Style, import rules and types
	.ci/lint

format: $(READY) ## Let ruff rewrite the layout and what it can fix
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

test: $(READY) ## Every test; `make test ARGS="tests/core -k page"` for some
	$(VENV)/bin/pytest $(ARGS)

fast: $(READY) ## About a minute: no whole screen, no program, not all real records, a fifth of the examples
	$(VENV)/bin/pytest -m "not story" $(ARGS)

pictures: $(READY) ## Draw screenshots/ again from the stories
	$(VENV)/bin/pytest tests/stories --screenshots

bench: $(READY) ## Measure, into one table; `make bench BENCH=filtering` or ARGS="--quick" for less (all takes many minutes)
	$(VENV)/bin/python -m tests.bench $(BENCH) $(ARGS)

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check -e '.[test]'
	@touch $@
