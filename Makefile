# Everything runs in .venv, made from requirements.lock: `make report` and `make test` need only python3 (3.11+) and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# uv, where it is at hand, fetches many packages at once; where it fails (a mirror that only pip knows), pip does it.
UV_SETUP := uv venv --quiet --allow-existing --seed --python $(PYTHON) $(VENV) && uv pip install --quiet --python $(BIN)/python --require-hashes --requirement requirements.lock

.PHONY: help setup report test lab bench lint docs lock

help:
	@echo "make report  build the latest report for Bac Ninh as it is now and Viet Nam (reports/index.html)"
	@echo "make test    run all tests"
	@echo "make lab     open the notebooks in JupyterLab"
	@echo "make docs    method, manual, tutorial and reference as pages: open site/index.html"
	@echo "make setup   only the set-up: .venv with the pinned packages"
	@echo "make lint    ruff, mypy, layers, packages, unused code, docstrings;  make bench  speed beside the usual tools;  make lock  renew requirements.lock"

setup: $(VENV)/.ready

$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed, found " + sys.version.split()[0] + ": make setup PYTHON=/path/to/python3.11")'
	@command -v uv >/dev/null && $(UV_SETUP) || { $(PYTHON) -m venv $(VENV) && $(PIP) --require-hashes --requirement requirements.lock; }
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

report: setup
	$(BIN)/bn-analysis report || test $$? -eq 3  # 3: nothing has changed

test: setup
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

lab: setup
	$(BIN)/jupyter lab notebooks

bench: setup
	$(BIN)/python -m bench

lint: setup
	$(BIN)/ruff check src tests bench docs
	$(BIN)/ruff format --check src tests bench docs
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/deptry src
	$(BIN)/jupyter nbconvert --log-level ERROR --to python --output-dir .lint notebooks/*.ipynb
	$(BIN)/vulture
	$(BIN)/numpydoc lint $$(git ls-files 'src/*.py')

# Packages of the pages alone have a lock of their own: a machine that makes reports does not install them.
$(VENV)/.docs: $(VENV)/.ready docs/requirements.lock
	$(PIP) --require-hashes --requirement docs/requirements.lock
	@touch $@

docs: $(VENV)/.docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

lock: setup
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url --quiet --output-file requirements.lock
	$(BIN)/python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['optional-dependencies']['docs'], sep='\n')" | $(BIN)/uv pip compile - --constraint requirements.lock --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url --quiet --output-file docs/requirements.lock
