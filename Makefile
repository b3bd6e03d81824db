# Recto. `make run` starts everything, `make test` proves it; `make help` lists the rest.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BENCH_DATA ?= ../shared/bench
# Its build without CUDA is another file on every index, so it has no hash in the requirements.
TORCH := torch==2.13.0
PIP_QUIET := --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help install install-dev install-easyocr run demo up test check format lock bench shell openapi system-packages clean

help: ## List the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.base: requirements/base.txt | $(BIN)/python
	$(BIN)/pip install $(PIP_QUIET) --no-deps --require-hashes -r requirements/base.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt | $(BIN)/python
	$(BIN)/pip install $(PIP_QUIET) --no-deps --require-hashes -r requirements/dev.txt
	@touch $@ $(VENV)/.base

install: $(VENV)/.base ## Make the virtual environment with what Recto needs

install-dev: $(VENV)/.dev ## The same with what checks and tests need

$(VENV)/.easyocr: requirements/easyocr.txt | $(VENV)/.base
	$(BIN)/pip install $(PIP_QUIET) $(TORCH)
	$(BIN)/pip install $(PIP_QUIET) --no-deps --require-hashes -r requirements/easyocr.txt
	@touch $@

install-easyocr: $(VENV)/.easyocr ## Add EasyOCR, the third OCR engine (with PyTorch, about 1.5 GB)

run: install ## Start Postgres, Valkey, web and worker, process the samples, go on serving
	$(BIN)/python manage.py up --demo

demo: install ## The same, print the results and stop
	$(BIN)/python manage.py up --demo --exit

up: install ## Start without sample data
	$(BIN)/python manage.py up

test: install-dev ## Run the whole test suite
	$(BIN)/python -m pytest

check: install-dev ## Lint, types, import rules, migrations, OpenAPI, deploy settings
	@PATH="$(CURDIR)/$(BIN):$$PATH" tests/check.sh

format: install-dev ## Format Python and templates
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	find templates -name '*.html' -exec $(BIN)/djade --target-version 5.2 {} +

lock: install-dev ## Compile the requirements with hashes and without addresses
	cd requirements && for name in base dev peers easyocr; do \
	  ../$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --override overrides.txt \
	    $$([ $$name = base ] || echo "-c base.txt") -o $$name.txt $$name.in; done

openapi: install-dev ## Write openapi.yaml from the code
	SECRET_KEY=schema $(BIN)/python manage.py spectacular --validate --fail-on-warn --file openapi.yaml

$(VENV)/.peers: requirements/peers.txt $(VENV)/.dev
	$(BIN)/pip install $(PIP_QUIET) --no-deps --require-hashes -r requirements/peers.txt
	@touch $@

bench: $(VENV)/.peers ## Measure conversion, OCR and fields on the data in BENCH_DATA
	@BENCH_DATA="$(BENCH_DATA)" PATH="$(CURDIR)/$(BIN):$$PATH" bench/run.sh

shell: install ## A Django shell beside a running `make run`
	$(BIN)/python manage.py shell

system-packages: ## Install chromium and tesseract for the tests that need them (Debian, root)
	.ci/system-packages

clean: ## Remove the virtual environment and caches; data in var/ stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache staticfiles
