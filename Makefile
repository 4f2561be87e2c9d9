# From a bare machine with Python 3.11 to a running Parley: make up. `make help` lists the rest.
SHELL := bash
PYTHON := .venv/bin/python
LOCAL := $(PYTHON) -m config.local
INSTALL := $(PYTHON) -m pip install -qq --disable-pip-version-check --require-hashes
UV := 0.13.9
REQUIREMENTS := base local production test node

# A test run starts dozens of processes: without bytecode each of them would compile the same thousand modules.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help up assets servers test coverage check bench shape fmt frames docs access structure requirements clean
.DEFAULT_GOAL := help

help: ## list the targets
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 22

up: .venv/local.stamp build/.stamp ## start everything on PORT (8000), with data in PARLEY_DATA_DIR (.parley)
	@exec $(LOCAL) --with-parent up

assets: build/.stamp ## what pages load of static/: a script and a style sheet for each (build), all compressed and named (staticfiles)

servers: .venv/local.stamp ## only the database and the broker, for manage.py by hand
	@exec $(LOCAL) --with-parent servers

test: .venv/test.stamp build/.stamp ## every test; ARGS are for pytest, a path among them runs that alone
	@exec scripts/test.sh $(ARGS)

coverage: .venv/test.stamp build/.stamp ## every test, and how much of the code the unit and slow tests ran
	@COVERAGE=yes exec scripts/test.sh

check: .venv/test.stamp node_modules/.stamp ## the static checks
	@exec $(LOCAL) run --for-tests -- scripts/check.sh

bench: .venv/test.stamp build/.stamp ## the benchmarks
	@PARLEY_DATA_DIR=$(or $(PARLEY_DATA_DIR),.parley)/bench exec $(LOCAL) run -- $(PYTHON) -m tests.bench $(ARGS)

shape: | .venv/bin/python ## figures of the code: lengths, cycles, fan-out, files per flow; ARGS=--verbose names them
	@$(PYTHON) -m scripts.shape $(ARGS)

fmt: .venv/test.stamp node_modules/.stamp ## format the code
	$(PYTHON) -m ruff check --fix-only --quiet .
	$(PYTHON) -m ruff format .
	-$(PYTHON) -m djlint templates --reformat --quiet
	scripts/npm.sh run --if-present fmt

frames: .venv/test.stamp ## write the types of the sockets' frames for the browser (static/js/shared/frames.d.ts)
	@exec $(LOCAL) run --for-tests -- $(PYTHON) scripts/frame_types.py

docs: .venv/test.stamp ## write the pages of docs/ that say what the code says (events, refusals)
	@exec $(LOCAL) run --for-tests -- $(PYTHON) scripts/reference.py

access: .venv/test.stamp build/.stamp ## write the table of who is answered what (tests/access/pages.tsv): read what changed
	@exec scripts/test.sh tests/access -n 2 --write-access -q -k "line or table"

structure: .venv/test.stamp ## write the SQL of which new schemas are made (apps/tenants/structure.sql); after a new migration
	@exec $(LOCAL) run --for-tests -- $(PYTHON) scripts/structure.py

requirements: .venv/bin/python ## compile requirements/*.in, with versions and hashes
	$(PYTHON) -m pip install -qq --disable-pip-version-check uv==$(UV)
	cd requirements && for name in $(REQUIREMENTS); do ../.venv/bin/uv pip compile --quiet --universal \
		--python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header \
		$$name.in -o $$name.txt || exit; done

clean: ## remove all that make has made, the data included
	if [ -x $(PYTHON) ]; then $(LOCAL) clean --binaries; fi
	rm -rf .venv node_modules build staticfiles test-artifacts .*_cache .hypothesis .coverage
	find apps config tests scripts -name __pycache__ -prune -exec rm -rf {} +

.venv/bin/python:
	@scripts/venv.sh

# The stamps make the second start quick: pip and npm run again only when what they install has changed.
.venv/%.stamp: requirements/%.txt | .venv/bin/python
	@echo "Installing the Python packages of requirements/$*.txt"
	@$(INSTALL) -r $<
	@touch $@

# Not `npm ci`: that demands a locked entry for every platform's optional package, and a registry's mirror need not have
# them all. This keeps to the lock as well, and leaves it as it is.
node_modules/.stamp: package-lock.json | .venv/bin/python
	@echo "Installing the browser packages of package-lock.json"
	@scripts/npm.sh install --no-save --ignore-scripts --no-audit --no-fund --loglevel=error
	@mkdir -p node_modules && touch $@

# The settings are those of a laptop, whose names and contents of files are a server's; no server is asked for anything.
build/.stamp: node_modules/.stamp package.json $(shell find static -type f) | .venv/local.stamp
	@echo "Building what pages load"
	@scripts/npm.sh run --silent build
	@DATABASE_URL=postgresql://none/none REDIS_URL=redis://none $(PYTHON) manage.py collectstatic --no-input --verbosity 0
	@touch $@
