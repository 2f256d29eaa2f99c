# Two commands, each doing all its set-up: `make demo` and `make test`. Others: `make docs`, `make bench`, `make clean`.
# Needs Python 3.11 or later with venv; on Debian or Ubuntu: sudo apt install python3 python3-venv git make
.DELETE_ON_ERROR:
.PHONY: demo test java check docs bench clean

SOURCES := $(shell find ontologies kg loaders queries immunokg -type f ! -name '*.pyc')
PIP := -m pip install --quiet --disable-pip-version-check -c constraints.txt

demo: .venv/installed
	.venv/bin/immunokg explain dupilumab "alopecia areata"

.venv/installed: pyproject.toml constraints.txt hatch_build.py $(SOURCES)
	python=$$(.ci/find-python) && "$$python" -m venv .venv
	.venv/bin/python $(PIP) --upgrade --upgrade-strategy only-if-needed .
	touch $@

test: .venv-test/installed java check

# The tests run a real Neo4j server: Java, and Maven, which fetches it. Installed where we may, else named.
java:
	.ci/find-java install

# The checks alone, in an environment that is ready: style, types, then all tests with doctests and the coverage report.
check:
	.venv-test/bin/ruff check .
	.venv-test/bin/mypy
	.venv-test/bin/pytest -n logical --maxprocesses=4 --dist worksteal --cov --cov-report=term:skip-covered

.venv-test/installed: pyproject.toml constraints.txt hatch_build.py queries/engine/kernel.c
	python=$$(.ci/find-python install) && "$$python" -m venv .venv-test
	.venv-test/bin/python $(PIP) --editable '.[dev]'
	touch $@

# Pages that are generated from the program; a test fails when they are out of date.
docs: .venv-test/installed
	.venv-test/bin/python docs/generate.py

bench: .venv-test/installed
	.venv-test/bin/python benchmarks/bench_explain.py
	.venv-test/bin/python benchmarks/bench_limits.py
	.venv-test/bin/python benchmarks/bench_paths.py --no-peers --no-growth

clean:
	rm -rf .venv .venv-test build dist .coverage .pytest_cache .mypy_cache .ruff_cache .hypothesis
