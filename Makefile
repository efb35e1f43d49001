# `make run` and `make test` need Python 3.11 or newer and make; everything else they set up themselves.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: run test lint bench audit texts screenshots lock clean

run: $(VENV)/ready-to-run  ## set up, migrate, load the demo city, serve on http://127.0.0.1:$(PORT)
	@BUURTLAB_BASE_URL=$${BUURTLAB_BASE_URL:-http://127.0.0.1:$(PORT)} $(BIN)/buurtlab migrate
	@BUURTLAB_BASE_URL=$${BUURTLAB_BASE_URL:-http://127.0.0.1:$(PORT)} $(BIN)/buurtlab demo
	@BUURTLAB_BASE_URL=$${BUURTLAB_BASE_URL:-http://127.0.0.1:$(PORT)} $(BIN)/buurtlab serve --port $(PORT)

test: $(VENV)/ready-to-test  ## all tests, on SQLite and PostgreSQL, in a real browser too
	@$(BIN)/python -m tests.browser.find_chromium
	$(BIN)/python -m pytest -n auto --dist worksteal $(TESTS)

lint: $(VENV)/ready-to-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/ready-to-test  ## ratios against a reference in the same run
	$(BIN)/python -m bench

texts: $(VENV)/ready-to-test  ## which texts the Dutch catalogue lacks or no longer needs
	$(BIN)/python -m tests.site.texts

audit: $(VENV)/ready-to-test  ## what independent tools say of every page (PARTS="sweep lighthouse" for some); needs Node, npm and Java
	@$(BIN)/python -m tests.browser.find_chromium
	cd scripts/audit_tools && PUPPETEER_SKIP_DOWNLOAD=1 npm install --silent --no-package-lock --ignore-scripts
	$(BIN)/python -m scripts.audit $(PARTS)

screenshots: $(VENV)/ready-to-test  ## the pictures in docs, from a fresh demo city
	$(BIN)/python -m scripts.take_screenshots

lock:  ## newest allowed versions into the lock files
	$(BIN)/pip install -q uv
	$(BIN)/uv pip compile -q pyproject.toml --extra postgres --extra s3 --extra heic --extra build --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --no-annotate -U -o requirements.lock
	$(BIN)/uv pip compile -q pyproject.toml --all-extras --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --no-annotate -U -o requirements-dev.lock

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Buurtlab needs Python 3.11 or newer.")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/ready-to-run: $(VENV)/bin/python requirements.lock pyproject.toml
	$(BIN)/pip install -q --require-hashes -r requirements.lock
	$(BIN)/pip install -q --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/ready-to-test: $(VENV)/bin/python requirements-dev.lock pyproject.toml
	$(BIN)/pip install -q --require-hashes -r requirements-dev.lock
	$(BIN)/pip install -q --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/ready-to-run

clean:
	rm -rf $(VENV) var build *.egg-info
