# Each target works as the first command in a fresh clone: it sets up what it needs, and says what it does.
PYTHON ?= python3
BIN := .venv/bin
RUN := $(BIN)/python -m

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-postgres explore e2e check format bench docs clean

help: ## what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

.venv/.ready: pyproject.toml uv.lock scripts/setup.sh
	@PYTHON="$(PYTHON)" sh scripts/setup.sh

.venv/.messages: .venv/.ready hatch_build.py $(shell find src -name '*.po' 2>/dev/null)
	@echo "· compiling translations"
	@$(BIN)/python hatch_build.py && touch $@

setup: .venv/.ready .venv/.messages ## the environment in .venv, from the lock file

demo: setup ## a demo province: makes it, reads its workbooks, issues the report, serves http://127.0.0.1:8000
	@$(BIN)/sachhon demo

test: setup ## the tests, on SQLite
	@$(RUN) pytest -m "not e2e" -n auto --dist loadgroup

test-postgres: setup ## the same tests, those that touch a database, on a PostgreSQL of their own
	@sh scripts/with_postgres.sh $(RUN) pytest -m "not e2e and not slow" -n auto --dist loadgroup

explore: setup ## the property tests on new random cases, ROUNDS times over
	@for round in $$(seq $${ROUNDS:-5}); do HYPOTHESIS_PROFILE=explore $(RUN) pytest -q -m "not e2e" -n auto \
		$$(grep -rl "^from hypothesis" tests --include='test_*.py') || exit 1; done

e2e: setup ## the browser tests, in Chromium
	@sh scripts/ensure_chromium.sh
	@$(RUN) pytest -m e2e tests/e2e

check: setup ## style, types, imports, templates, migrations, translations
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/pyright --warnings
	@$(BIN)/lint-imports
	@$(BIN)/djlint src --lint --quiet
	@SACHHON_HOME=build/check $(BIN)/sachhon makemigrations --check --dry-run
	@SACHHON_HOME=build/check $(BIN)/sachhon check --deploy --fail-level WARNING
	@$(BIN)/python scripts/check_translations.py

format: setup ## puts the code in the house style
	@$(BIN)/ruff check --fix-only . && $(BIN)/ruff format .

bench: setup ## the benchmarks, as ratios against named peers
	@for b in benchmarks/*.py; do echo "== $$b"; $(BIN)/python $$b || exit 1; done

docs: setup ## the documentation, into build/docs
	@.venv/bin/uv sync --frozen --inexact --quiet --group docs
	@$(RUN) mkdocs build --strict --site-dir build/docs

clean: ## removes what was built; data in var/ stays
	@rm -rf build dist .venv .pytest_cache .ruff_cache
