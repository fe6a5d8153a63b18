# Every target makes the environment that it needs; a second call finds it made. `make PYTHON=python3.13 test` picks another
# interpreter for environments that are still to be made.

PYTHON ?= python3
VENV := .venv
BENCH := .venv-bench
PIP := -m pip install --quiet --disable-pip-version-check
TORCH := torch==2.13.0
PEERS := jax mygrad autograd threadpoolctl rich matplotlib

.DEFAULT_GOAL := help
.PHONY: help mnist test lint check check-bounds proof coverage-table format bench clean
.DELETE_ON_ERROR:

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

mnist: $(VENV)/run.stamp ## train a network on MNIST and print its test accuracy
	$(VENV)/bin/python -m examples.mnist train

test: $(VENV)/dev.stamp ## run the tests
	$(VENV)/bin/python -m pytest -n auto

lint: $(VENV)/dev.stamp ## ruff and strict mypy
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/mypy

check-bounds: $(VENV)/dev.stamp
	TAPEGRAD_BOUNDSCHECK=1 $(VENV)/bin/python -m pytest tests/autograd/kernels

check: lint test check-bounds ## what has to pass before a commit: lint, test, kernels with bounds checks

proof: $(VENV)/dev.stamp ## try operations, layers and losses on a thousand drawn calls instead of dozens (hours)
	HYPOTHESIS_PROFILE=proof $(VENV)/bin/python -m pytest -n auto tests/autograd/test_primitives.py tests/autograd/test_compositions.py
	HYPOTHESIS_PROFILE=proof $(VENV)/bin/python -m pytest -n auto tests/nn/layers tests/nn/test_losses_against_torch.py

coverage-table: $(VENV)/dev.stamp ## try every name of NumPy's and SciPy's that we have, and write docs/coverage.md
	COVERAGE_TABLE=write $(VENV)/bin/python -m pytest tests/autograd/test_coverage_table.py

format: $(VENV)/dev.stamp ## let ruff mend what it can
	$(VENV)/bin/ruff check --fix
	$(VENV)/bin/ruff format

bench: $(BENCH)/bench.stamp ## measure against PyTorch, JAX, MyGrad, HIPS autograd and NumPy by hand
	$(BENCH)/bin/python -m benchmarks

clean: ## remove environments, caches and build results
	rm -rf $(VENV) $(BENCH) build dist src/*.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# What running takes, then what developing takes on top: one after the other, for both install into one environment.
# PyTorch comes alone: beside other requirements pip picks a build that brings gigabytes along.
$(VENV)/run.stamp: setup.cfg pyproject.toml
	$(call venv,$(VENV))
	@echo "installing tapegrad and what its examples use into $(VENV)"
	@$(VENV)/bin/python $(PIP) -e ".[data,io,demo]"
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp
	@echo "installing PyTorch, which the tests compare with, into $(VENV)"
	@$(VENV)/bin/python $(PIP) $(TORCH)
	@echo "installing the tests' and checkers' tools into $(VENV)"
	@$(VENV)/bin/python $(PIP) -e ".[special,data,io,viz,log,onnx,tune,demo,dev]"
	@touch $@

$(BENCH)/bench.stamp: setup.cfg pyproject.toml Makefile
	$(call venv,$(BENCH))
	@echo "installing PyTorch into $(BENCH)"
	@$(BENCH)/bin/python $(PIP) $(TORCH)
	@echo "installing tapegrad and its other peers into $(BENCH)"
	@$(BENCH)/bin/python $(PIP) -e . $(PEERS)
	@touch $@

define venv
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
  { echo "tapegrad needs Python 3.11 or newer, and $(PYTHON) is `$(PYTHON) --version 2>&1`; try: make PYTHON=python3.11" >&2; exit 1; }
@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
  { echo "$(PYTHON) cannot make environments: install its venv module (Debian, Ubuntu: apt-get install python3-venv)" >&2; exit 1; }
@echo "making $(1) with `$(PYTHON) --version`"
@$(PYTHON) -m venv $(1)
endef
