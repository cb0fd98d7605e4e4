# One definition of each check: people, hooks and CI call these.
SHELL := /bin/bash -o pipefail
BIN := .venv/bin
PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11,\
	$(shell $(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))))
QUICK := tests/unit tests/component tests/contract tests/architecture
IMAGES := service traces hsm sinks board cli
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command 'make lock' pyproject.toml

# Processes are started by the hundred: each module is compiled once, even where Python is told to keep nothing.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help setup demo up down test check lint types imports quick explore coverage mutants hazards hazards-page chaos soak journeys bench sbom contracts readmes lock format screenshots \
	compose-test oidc-test clean python stack tools archive

help: ## what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

# --- what the machine must have -------------------------------------------------------------------

python:
	@test -n "$(PYTHON)" || { echo "Huddle needs Python 3.11 or later (Debian: apt-get install python3 python3-venv)."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null \
	  || { echo "Huddle needs Python's venv module (Debian: apt-get install python3-venv)."; exit 1; }

tools: setup
	@$(BIN)/python -m cli.stack.tools --tests

stack: setup
	@$(BIN)/python -m cli.stack.tools

archive: stack
	@$(BIN)/python -m tests.archive

.venv/.ready: requirements/dev.txt | python
	@echo "Setting up the virtual environment in .venv …"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --disable-pip-version-check --progress-bar off --require-hashes -r requirements/dev.txt \
	  | awk '/Downloading|Using cached/ && ++n % 20 == 0 {print "  " n " packages fetched"; fflush()}'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

setup: .venv/.ready ## the virtual environment with everything in it

# --- using it ---------------------------------------------------------------------------------------

demo: stack ## a clinic of at least 100 patients, live in the terminal
	@$(BIN)/huddle demo

up: stack ## the local stack, left running for work
	@$(BIN)/huddle up

down: setup ## stop the local stack
	@$(BIN)/huddle down

# --- tests and checks -------------------------------------------------------------------------------

test: tools stack archive lint types imports ## formatting, lint, types, layers, and every level of tests, on real Kafka and PostgreSQL
	@$(BIN)/pytest -n 4 --dist loadfile --no-loadscope-reorder -m "not long and not mutant"

check: lint types imports quick ## the same without Kafka, PostgreSQL and what plays the whole clinic, and with fewer examples

lint: setup ## formatting and lint
	@$(BIN)/ruff format --check --quiet . || { $(BIN)/ruff format --check .; echo "Run: make format"; exit 1; }
	@$(BIN)/ruff check --quiet .

types: setup ## types
	@$(BIN)/mypy

imports: setup ## layers and dependencies
	@said=$$($(BIN)/lint-imports 2>&1) || { echo "$$said"; exit 1; }
	@said=$$($(BIN)/deptry . 2>&1) || { echo "$$said"; exit 1; }

quick: setup ## unit, component, contract and architecture tests, with few examples
	@$(BIN)/pytest -q -n 2 --dist loadfile --no-loadscope-reorder -m "not wide and not long and not mutant" --hypothesis-profile=check $(QUICK)

explore: setup ## the same properties with many more examples, and new ones each time
	@$(BIN)/pytest -q -m "not mutant" --hypothesis-profile=explore $(QUICK)

coverage: setup ## what the quick tests don't reach
	@$(BIN)/coverage run -m pytest -q -m "not long and not mutant" $(QUICK) && $(BIN)/coverage report

mutants: stack ## each protection taken away must turn its test red
	@$(BIN)/python -m tests.mutants

hazards: stack ## each control of a hazard taken away must turn it red (all, or HAZ=HAZ-012)
	@$(BIN)/python -m tests.hazards $(HAZ)

chaos: tools stack archive ## the long forms of what breaks processes, broker, database and connections, with ledgers
	@$(BIN)/pytest -s -m long tests/chaos tests/integration --ignore tests/chaos/test_soak.py

soak: tools stack archive ## every service twice under load and kills, for HUDDLE_SOAK_MINUTES (30)
	@$(BIN)/pytest -s -m long tests/chaos/test_soak.py

bench: tools stack .venv/.bench ## measurements against peers
	@$(BIN)/python -m bench

.venv/.bench: requirements/bench.txt .venv/.ready
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	@touch $@

sbom: .venv/.sbom ## what each image is made of, from its locked requirements (CycloneDX, build/sbom)
	@mkdir -p build/sbom
	@for image in $(IMAGES); do \
	  PYTHONWARNINGS=ignore $(BIN)/cyclonedx-py requirements --pyproject pyproject.toml --mc-type application --output-reproducible \
	    --output-file build/sbom/$$image.cdx.json requirements/$$image.txt && echo build/sbom/$$image.cdx.json || exit 1; \
	done

.venv/.sbom: requirements/sbom.txt .venv/.ready
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/sbom.txt
	@touch $@

journeys: tools stack archive ## journey 1 by hand at the board, two browsers, a shift without a mouse; other courses of journeys 2 and 3
	@$(BIN)/pytest -q -m long tests/journeys

compose-test: setup ## the containers for real: build, start, send a referral, see it in a queue (needs Docker)
	@$(BIN)/python -m tests.compose

oidc-test: setup ## sign in at a real foreign OpenID provider, in a real browser (needs Go and Chromium)
	@$(BIN)/pytest -q -m long tests/foreign

# --- keeping it -------------------------------------------------------------------------------------

format: setup ## put the code in form
	@$(BIN)/ruff check --quiet --fix-only . && $(BIN)/ruff format --quiet .

screenshots: tools stack ## docs/images anew: the board of a clinic played from nothing (needs Chromium)
	@$(BIN)/python -m tests.screenshots

contracts: setup ## freeze what is new, and write schemas/contracts anew
	@$(BIN)/python -m tests.contract.freeze
	@$(BIN)/python -m schemas
	@$(BIN)/python -m tests.contract.services

readmes: setup ## write the parts of the READMEs that the code knows
	@$(BIN)/python -m tests.readmes

hazards-page: setup ## write docs/safety/hazards.md from the hazard log
	@$(BIN)/python -m tests.hazards.page

lock: setup ## compile requirements from pyproject.toml
	@$(LOCK) -o requirements/service.txt
	@$(LOCK) --extra sinks -c requirements/service.txt -o requirements/sinks.txt
	@$(LOCK) --extra traces -c requirements/service.txt -o requirements/traces.txt
	@$(LOCK) --extra hsm -c requirements/service.txt -o requirements/hsm.txt
	@$(LOCK) --extra board -c requirements/service.txt -o requirements/board.txt
	@$(LOCK) --extra dev -c requirements/service.txt -o requirements/dev.txt
	@$(LOCK) --extra sbom -c requirements/dev.txt -o requirements/sbom.txt
	@$(LOCK) --extra cli --extra hsm -c requirements/dev.txt -o requirements/cli.txt
	@$(LOCK) --extra dev --extra bench -c requirements/dev.txt -o requirements/bench.txt

clean: ## remove what can be made again
	@rm -rf .venv .huddle build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
