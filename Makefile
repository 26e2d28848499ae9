# The commands of the project. `make demo` and `make test` set up what they need by themselves.

PYTHON ?= python3.11
BIN := .venv/bin
HTTP ?= 127.0.0.1:8080
DASHBOARD := adapters/inbound/dashboard
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: demo run up down test setup check bench clean

demo: setup
	$(BIN)/fieldpost demo --data .fieldpost/demo --http $(HTTP)

run: setup
	$(BIN)/fieldpost serve --data .fieldpost/data --http $(HTTP)

up: setup .setup/services
	$(BIN)/python -m deploy.local.up up .fieldpost/local

down:
	$(BIN)/python -m deploy.local.up down .fieldpost/local

test: setup .setup/browser .setup/fuzz .setup/services .setup/oracle
	deploy/test

check: setup
	deploy/check

bench: setup
	$(BIN)/python -m benchmarks

setup: .setup/native $(DASHBOARD)/dist/index.html

clean:
	rm -rf .setup build $(DASHBOARD)/dist

# What Debian carries and pip does not.
.setup/system: deploy/install-system
	deploy/install-system build
	@mkdir -p .setup && touch $@

.setup/browser: deploy/install-system .setup/system
	deploy/install-system browser
	@touch $@

.setup/fuzz: deploy/install-system .setup/system
	deploy/install-system fuzz
	@touch $@

.setup/services: deploy/install-system deploy/local/package-lock.json .setup/system .setup/python
	deploy/install-system services
	cd deploy/local && npm ci --silent --no-audit --no-fund
	@touch $@

.setup/python: requirements.lock .setup/system
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.setup/oracle: requirements-oracle.lock .setup/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

.setup/native: .setup/python pyproject.toml $(shell find native -type f -not -name '*.pyi' -not -path 'native/fuzz/*' 2>/dev/null)
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(DASHBOARD)/node_modules: $(DASHBOARD)/package-lock.json .setup/python
	cd $(DASHBOARD) && npm ci --silent --no-audit --no-fund
	@touch $@

$(DASHBOARD)/dist/index.html: $(DASHBOARD)/node_modules $(shell find $(DASHBOARD)/src $(DASHBOARD)/public -type f 2>/dev/null)
	cd $(DASHBOARD) && npm run --silent build
