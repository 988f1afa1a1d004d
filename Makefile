# Two commands do all set-up: `make demo` and `make test`. Everything lands in .venv and in the data folder.
PYTHON ?= python3
SERVE ?= 1
PORT ?= 8000
export DANBE_DATA ?= var
BIN := .venv/bin
ENTRY := src/danbe/web/static/entry/built.json

.PHONY: demo test lint bench docs assets serve format clean

demo: .venv/ready
	$(BIN)/danbe demo
	@if [ "$(SERVE)" != 0 ]; then exec $(BIN)/danbe serve --port $(PORT); fi

serve: .venv/ready
	$(BIN)/danbe serve --port $(PORT)

test: .venv/ready lint
	-@$(MAKE) --no-print-directory $(ENTRY)
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

# The scripts of the screens come from Python packages; only entry of forms in a browser is built, and needs Node.
assets: .venv/ready $(ENTRY)
	$(BIN)/danbe assets

$(ENTRY): assets/package-lock.json assets/build.mjs $(wildcard assets/src/*.mjs)
	@if ! command -v npm >/dev/null; then echo "Node is not installed: entry of forms in a browser is left out, all else works without it."; \
	else cd assets && npm ci --silent --ignore-scripts && npm run --silent build >/dev/null; fi

clean:
	rm -rf .venv var .mypy_cache .ruff_cache

.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip sync --quiet --require-hashes --python $(BIN)/python requirements.lock
	$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --python $(BIN)/python --editable .
	touch $@
