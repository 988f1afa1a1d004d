# Two commands do all set-up: `make demo` and `make test`. Everything lands in .venv and in the data folder.
PYTHON ?= python3
SERVE ?= 1
PORT ?= 8000
export DANBE_DATA ?= var
BIN := .venv/bin

.PHONY: demo test lint bench docs assets serve format clean

demo: .venv/ready
	$(BIN)/danbe demo
	@if [ "$(SERVE)" != 0 ]; then exec $(BIN)/danbe serve --port $(PORT); fi

serve: .venv/ready
	$(BIN)/danbe serve --port $(PORT)

test: .venv/ready lint
	tools/test

lint: .venv/ready
	$(BIN)/ruff check src tests bench tools
	$(BIN)/ruff format --check src tests bench
	$(BIN)/lint-imports
	$(BIN)/mypy

format: .venv/ready
	$(BIN)/ruff check --fix src tests bench
	$(BIN)/ruff format src tests bench

bench: .venv/ready
	for script in bench/*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

docs: .venv/ready
	$(BIN)/danbe docs --write docs

# The scripts of the screens come from Python packages in the lock file; there is nothing to build yet.
assets: .venv/ready
	$(BIN)/danbe assets

clean:
	rm -rf .venv var .mypy_cache .ruff_cache

.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip sync --quiet --require-hashes --python $(BIN)/python requirements.lock
	$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --python $(BIN)/python --editable .
	touch $@
