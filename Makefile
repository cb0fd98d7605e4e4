# One definition of each check; CI, hooks and people call these.
SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
QUICK := tests/unit tests/component tests/contract tests/architecture

.DEFAULT_GOAL := help
.PHONY: help setup demo test check lint types imports quick mutants chaos bench contracts lock format compose-test up down clean tools

help: ## what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

tools:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Huddle needs Python 3.11 or later (Debian: apt-get install python3 python3-venv)."; exit 1; }
	@command -v java >/dev/null || { echo "Huddle needs Java 17 or later for Kafka (Debian: apt-get install openjdk-17-jre-headless)."; exit 1; }
	@command -v mvn >/dev/null || { echo "Huddle needs Maven, which fetches Kafka (Debian: apt-get install maven)."; exit 1; }

$(VENV)/.ready: requirements/dev.txt pyproject.toml | tools
	@echo "Setting up the virtual environment …"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

setup: $(VENV)/.ready ## the virtual environment with everything in it

demo: setup ## a clinic of at least 100 patients, live in the terminal
	@$(BIN)/huddle demo

up: setup ## the local stack, left running
	@$(BIN)/huddle up

down: ## stop the local stack
	@$(BIN)/huddle down

test: setup lint types imports ## everything but mutants and long forms
	@$(BIN)/pytest -m "not long"

check: setup lint types imports quick ## what runs in under a minute

lint:
	@$(BIN)/ruff format --check --quiet . || { echo "Run: make format"; exit 1; }
	@$(BIN)/ruff check --quiet .

types:
	@$(BIN)/mypy

imports:
	@$(BIN)/lint-imports --no-cache >/tmp/huddle-imports.log 2>&1 || { cat /tmp/huddle-imports.log; exit 1; }
	@$(BIN)/deptry . >/tmp/huddle-deptry.log 2>&1 || { cat /tmp/huddle-deptry.log; exit 1; }

quick:
	@$(BIN)/pytest -q -m "not long" $(QUICK)

mutants: setup ## each protection taken away must turn its test red
	@$(BIN)/python -m tests.mutants

chaos: setup ## the long form of the chaos test, with its ledger
	@$(BIN)/pytest -q -s -m long tests/chaos

bench: setup ## measurements against peers
	@$(BIN)/python -m bench

contracts: setup ## write schemas/contracts anew
	@$(BIN)/python -m schemas

format: setup ## put the code in form
	@$(BIN)/ruff format --quiet . && $(BIN)/ruff check --quiet --fix .

lock: ## compile requirements from pyproject.toml
	@$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-annotate --no-header pyproject.toml -o requirements/run.txt
	@$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-annotate --no-header --extra dev pyproject.toml -o requirements/dev.txt

compose-test: ## the containers for real: build, start, send a referral, see it in a queue
	@docker compose up --build --detach --wait && $(PYTHON) cli/compose_test.py; status=$$?; docker compose down --volumes; exit $$status

clean: ## remove what can be made again
	@rm -rf $(VENV) .huddle build *.egg-info
