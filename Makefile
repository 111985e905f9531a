# Every target sets up what it needs. `make help` lists them.
PYTHON ?= python3
REQUIREMENTS ?= requirements-dev.txt
RUN := .venv/bin/python
WORKERS ?= auto

.PHONY: help setup run test check format messages lock screenshots benchmark

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

setup: .venv/.ready ## the environment in .venv

.venv/.ready: $(REQUIREMENTS)
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	test -x $(RUN) || $(PYTHON) -m venv .venv
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r $(REQUIREMENTS)
	$(RUN) -m knowledge prepare
	touch $@

run: setup ## the bot: against the sandbox, or on Telegram when BOT_TOKEN is set
	$(RUN) -m bot run --demo

test: setup check ## everything that must hold
	$(RUN) -m pytest -n $(WORKERS) $(TESTS)

check: setup ## formatter, linter, types, import directions, articles, texts
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	$(RUN) -m mypy
	.venv/bin/lint-imports --no-cache
	$(RUN) -m knowledge check

format: setup ## put the code in order
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .

lock: setup ## pin what pyproject.toml asks for, with hashes
	$(RUN) -m uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet pyproject.toml -o requirements.txt
	$(RUN) -m uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet pyproject.toml --group dev -o requirements-dev.txt

screenshots: setup ## pictures of a conversation, into docs/pictures (needs Chromium)
	$(RUN) -m docs.pictures

benchmark: setup ## speed, side by side with bare echo bots
	$(RUN) -m benchmarks.throughput
