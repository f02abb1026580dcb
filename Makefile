# Everything a person types. What a target needs, it installs into .venv; see `make help`.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14; do \
	if $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$p; exit; fi; \
	done; echo none)
BIN := .venv/bin
CHECKED := app tests benchmarks tools alembic clients

.DEFAULT_GOAL := help
.PHONY: help install develop demo serve test axe guide tour matrix check format bench bench-large fuzz client pins clean

help: ## say what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-12s %s\n", $$1, $$2}'

python:
	@if [ "$(PYTHON)" = none ]; then \
		echo "Plumbline needs Python 3.11 or newer: install it, or name it with make PYTHON=..." >&2; exit 1; fi
.PHONY: python

install: python ## make .venv and install the pinned requirements and the command plumbline
	@$(PYTHON) tools/install.py app

develop: python ## the same with what the tests and checks need
	@$(PYTHON) tools/install.py dev

demo: install ## load the demo district (the first time) and serve it
	@$(BIN)/plumbline demo

serve: install ## serve this installation
	@$(BIN)/plumbline serve

test: develop ## every test, browser tests included
	@$(BIN)/python tools/machine.py
	$(BIN)/pytest -n 2 --dist loadgroup

axe: develop ## the browser tests in full: every page in each language and theme, every step by hand
	@$(BIN)/python tools/machine.py
	$(BIN)/pytest -n 2 tests/browser --thorough

guide: develop ## the pictures of the user guide, taken anew from the pages
	@$(BIN)/python tools/machine.py
	$(BIN)/pytest -n 0 tests/browser/test_guide.py --guide

tour: develop ## the tour of the guide, walked at a browser over the whole demo
	@$(BIN)/python tools/machine.py
	$(BIN)/pytest -n 0 tests/browser/test_tour.py --thorough

matrix: develop ## every operation, page and form, asked by every role that may not know, whatever the reason
	$(BIN)/pytest -n 2 -s tests/matrix --thorough

check: develop ## style, types, layers, schema, translations, known vulnerabilities
	$(BIN)/ruff check $(CHECKED)
	$(BIN)/ruff format --check $(CHECKED)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest tests/architecture
	$(BIN)/python tools/check_schema.py
	$(BIN)/python tools/check_advisories.py

format: develop ## put the code into its style
	$(BIN)/ruff check --fix $(CHECKED)
	$(BIN)/ruff format $(CHECKED)

bench: develop ## measure against the hand-written yardsticks
	$(BIN)/python -m benchmarks $(ARGS)

bench-large: develop ## the same over ten million matters; takes long
	$(BIN)/python -m benchmarks --large $(ARGS)

fuzz: develop ## a hundred thousand calls of the API, right and wrong, as everybody
	PLUMBLINE_FUZZ_ROUNDS=8 $(BIN)/pytest -n 2 tests/api/test_contract.py

client: develop ## write the Python client's operations anew from the specification
	$(BIN)/python -m tools.make_client

pins: develop ## renew the pinned requirements
	@$(BIN)/python tools/pins.py

clean: ## remove what make made; the data under var stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info
