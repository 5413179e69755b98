# A machine with Python 3.11 or newer and make needs nothing else; see README.md.
# Every preparation leaves a stamp under .venv/stamps, so that doing it again costs nothing.

PYTHON ?= $(shell for each in python3.11 python3.12 python3.13 python3; do \
	$$each -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' \
	2>/dev/null && echo $$each && break; done)
VENV := .venv/bin
NPM = $(PYTHON) tools/prepare.py npm
UV_COMPILE := $(VENV)/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate

# Options for pytest, for example: make test ARGS="tests/unit -x"
ARGS ?=
# Processes that share the tests, most of which wait for others. 0 is one, as a debugger wants it.
JOBS ?= 3

.PHONY: help
help:
	@echo 'make run      set up everything, then start the platform'
	@echo 'make test     set up everything, then run all tests'
	@echo 'make setup    virtual environment, packages, console'
	@echo 'make check    formatting, lint, types, import contracts'
	@echo 'make fmt      let the tools mend what they can'
	@echo 'make bench    compare the gateway with others (slow)'
	@echo 'make nightly  run the long tests as well (an hour)'
	@echo 'make soak     thirty minutes of traffic with faults'
	@echo 'make docs     build the documentation into site/'
	@echo 'make pictures take the pictures of the guides anew'
	@echo 'make wheel    build the wheels into dist/'
	@echo 'make lock     pin all dependencies anew'
	@echo 'make clean    remove what was built, and the environment'

.PHONY: python
python:
	@test -n "$(PYTHON)" || { echo 'Python 3.11, 3.12 or 3.13 is needed on the PATH'; exit 1; }

.PHONY: setup
setup: python
	@$(PYTHON) tools/prepare.py run

.PHONY: dev
dev: python
	@$(PYTHON) tools/prepare.py dev

.PHONY: console
console: setup

.PHONY: run
run: setup
	@exec $(VENV)/mainspring up

.PHONY: test
test: dev
	@$(PYTHON) tools/prepare.py browser
	@$(PYTHON) tools/prepare.py watchers
	$(VENV)/python -m pytest -n $(JOBS) $(ARGS)

.PHONY: check
check: dev
	$(VENV)/ruff format --check .
	$(VENV)/ruff check .
	$(VENV)/pyright
	$(VENV)/lint-imports
	$(NPM) run lint
	$(NPM) run typecheck

.PHONY: fmt
fmt: dev
	$(VENV)/ruff check --fix .
	$(VENV)/ruff format .
	$(NPM) run fmt

.PHONY: bench
bench: dev
	$(VENV)/python -m benchmarks $(ARGS)

.PHONY: nightly
nightly: dev
	@$(PYTHON) tools/prepare.py suites
	@$(PYTHON) tools/prepare.py phoenix
	$(VENV)/python -m pytest -m nightly $(ARGS)

.PHONY: soak
soak: dev
	$(VENV)/python -m benchmarks.soak $(ARGS)

# Take the pictures of the guides anew, from the console on a real platform.
.PHONY: pictures
pictures: dev
	@$(PYTHON) tools/prepare.py browser
	DOCS_PICTURES=1 $(VENV)/python -m pytest -n 0 tests/e2e/console/test_console_looks.py -k every_page $(ARGS)

.PHONY: docs
docs: dev
	$(VENV)/python -m tools.build_docs

.PHONY: wheel
wheel: setup
	$(VENV)/python -m hatchling build -t wheel
	cd sdk/python && ../../$(VENV)/python -m hatchling build -t wheel -d ../../dist

.PHONY: lock
lock: setup
	$(UV_COMPILE) -o requirements/bootstrap.lock requirements/bootstrap.in
	$(UV_COMPILE) --no-deps -o requirements/models.lock requirements/models.in
	$(UV_COMPILE) --extra all --group build -o requirements/run.lock pyproject.toml
	$(UV_COMPILE) --extra all --group build --group test --group check --group docs --group bench \
		-o requirements/dev.lock -c requirements/run.lock pyproject.toml
	$(UV_COMPILE) -o requirements/suites.lock -c requirements/dev.lock requirements/suites.in
	$(UV_COMPILE) -o requirements/phoenix.lock requirements/phoenix.in

.PHONY: clean
clean:
	rm -rf .venv build dist site .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	rm -rf console/node_modules console/.vite src/mainspring/app/console_static
	find src sdk tests benchmarks tools -name __pycache__ -prune -exec rm -rf {} +
