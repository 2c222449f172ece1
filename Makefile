# Each target sets up what it needs, says so, and is quiet when there is nothing to do.
# A target's text after '##' is its line in 'make help'.

PYTHON ?= python3
ARGS ?=

BIN := .venv/bin
KAFKA := .cache/kafka-4.3.1
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo test lint bench lock clean dev services

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-6s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/.runtime ## install what the demo needs into .venv
	@:

demo: setup ## run the live demo; options in ARGS="--rate 50"
	@$(BIN)/salesbell demo $(ARGS)

test: dev services ## install brokers and test tools, run the tests; options in ARGS="-k nps"
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadfile $(ARGS)

lint: dev ## check style, types and the imports between packages
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: dev services ## measure events/s beside other libraries; options in ARGS="--json"
	@$(BIN)/python -m bench.throughput $(ARGS)

lock: .cache/tools/.uv ## resolve pyproject.toml anew into requirements*.lock
	@deploy/dev/lock.sh .cache/tools/bin/uv

clean: ## remove .venv, .cache and everything built
	rm -rf .venv .cache .salesbell .hypothesis .mypy_cache .pytest_cache .ruff_cache \
	  .import_linter_cache dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps below stand for a finished install; one is out of date when its lock file is newer.

.venv/.created:
	@deploy/dev/venv.sh $(PYTHON) .venv
	@touch $@

.venv/.runtime: .venv/.created requirements.lock pyproject.toml
	@echo "salesbell: installing requirements.lock into .venv"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps -e .
	@touch $@

.venv/.dev: .venv/.runtime requirements-dev.lock
	@echo "salesbell: installing requirements-dev.lock into .venv"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

.cache/tools/.uv:
	@deploy/dev/venv.sh $(PYTHON) .cache/tools
	@.cache/tools/bin/python -m pip --disable-pip-version-check --quiet install uv
	@touch $@

dev: .venv/.dev
	@:

services: $(KAFKA)/.verified
	@deploy/dev/packages.sh java=openjdk-17-jre-headless redis-server=redis-server chromium=chromium \
	  promtool=prometheus amtool=prometheus-alertmanager docker-compose=docker-compose

$(KAFKA)/.verified: deploy/dev/kafka/pom.xml deploy/dev/kafka/jars.sha256
	@deploy/dev/packages.sh java=openjdk-17-jre-headless mvn=maven
	@deploy/dev/kafka/install.sh $(KAFKA)
