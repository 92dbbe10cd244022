# The two commands that matter are `make demo` and `make test`; each makes what it needs. `make` lists the others.
.DEFAULT_GOAL := help
.PHONY: help demo test lint types contracts tests bench format lock samples docs wheel clean faults fuzz

BIN := .venv/bin
READY := .venv/.ready
WORKERS ?= 2
SECONDS_EACH ?= 60
TARGETS ?= csv xml zip image pdf text head
LINES ?= 1000000

help:  # show this list
	@sed -n 's/^\([a-z]*\):.*  # \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

$(READY): requirements.lock pyproject.toml
	@scripts/bootstrap
	@touch $@

demo: $(READY)  # run one business day against the sandbox, all parties on this machine
	@scripts/system-packages tesseract
	@$(BIN)/exchange demo

test: lint types contracts tests  # check everything that a change must keep

lint: $(READY)  # style and layout of the code
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(READY)  # types, strictly, tests included
	$(BIN)/mypy

contracts: $(READY)  # which room may import which
	$(BIN)/lint-imports

tests: $(READY)  # the tests; WORKERS=0 runs them in one process, ARGS="-k ok2pay" picks some
	@scripts/system-packages tesseract sshd initdb
	$(BIN)/pytest -n $(WORKERS) --dist loadfile $(ARGS)

bench: $(READY)  # measure formats and judge side by side and write docs/performance.md; LINES=100000 is quicker
	$(BIN)/python -m bench.formats --lines $(LINES) --out docs/performance.md
	$(BIN)/python -m bench.judging --out docs/performance.md

faults: $(READY)  # kill, freeze and cut off real processes, count at the other side, write docs/faults.md
	$(BIN)/python -m tests.faults --write docs/faults.md

fuzz: $(READY)  # feed readers hostile bytes, guided by coverage; SECONDS_EACH=300 is longer, TARGETS=zip is one
	$(BIN)/python -c 'import atheris' 2>/dev/null || $(BIN)/python -m pip install -q atheris || true
	for target in $(TARGETS); do $(BIN)/python -m tests.fuzz $$target build/fuzz/$$target -max_total_time=$(SECONDS_EACH) \
	  -max_len=32768 -timeout=10 -rss_limit_mb=2048 -artifact_prefix=build/fuzz/$$target- -print_final_stats=1 || exit 1; done

format: $(READY)  # lay the code out and mend what can be mended by itself
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lock:  # write requirements.lock anew; ARGS=--upgrade takes newer versions
	scripts/lock $(ARGS)

samples: $(READY)  # build sample_files from the originals; look at the difference before you commit it
	$(BIN)/python sample_files/build.py

docs: $(READY)  # write the generated pages of docs/ anew
	$(BIN)/python scripts/make_docs.py

wheel: $(READY)  # build the wheel into dist/
	$(BIN)/python -m build --wheel --no-isolation

clean:  # remove what can be made again, the environment included
	rm -rf .venv dist build demo .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
