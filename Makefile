# Gravity Technical Analysis. Bare `make` prints the targets.

VENV ?= .venv
BIN := $(VENV)/bin
PYTEST_ARGS ?=
CHAOS_ARGS ?=
SIEGE_ARGS ?=
BENCH_ARGS ?=
UPGRADE ?=
HELM_ARGS ?=
IMAGE_ROOT ?=
MODEL_ARGS ?=
MAKEFLAGS += --no-print-directory
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate

.DEFAULT_GOAL := help
.PHONY: help adopt mutants certify release-check sbom audit screenshots load drill contract setup setup-dev run demo latency test chaos siege bench-admin bench-charts bench-engine bench-memory bench-metrics bench-months bench-patterns bench-models model evaluate-model indicator-docs pictures chart-readme manifests test-services lint format typecheck requirements openapi clean

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' Makefile

setup: ## create .venv with the pinned requirements (the others call it)
	@sh gravity/local/setup.sh $(VENV) runtime

setup-dev: ## the same with what tests and linters need
	@sh gravity/local/setup.sh $(VENV) dev

run: setup ## run everything on this machine until Ctrl-C: API on :8000, Flower on :5555
	@$(BIN)/python -m gravity.local run

demo: setup ## do it once in a temporary folder on free ports, end with one JSON line
	@$(BIN)/python -m gravity.local demo

latency: setup ## measure the time from submitting a small job to seeing its result
	@$(BIN)/python scripts/measure_latency.py

load: setup-dev ## run locust and k6 for 60 s each against a local system and print their tables
	@$(BIN)/python scripts/load_test.py

drill: setup-dev ## lose the database and the broker under load, restore, and print what was lost and how long it took
	@$(BIN)/python scripts/drill.py

release-check: setup-dev ## say whether this tree may become a release
	@$(BIN)/python scripts/release_check.py

screenshots: setup-dev ## photograph a system's pages into docs/images, to be looked at (needs Debian's chromium)
	@$(BIN)/python -m scripts.screenshots

sbom: setup-dev ## write var/sbom.json (CycloneDX): what is in the image, with licences (IMAGE_ROOT=folder: the system's too)
	@$(BIN)/python -m scripts.write_sbom $(if $(IMAGE_ROOT),--root $(IMAGE_ROOT))

audit: setup-dev ## known vulnerabilities of the pinned packages, or the SBOM's changes (SINCE=REF) where no source is reached
	@test -x var/audit/bin/pip-audit || { python3 -m venv var/audit && \
		var/audit/bin/pip install -qq --disable-pip-version-check --require-hashes -r requirements/audit.txt; }
	@$(BIN)/python -m scripts.audit var/audit/bin/pip-audit $(if $(SINCE),--since $(SINCE))

contract: setup-dev ## send many random requests to a live server and hold every answer against docs/openapi.yaml
	@CONTRACT_EXAMPLES=$${CONTRACT_EXAMPLES:-150} $(BIN)/python -m pytest -q -s tests/contract

test: setup-dev ## linters, import contracts, types, migrations, tests
	@$(MAKE) -j 2 lint typecheck
	@DATABASE_URL=sqlite://:memory: $(BIN)/python manage.py makemigrations --check --dry-run
	@$(BIN)/python -m tests $(PYTEST_ARGS)

mutants: setup-dev ## put ten faults into copies of the tree, one each, and print which test finds which
	@$(BIN)/python -m tests.mutants

chaos: setup-dev ## kill, stop, empty, set wrong and cut off everything while 5,000 jobs are submitted; print the ledger
	@$(BIN)/python -m tests.chaos.storm $(CHAOS_ARGS)

siege: setup-dev ## let 200 hostile clients of every kind loose on one API process; print what honest ones got
	@$(BIN)/python -m tests.siege.siege $(SIEGE_ARGS)

bench-admin: setup-dev ## print how long the admin's home and lists take at a million jobs, on a throwaway PostgreSQL
	@$(BIN)/python -m scripts.bench_admin

bench-charts: setup-dev ## print what a picture of 600 bars takes and how large it is
	@$(BIN)/python -m scripts.bench_charts

bench-engine: setup-dev ## print the engine's speed beside its peers', in one run
	@$(BIN)/python scripts/bench_engine.py $(BENCH_ARGS)

bench-memory: setup ## print what a worker's parent and children take of memory after many runs with all models
	@$(BIN)/python scripts/measure_memory.py $(BENCH_ARGS)

bench-metrics: setup-dev ## print what metrics and the access log take of a request that is replayed
	@$(BIN)/python -m scripts.bench_metrics

bench-months: setup-dev ## print what months of jobs take of the disk, leave behind, and how fast they are deleted and found
	@$(BIN)/python -m scripts.months $(BENCH_ARGS)

bench-patterns: setup-dev ## print the detectors' speed beside pyharmonics', in one run
	@$(BIN)/python scripts/bench_patterns.py $(BENCH_ARGS)

model: setup-dev ## train the model that ships from ../shared/data and say which promise held (MODEL_ARGS=--write)
	@$(BIN)/python -m scripts.make_model $(MODEL_ARGS)

evaluate-model: setup-dev ## print every gate of the model with its figure (MODEL_ARGS="--full --data DIR")
	@$(BIN)/python -m scripts.evaluate_model $(MODEL_ARGS)

bench-models: setup-dev ## print the speed of features, inference and training, and the ratio to a frame per symbol
	@$(BIN)/python -m scripts.bench_models $(MODEL_ARGS)

certify: setup-dev ## hold new and changed entries to the point-in-time check and write their certificates
	@DATABASE_URL=sqlite://:memory: $(BIN)/python manage.py certify

indicator-docs: setup-dev ## write docs/indicators from the registry and the oracle tests
	@GRAVITY_ORACLE_RECORD=docs/indicators/oracles.json $(BIN)/python -m pytest -q tests/analysis/oracles
	@$(BIN)/python scripts/write_indicator_docs.py

pictures: setup-dev ## draw every entry of the catalogue into docs/indicators/pictures and docs/patterns, to be looked at
	@$(BIN)/python -m scripts.entry_pictures

chart-readme: setup-dev ## write the chart's table of values from values.yaml
	@$(BIN)/python -m scripts.write_chart_readme

manifests: setup-dev ## write k8s/*.yaml from the chart (HELM_ARGS="--set image.tag=v1.2.0")
	@$(BIN)/python -m scripts.write_manifests $(HELM_ARGS)

adopt: setup-dev ## can `helm install` take over what kubectl applied? with KUBECONFIG also on an empty cluster of yours
	@$(BIN)/python -m scripts.check_adoption
	@$(if $(KUBECONFIG),$(BIN)/python -m scripts.adopt_on_cluster)

test-services: setup-dev ## on PostgreSQL and redis-server, what they could change
	@$(BIN)/python -m gravity.local.services -- $(BIN)/python -m tests --services $(PYTEST_ARGS)

lint: setup-dev ## ruff, formatting, import contracts
	@$(BIN)/ruff check --no-cache .
	@$(BIN)/ruff format --check .
	@PYTHONPATH=. $(BIN)/lint-imports

format: setup-dev ## let ruff mend what it can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

typecheck: setup-dev ## mypy
	@$(BIN)/mypy

requirements: setup-dev ## pin what requirements/*.in name (UPGRADE=--upgrade: newest versions)
	$(COMPILE) $(UPGRADE) requirements/runtime.in -o requirements/runtime.txt
	$(COMPILE) $(UPGRADE) requirements/parquet.in -o requirements/parquet.txt
	$(COMPILE) $(UPGRADE) requirements/tracing.in -o requirements/tracing.txt
	$(COMPILE) $(UPGRADE) requirements/dev.in -o requirements/dev.txt
	$(COMPILE) $(UPGRADE) requirements/scan.in -o requirements/scan.txt
	$(COMPILE) $(UPGRADE) requirements/audit.in -o requirements/audit.txt

openapi: setup-dev ## write docs/openapi.yaml from the code
	@DATABASE_URL=sqlite://:memory: $(BIN)/python manage.py spectacular --file docs/openapi.yaml --validate --fail-on-warn

clean: ## remove .venv, caches and the local data (var/)
	rm -rf $(VENV) var .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
