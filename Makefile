# The commands of this project. `make help` lists them.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
UI := app/ui
UI_MODULES := $(UI)/node_modules/.package-lock.json
UI_BUILD := $(UI)/dist/index.html
UI_SOURCES := $(shell find $(UI)/src $(UI)/index.html $(UI)/*.ts $(UI)/*.json -type f 2>/dev/null)
# What vite needs; app/ui/package.json names the same versions.
NODE_NEEDED := Node 22.12 or newer, or 20.19
NODE_IS_NEW_ENOUGH := node -e 'const [major, minor] = process.versions.node.split(".").map(Number); \
  process.exit(major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19) ? 0 : 1)' 2>/dev/null

# With it each process would compile every module anew, which is half of what a start takes.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help setup run ui lint-ui test soak chaos bench lint format audit sbom lock clean

help:  ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-10s %s\n", $$1, $$2 }'

setup: $(STAMP)  ## Make .venv and install the pinned requirements

run: $(STAMP) ui  ## Run everything: MongoDB, Redis, web, worker and, without a Gemini key, the local stand-in
	@exec $(BIN)/python -m tools.run

test: $(STAMP) ui  ## Run every test on the real parts
	$(BIN)/python -m pytest -n 6 --dist loadfile --no-loadscope-reorder

soak: $(STAMP)  ## Run the random tests, races and attacks alone, in long rounds: about an hour; ARGS="-k socket"
	$(BIN)/python -m pytest --soak $(ARGS)

chaos: $(STAMP)  ## Kill and freeze workers and Redis at random for two minutes, then check every promise (SEED=…)
	$(BIN)/python -m tests.chaos $(if $(SEED),--seed $(SEED)) $(if $(SECONDS),--seconds $(SECONDS))

bench: $(STAMP)  ## Measure the product beside its baselines (needs wrk); ARGS="--compare FILE", "--only LINE …", "--quick"
	$(BIN)/python -m tools.bench $(ARGS)

lint: $(STAMP)  ## Check style and types, also of the browser app
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	@if $(NODE_IS_NEW_ENOUGH) && command -v npm >/dev/null; then $(MAKE) --no-print-directory lint-ui; \
	else echo "$(NODE_NEEDED), was not found: the browser app is not checked"; fi

lint-ui: $(UI_MODULES)
	cd $(UI) && npm run --silent lint && npm run --silent typecheck

format: $(STAMP)  ## Put the code into its format
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

audit: $(STAMP)  ## Look for known weaknesses in the pinned dependencies; fails when it could not ask
	$(BIN)/python -m tools.audit

sbom: $(STAMP)  ## Write .data/sbom.json: everything the product ships with, as CycloneDX
	$(BIN)/python -m tools.sbom

lock:  ## Write requirements.lock anew: requirements.txt with all it pulls in, and hashes
	$(PYTHON) -m venv .data/lock && .data/lock/bin/python -m pip install --quiet pip-tools
	.data/lock/bin/pip-compile --quiet --generate-hashes --strip-extras --no-header --no-annotate --no-emit-index-url \
	  --no-emit-trusted-host --no-emit-find-links --output-file .data/requirements.lock requirements.txt
	{ head -2 requirements.lock; cat .data/requirements.lock; } > .data/new.lock && mv .data/new.lock requirements.lock

clean:  ## Remove .venv, caches and the local data
	rm -rf $(VENV) $(UI)/node_modules $(UI)/dist .data .mypy_cache .ruff_cache .pytest_cache

ui:  ## Build the browser app if its sources have changed; without Node the API is served alone
	@if $(NODE_IS_NEW_ENOUGH) && command -v npm >/dev/null; then $(MAKE) --no-print-directory $(UI_BUILD); \
	else echo "$(NODE_NEEDED), was not found: serving the API without the browser app"; fi

$(UI_MODULES): $(UI)/package.json $(UI)/package-lock.json
	cd $(UI) && npm ci --no-audit --no-fund --loglevel=error >/dev/null
	@touch $@

$(UI_BUILD): $(UI_MODULES) $(UI_SOURCES)
	cd $(UI) && npm run build --silent -- --logLevel warn
	@touch $@

$(STAMP): requirements.txt requirements-dev.txt constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed; name it: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
