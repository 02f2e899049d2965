# Everything sets itself up: Python 3.11 or later and make are all that is needed.

PYTHON ?= $(shell for each in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$each && break; done)
BIN := .venv/bin
INSTALLED := .venv/installed
TIMED := $(addprefix tests/faults/test_,back_pressure.py lag.py shutdown.py) tests/cli/test_supervisor.py

.PHONY: demo run test check bench bench-engine conformance clauses format lock

demo: $(INSTALLED)  ## the LRS with a sample organisation in it
	$(BIN)/lrs demo

run: $(INSTALLED)  ## the LRS
	$(BIN)/lrs serve

test: $(INSTALLED)  ## all tests: in two processes at once, and alone those that time whole systems
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder $(addprefix --ignore ,$(TIMED))
	$(BIN)/python -m pytest $(TIMED)

check: $(INSTALLED)  ## formatting, lint, types and import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(INSTALLED)  ## measurements beside a bare app, printed and in bench.json; STATEMENTS=1000000 shows growth
	$(BIN)/python -m tests.bench --statements $(or $(STATEMENTS),100000)

bench-engine: $(INSTALLED)  ## the lag under load and a rebuild, printed and in bench-engine.json; OPTIONS="--parts lag"
	$(BIN)/python -m tests.bench.bench_engine $(OPTIONS)

conformance: $(INSTALLED)  ## ADL's suite in SUITE=<folder>; WORKERS=2 HTTP processes, LOADED=100000 statements first
	@test -n "$(SUITE)" || { echo "Name the folder of an installed copy of ADL's suite: make conformance SUITE=..." >&2; exit 2; }
	$(BIN)/python -m tests.conformance.suite "$(SUITE)" --workers $(or $(WORKERS),1) --loaded $(or $(LOADED),0)

clauses: $(INSTALLED)  ## which rule of the specification is covered by which test
	$(BIN)/python -m tests.conformance

format: $(INSTALLED)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(INSTALLED)  ## pin the newest versions that pyproject.toml allows
	$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --no-header --quiet --upgrade --output-file requirements.lock

$(INSTALLED): pyproject.toml requirements.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed; name it with make PYTHON=..." >&2; exit 1; }
	$(PYTHON) -m venv .venv || { echo "On Debian: apt install python3-venv" >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
