# Two commands are enough: `make run` and `make test`. Each target is a short call of tools/.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test lint format pins bench mutate picture guide setup clean

run: ; @$(PYTHON) tools/run.py
test: ; @$(PYTHON) tools/test.py
lint: ; @$(PYTHON) tools/lint.py
setup: ; @$(PYTHON) tools/setup.py --dev
bench: setup ; @$(BIN)/python bench/rules.py && $(BIN)/python bench/whatif.py
mutate: setup ; @$(BIN)/python tools/mutate.py
picture: ; @$(BIN)/python tools/screenshots.py / --sizes 1440 --themes light --out docs/images && mv docs/images/home-1440-light.png docs/images/cockpit.png  # of the running product
GUIDE := guide-home=/ guide-firms=/firms/ "guide-firm=/firms/?unit=331003&grade=B > td.is-title a" guide-incentives=/incentives/ guide-data=/data/
guide: ; @$(BIN)/python tools/screenshots.py $(GUIDE) --sizes 1440 --themes light --viewport-only --out docs/images  # of the running product
format: setup ; @$(BIN)/ruff check --fix -q . ; $(BIN)/ruff format -q .

COMPILE := $(BIN)/uv pip compile -q --universal --python-version 3.11 --no-header --no-emit-index-url --generate-hashes
pins:
	@$(COMPILE) requirements/run.in -o requirements/run.txt
	@$(COMPILE) requirements/dev.in -o requirements/dev.txt

clean: ; @rm -rf node_modules build dist var/setup var/static src/fenghuang/platform/ui/static/ui/dist .mypy_cache .ruff_cache .pytest_cache
