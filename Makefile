# Names for people; the logic is in xtask/. Variables: LISTEN, PROFILE (run), ARGS (run, test, fuzz-api),
# EXAMPLES (fuzz-api), CLICKS (screenshots), CHROMIUM, ROUNDS (test-crash), TESSERA_TEST_POSTGRES_URL (test).

# A fresh installation of Rust is found before the next login.
export PATH := $(PATH):$(HOME)/.cargo/bin

.DEFAULT_GOAL := help
.PHONY: help setup run test test-crash test-dashboard test-scan check bench bench-analytics dashboard screenshots fuzz-api \
        fuzz-qr fmt

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s  %s\n", $$1, $$2 }' Makefile

setup:
	@xtask/setup.sh

run: setup ## build, start on SQLite in ./data, say where to go next
	@cargo xtask run $(ARGS)

test: setup ## every test, on SQLite and PostgreSQL
	@cargo xtask test $(ARGS)

test-crash: setup ## kill -9 under load, ROUNDS=100 times: what was answered is counted
	@TESSERA_TEST_CRASH_ROUNDS=$${ROUNDS:-100} cargo test -p tessera-server --test it crash -- --nocapture

test-dashboard: setup ## the dashboard in Chromium against the real binary
	@cargo xtask test-dashboard

test-scan: setup ## outside readers look at every shipped style, level, logo, size and format
	@cargo xtask test-scan $(ARGS)

check: setup ## format, clippy, docs, tidy, the dashboard's types and tests
	@cargo xtask check

bench: setup ## load and micro benchmarks, ratios in one table
	@bench/run $(ARGS)

bench-analytics: setup ## questions about clicks, against DuckDB
	@bench/analytics $(ARGS)

dashboard: setup ## work on the dashboard: a dev server in front of a running `make run`
	@cargo xtask dashboard-dev

screenshots: setup ## every page of the dashboard, light and dark, wide and narrow
	@cargo xtask screenshots

fuzz-qr: setup ## noise into everything of a QR code, for FUZZ_SECONDS=60
	@end=$$(( $$(date +%s) + $${FUZZ_SECONDS:-60} )); while [ $$(date +%s) -lt $$end ]; do \
	  PROPTEST_CASES=20000 cargo test --release --quiet -p tessera-qr --test fuzz || exit 1; done

fuzz-api: setup ## schemathesis against a live server
	@cargo xtask fuzz-api $(ARGS)

fmt: ## format the code
	@cargo fmt --all
