# Each target is one tool; .venv is made from the hash lock when it is needed.
PYTHON ?= python3
SEED ?= 1
BIN := .venv/bin
READY := .venv/ready
TESTS := $(BIN)/pytest -n 2 --dist loadscope --no-loadscope-reorder
LIBRARIES := $(BIN)/uv run --quiet --no-project --python 3.13 --with-requirements tools/audit/requirements.lock --with-editable .
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help book serve lab screenshots pdf lighthouse test notebooks numbers lint bench portability campaign seeds oldest libraries audit newest address lock clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "%-12s %s\n", $$1, $$2}' Makefile

book: $(READY)  ## build the site into _build/html; a warning is an error
	$(BIN)/jupyter-book build --all -W -n --keep-going .

serve: book  ## build the site and show it at http://localhost:8000
	$(BIN)/python -m http.server --bind 127.0.0.1 --directory _build/html 8000

lab: $(READY)  ## open the chapters in JupyterLab, with their stored figures
	$(BIN)/jupyter trust book/chapters/*.ipynb
	$(BIN)/jupyter lab book/chapters

screenshots: book  ## photograph every page, wide and narrow, light and dark, and check it
	$(BIN)/python -m tools.screenshots

pdf: book  ## print the book as _build/weight-initialization.pdf, and offer it in the site
	$(BIN)/python -m tools.pdf

lighthouse: book  ## let Lighthouse judge three pages, as desktop and phone; wants a quiet machine
	$(BIN)/python -m tools.lighthouse

test: $(READY)  ## run all tests and compare every stored output with a fresh run
	$(TESTS)

notebooks: $(READY)  ## format and execute the chapters, store them in canonical form
	$(BIN)/ruff format --quiet book/chapters book/appendix book/lab.ipynb
	$(BIN)/python -m tools.notebooks
	$(BIN)/python -m tools.cover

numbers: $(READY)  ## register the numbers of the texts that the cells beside them compute
	$(BIN)/python -m tools.prose.register

lint: $(READY)  ## check code, notebooks and workflows without running them
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/python -m tools.notebooks --check
	$(BIN)/python -m tools.prose.register --check
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.dependabot .github/dependabot.yml
	$(BIN)/zizmor --offline --quiet .

bench: $(READY)  ## time the initializers, a training step and an ensemble, beside torch if it is there
	$(BIN)/python tools/bench.py

portability: $(READY)  ## compare the stored outputs as older and newer processors compute them
	$(BIN)/python -m tools.portability

campaign: $(READY)  ## change one thing at a time and see what the tests notice: make campaign SEED=7
	$(BIN)/python -m tools.campaign --seed $(SEED)

seeds: $(READY)  ## run the tests and the chapters with another seed: make seeds SEED=7
	INITLIB_SEED=$(SEED) $(TESTS) tests
	$(BIN)/python -m tools.notebooks --seed $(SEED)

oldest: $(READY)  ## run all chapters with the oldest versions allowed, and Colab's, the page's, Binder's
	$(BIN)/python -m tools.oldest

libraries: $(READY)  ## run the lines of *What do I type?* against torch, Keras and Flax
	KERAS_BACKEND=jax $(LIBRARIES) python -m tools.what_to_type torch Keras Flax initlib

audit: $(READY)  ## measure anew how libraries start their layers, or only compare: make audit CHECK=--check
	$(LIBRARIES) python -m tools.audit $(CHECK)

newest: $(READY)  ## try the newest versions of what is pinned, until `make clean`
	sed '/^-r/d; s/==[^ ]*//; s/^jupyter-book$$/jupyter-book<2/' .binder/requirements.txt requirements.txt requirements-dev.txt > .venv/newest.txt
	$(BIN)/uv pip install --python $(BIN)/python --upgrade --requirements .venv/newest.txt

address: $(READY)  ## copy the public address in _config.yml to where it is needed
	$(BIN)/python -m tools.address

lock: $(READY)  ## renew both locks after a change of the requirements
	$(BIN)/uv pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 \
	  --generate-hashes --no-header --no-emit-package initlib \
	  --output-file requirements.lock requirements.txt requirements-dev.txt
	$(BIN)/uv pip compile --quiet --python-version 3.13 --python-platform x86_64-manylinux_2_28 \
	  --generate-hashes --no-header --output-file tools/audit/requirements.lock tools/audit/requirements.txt

clean:  ## remove the site and the environment
	rm -rf _build .venv *.egg-info

$(READY): requirements.lock pyproject.toml | $(BIN)/python
	@sed -n '/^uv==/,/# via/p' requirements.lock > .venv/uv.txt
	$(BIN)/pip install --quiet --require-hashes --no-deps -r .venv/uv.txt
	$(BIN)/uv pip sync --python $(BIN)/python --quiet --compile-bytecode --require-hashes requirements.lock
	$(BIN)/uv pip install --python $(BIN)/python --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/python -c "import matplotlib.font_manager"  # its cache is slow to build, once
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; (3, 11) <= sys.version_info < (3, 14) or sys.exit("Python 3.11, 3.12 or 3.13 is needed: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
