# Relevo: `make run` starts the portal, `make test` proves it, `make` lists the rest.

SHELL         := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS     += --no-print-directory

PORT   ?= 8000
VENV   := .venv
PYTHON := $(VENV)/bin/python
FLASK  := $(VENV)/bin/flask --app portal
BABEL  := $(VENV)/bin/pybabel

# A stamp bears the checksum of its lock file, so packages are installed again exactly when the lock changes.
checksum  = $(shell cksum < $(1) | tr ' ' '-')
RUN_READY := $(VENV)/.run-$(call checksum,requirements.lock)
DEV_READY := $(VENV)/.dev-$(call checksum,requirements-dev.lock)

CHECKS := style types layers templates vendor messages migrations

.PHONY: help
help: ## List what can be done
	@sed -n 's/^\([a-z-]*\):.*## /\1  /p' $(MAKEFILE_LIST) | while read -r name what; do \
	  printf '  make %-10s %s\n' "$$name" "$$what"; done

.PHONY: run
run: $(RUN_READY) ## Start the portal on http://127.0.0.1:8000 (PORT=… for another port)
	@$(FLASK) up --port $(PORT)

.PHONY: test
test: $(DEV_READY) ## Run every test: both databases, the running server, the browser
	@$(PYTHON) -m tests.run $(ONLY)

.PHONY: check
check: $(CHECKS:%=check-%) ## Check style, types, layers, templates, vendored files, catalogs, migrations

.PHONY: bench
bench: $(DEV_READY) ## Measure pages against their budgets
	@$(PYTHON) -m tests.benchmarks

.PHONY: messages
messages: $(DEV_READY) ## Extract the visible strings and update the catalogs
	@mkdir -p build
	@$(BABEL) -q extract -F pyproject.toml -k _l -k N_ -k lazy_ngettext:1,2 --add-comments=i18n: \
	  --no-location --sort-output --project Relevo --version 1 -o build/messages.pot portal templates
	@for locale in es_MX fr_CA; do \
	  $(BABEL) -q update -i build/messages.pot -d portal/translations -l $$locale --init-missing \
	    --no-fuzzy-matching --ignore-pot-creation-date --width 120 || exit 1; done

.PHONY: lock
lock: $(DEV_READY) ## Pin the packages again, from pyproject.toml
	@$(VENV)/bin/uv pip compile pyproject.toml $(LOCK_STYLE) -o requirements.lock
	@$(VENV)/bin/uv pip compile pyproject.toml --group dev $(LOCK_STYLE) -o requirements-dev.lock
LOCK_STYLE := --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-annotate --no-header

.PHONY: reset
reset: ## Remove all data under instance/ and start over, after asking
	@if [ "$(YES)" != 1 ]; then \
	  printf 'This removes every record, file and mail under instance/. Type yes to go on: '; \
	  read -r answer || answer=; \
	  if [ "$$answer" != yes ]; then echo 'Nothing was removed.'; exit 1; fi; fi; \
	rm -rf instance && echo 'instance/ is empty. `make run` starts a new portal.'

.PHONY: clean
clean: ## Remove what can be made again; data under instance/ stays
	@rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis .import_linter_cache build
	@find portal -name '*.mo' -exec rm -f {} +
	@find portal tests migrations -name __pycache__ -type d -prune -exec rm -rf {} +

# The checks, each by itself: make check-types

.PHONY: $(CHECKS:%=check-%)
check-style: $(DEV_READY)
	@$(VENV)/bin/ruff check --quiet . && $(VENV)/bin/ruff format --quiet --check . && echo 'style       ok'
check-types: $(DEV_READY)
	@$(VENV)/bin/pyright --warnings && echo 'types       ok'
check-layers: $(DEV_READY)
	@$(VENV)/bin/lint-imports --no-cache --no-logo && echo 'layers      ok'
check-templates: $(DEV_READY)
	@$(VENV)/bin/djlint templates --lint --quiet >/dev/null || $(VENV)/bin/djlint templates --lint && echo 'templates   ok'
check-vendor: $(DEV_READY)
	@$(PYTHON) -m portal.vendor --check && echo 'vendor      ok'
check-messages: $(DEV_READY)
	@$(FLASK) messages check && echo 'messages    ok'
check-migrations: $(DEV_READY)
	@$(PYTHON) -m tests.migrations && echo 'migrations  ok'

# How the environment is made

$(RUN_READY): $(PYTHON)
	@echo 'Installing what Relevo needs. This happens once and takes about a minute.'
	@$(PYTHON) -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	@rm -f $(VENV)/.run-* && touch $@

$(DEV_READY): $(PYTHON)
	@echo 'Installing what the tests need. This happens once and takes a minute or two.'
	@$(PYTHON) -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@rm -f $(VENV)/.dev-* && touch $@

$(PYTHON):
	@for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	  "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	  "$$name" -m venv --clear $(VENV) && exit 0; \
	  rm -rf $(VENV); \
	  echo "$$name cannot make a virtual environment. On Debian and Ubuntu: sudo apt install python3-venv" >&2; \
	  exit 1; \
	done; \
	echo 'Relevo needs Python 3.11 or newer, and found none. Install it, then run make again.' >&2; \
	exit 1
