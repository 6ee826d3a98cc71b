# make demo and make test are all a newcomer needs; each sets up what it needs. SET=recurrence|gates|words|captions|all
SET ?= all
SEED ?=
PYTHON ?= python3
VENV := .venv
RUN := OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 $(VENV)/bin/python
NEW_SEED ?=
seed := $(if $(SEED),--seed $(SEED)) $(if $(NEW_SEED),--new-seed)

.DEFAULT_GOAL := help
.PHONY: help env env-demo lock casebook assignment handout browser pyodide autograder nbgrader staff classroom50 prairielearn autolab gradescope regrade demo demo-class bench-class test tested verify proof bench adversarial experiments docs docs-serve lint clean

help:
	@echo "make demo        set up, build a casebook, grade a small class, show what everybody sees [SET=...]"
	@echo "make test        set up and run all tests"
	@echo "make verify      try out this course, as course.toml has it: handouts and zips, set by set"
	@echo "make casebook    bring the casebooks up to date         [LESSON=...] [SEED=...]"
	@echo "make assignment  write the students' stubs from solutions/"
	@echo "make handout     dist/assignment.zip for students        [SET=...]"
	@echo "make browser     dist/browser.zip, the handout for a JupyterLite site [SET=...]"
	@echo "make autograder  dist/autograder.zip for Gradescope      [SET=...] [SEED=... or NEW_SEED=1]"
	@echo "make nbgrader    dist/nbgrader/, a course directory      [SET=...] [SEED=... or NEW_SEED=1]"
	@echo "make staff       dist/staff/, never for students: oral questions, answer key [SET=...] [NOTEBOOKS=short|full to run them]"
	@echo "make classroom50, make prairielearn, make autolab: bundles for these systems, in dist/  [SET=...] [SEED=...]"
	@echo "make gradescope  run that zip here as Gradescope would   [SUBMISSION=folder or zip]"
	@echo "make regrade     whose score moves between two such zips [OLD=zip NEW=zip SUBMISSIONS=folder]"
	@echo "make demo-class  make a class of 300 up, grade it, write its report and feedback"
	@echo "make proof       measure that the grade is right"
	@echo "make adversarial grade some 230 broken and hostile submissions, write the table of docs/trust.md"
	@echo "make experiments run the notebooks at full length, about a quarter of an hour"
	@echo "make env         set up the environment, .venv; make clean: remove what was built, the seeds excepted"
	@echo "make lint        ruff and mypy"
	@echo "make lock        fix the versions of all packages anew, in requirements-lock.txt"
	@echo "make bench       measure time and memory; make bench-class: of a class of 1,000"
	@echo "make docs        the documentation as a site, build/site; make docs-serve: to read while you write"

# Everything, for `make test` and all else; for the demo, only what a numpy lesson is graded with. The versions of what
# the packages bring with them are those of requirements-lock.txt. Its hashes are left out here: with them pip would
# refuse torch, whose build is the machine's own choice. To have them checked, make the environment yourself first:
# python3 -m venv .venv && .venv/bin/pip install --no-deps --require-hashes -r requirements-lock.txt
FILES := autograder/authoring/handout/files
INSTALL := $(VENV)/bin/pip install --quiet --disable-pip-version-check -c $(VENV)/versions.txt

env: $(VENV)/.ready

env-demo: $(VENV)/.ready-demo

$(VENV)/.ready: $(VENV)/versions.txt $(wildcard requirements-*.txt $(FILES)/requirements*.txt)
	$(INSTALL) -r requirements-dev.txt
	@touch $(VENV)/.ready-demo $@

$(VENV)/.ready-demo: $(VENV)/versions.txt requirements-demo.txt $(wildcard $(FILES)/requirements*.txt)
	$(INSTALL) -r requirements-demo.txt
	@touch $@

$(VENV)/versions.txt: requirements-lock.txt | $(VENV)/bin/pip
	@sed -n 's/^\([a-z0-9][^\\]*\)\\.*/\1/p' $< > $@

$(VENV)/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
	    { echo "Python 3.10 or newer is needed; say which: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)

# Resolves for every Python and platform at once. Not torch: which build of it is right depends on the machine.
lock: build/lock/bin/uv
	printf 'torch\ntorchvision\n' > build/lock/without.txt
	build/lock/bin/uv pip compile --quiet requirements-dev.txt --universal --python-version 3.10 --generate-hashes \
	    --excludes build/lock/without.txt --annotation-style line --custom-compile-command "make lock" \
	    --upgrade --output-file requirements-lock.txt

build/lock/bin/uv:
	$(PYTHON) -m venv build/lock
	build/lock/bin/pip install --quiet --disable-pip-version-check uv==0.13.9

# What is stale, the build finds out itself; when nothing is, that takes half a second.
casebook: env
	$(RUN) -m autograder casebook $(seed) $(if $(LESSON),--lesson $(LESSON))

# The README's example is checked on the casebook.
assignment: casebook
	$(RUN) -m autograder assignment

handout: env
	$(RUN) -m autograder handout --set $(SET)

browser: env
	$(RUN) -m autograder browser --set $(SET)

# A browser's Python, for the test of the check in a browser.
pyodide: env
	$(RUN) -m tests.fetch_pyodide

autograder: env
	$(RUN) -m autograder autograder --set $(SET) $(seed)

nbgrader: env
	$(RUN) -m autograder nbgrader --set $(SET) $(seed)

# The notebooks with answers are run if NOTEBOOKS says how long their experiments may take.
staff: env
	$(RUN) -m autograder staff --set $(SET) $(if $(NOTEBOOKS),--notebooks $(NOTEBOOKS))

# See docs/platforms.md. Classroom 50's has no hidden case, and so no use for a seed.
classroom50 prairielearn autolab: env
	$(RUN) -m autograder bundle $@ --set $(SET) $(seed)

# Unpacks the zip into a tree like Gradescope's, build/gradescope, and runs its run_autograder there, unprivileged.
SUBMISSION ?= assignment
gradescope: autograder
	$(RUN) -m autograder rehearse dist/autograder.zip "$(SUBMISSION)"

# Ends with 1 if a score moves, as a program that compares files does.
regrade: env
	@test -n "$(OLD)" -a -n "$(NEW)" -a -n "$(SUBMISSIONS)" || \
	    { echo "say which: make regrade OLD=old.zip NEW=new.zip SUBMISSIONS=folder"; exit 2; }
	$(RUN) -m autograder regrade "$(OLD)" "$(NEW)" "$(SUBMISSIONS)" $(if $(JSON),--json "$(JSON)")

# SET holds here only if it is given: the first set takes seconds, all of them minutes.
demo: env-demo
	@$(RUN) -m autograder demo $(if $(filter file,$(origin SET)),,--set $(SET))

demo-class: casebook
	@$(RUN) -m autograder class demo

bench-class: casebook
	$(RUN) -m autograder class bench

# They test the repository with the course that it is shipped with; `make verify` tests the one of course.toml. Where
# that is another, they run in a copy that has the shipped one.
COPY := build/as_shipped
SAME := import sys, pathlib, autograder.settings as s; \
    sys.exit(s.load_course(pathlib.Path("course.toml")) != s.load_course(pathlib.Path("tests/course.toml")))
test: env
	@if $(RUN) -c '$(SAME)' 2> /dev/null; then $(MAKE) --no-print-directory tested; else \
	    echo "course.toml is not the course that the tests are of: they run in $(COPY)"; \
	    rm -rf $(COPY) && mkdir -p $(COPY) && \
	    tar -cf - --exclude=./build --exclude=./dist --exclude=./.git --exclude=./$(VENV) . | tar -xf - -C $(COPY) && \
	    cp tests/course.toml $(COPY)/course.toml && ln -s ../../$(VENV) $(COPY)/$(VENV) && \
	    $(MAKE) --no-print-directory -C $(COPY) assignment tested; \
	fi

# Two files of tests at a time, slow ones first; a file's tests share what is slow to set up. Slow proofs take turns
# (tests/turns.py); what is left out and what is skipped is listed at the end. TURN=all
TURN ?=
tested: casebook
	$(RUN) -m pytest -n 2 --dist loadfile --no-loadscope-reorder -rs --durations 30 --durations-min 10 \
	    $(if $(TURN),--turn $(TURN))

verify: casebook
	$(RUN) -m autograder verify

proof: casebook
	$(RUN) -m autograder proof
	$(RUN) -m pytest -n 2 --dist loadfile -m in_turn --turn all

bench: casebook
	$(RUN) -m autograder bench

adversarial: env
	$(RUN) -m tests.adversarial.verdicts

experiments: env
	$(RUN) -m autograder experiments

# Neither the build nor its pages fetch anything. The theme's authors print an advertisement unless told not to.
MKDOCS := NO_MKDOCS_2_WARNING=1 DISABLE_MKDOCS_2_WARNING=true $(VENV)/bin/mkdocs
docs: casebook
	@test -x $(VENV)/bin/mkdocs || { echo "mkdocs is not installed: pyproject.toml's extra docs has it"; exit 1; }
	$(RUN) -m autograder docs
	$(MKDOCS) build --quiet
	@echo "build/site/index.html"

docs-serve: env
	$(MKDOCS) serve --dev-addr 127.0.0.1:8000

lint: env
	$(VENV)/bin/ruff check . && $(VENV)/bin/ruff format --check . && $(VENV)/bin/mypy

# All but the seeds in dist/: with another one, grades might be others.
clean:
	rm -rf build autograder/frozen autograder/frozen.new .pytest_cache .mypy_cache .ruff_cache
	@test ! -d dist || find dist -mindepth 1 -maxdepth 1 ! -name 'hidden_seed-*' -exec rm -rf {} +
