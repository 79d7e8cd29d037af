# make demo    install, train a U-Net on the bundled sheets, score it
# make test    install, run all tests
# make test-lowest    run all tests with the lowest versions that the requirements allow, in an environment of its own
# make lint    install, check the style
# make audit   ask which installed packages have known vulnerabilities; fails and says so where nobody can be asked
# make requirements    write requirements.txt from pyproject.toml
# make weights-sums    write the SHA-256 sums of the shipped weights, after any of them changed

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
AUDIT := build/audit
LOWEST := build/lowest

.PHONY: demo test test-lowest lint audit requirements weights-sums

demo: $(READY)
	$(BIN)/python train_wire_detection.py --data_dir data/schematics_dataset --annotation_dir data/annotations \
		--experiment_dir experiments/demo --epochs 4 --overwrite --report

test: $(READY)
	$(BIN)/python -m pytest -q -n logical --dist loadscope

# TESTS=tests/formats runs a part of them.
test-lowest: requirements.txt
	@mkdir -p $(LOWEST) && sed -E 's/>=([^,]+),.*/==\1/' requirements.txt > $(LOWEST)/requirements.txt
	$(PYTHON) -m venv $(LOWEST)
	$(LOWEST)/bin/python -m pip install --quiet --disable-pip-version-check -r $(LOWEST)/requirements.txt
	$(LOWEST)/bin/python -m pytest -q -n logical --dist loadscope $(TESTS)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

# OSV is asked, for mirrors of PyPI leave vulnerabilities out. pip-audit has one exit code for "found some" and "reached
# nobody"; only the first writes a report.
audit: $(READY)
	@$(PYTHON) -m venv $(AUDIT) && rm -f $(AUDIT)/report
	@$(AUDIT)/bin/python -m pip install --quiet --disable-pip-version-check pip-audit || \
		{ echo "not audited: pip-audit cannot be installed here" >&2; exit 1; }
	@$(AUDIT)/bin/pip-audit --vulnerability-service osv --progress-spinner off --output $(AUDIT)/report \
		--path .venv/lib/python3*/site-packages 2> $(AUDIT)/said && cat $(AUDIT)/said || \
		{ cat $(AUDIT)/report 2> /dev/null || echo "not audited: api.osv.dev does not answer here" >&2; exit 1; }

requirements:
	@$(PYTHON) -c 'import tomllib; project = tomllib.load(open("pyproject.toml", "rb"))["project"]; \
		print("# Written by `make requirements` from pyproject.toml; the last lines are for `make test`.", \
		*project["dependencies"], *project["optional-dependencies"]["test"], sep="\n")' > requirements.txt

weights-sums:
	@cd pretrained && sha256sum $$(LC_ALL=C ls | grep -vE '^(README.md|SHA256SUMS.*)$$') > SHA256SUMS.new && \
		mv SHA256SUMS.new SHA256SUMS

# A Debian without python3-venv would make an environment without pip.
$(READY): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "error: $(PYTHON) is older than 3.11; run: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || \
		{ echo "error: $(PYTHON) cannot make environments; run: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@
