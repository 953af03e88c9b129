# `make audit` and `make test` are all that a newcomer needs: both install what is missing first.

SWIFT ?= swift
EXAMPLE := policies/examples/northwind
OUT := reports/northwind

.PHONY: audit test build dependencies dist samples format lint bench clean test-scale

audit: build
	@Scripts/audit-example "$(EXAMPLE)" "$(OUT)"

build: dependencies
	$(SWIFT) build -c release --product domicile

# Tests of the library in debug, of the built binary end to end; then the instructions of an audit's path are counted.
test:
	@Scripts/dependencies test
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build
	@Scripts/instructions

# The same audit on a real Spark of two workers: Java 17 is needed, and some minutes.
test-scale: build
	Scripts/test-scale .build/release/domicile $(DATA)

dependencies:
	@Scripts/dependencies

# DATA: a folder of generated logs (see Benchmarks/Audit/run.py); figures go to docs/performance.md by hand.
bench: build
	@test -n "$(DATA)" || { echo "usage: make bench DATA=folder"; exit 64; }
	$(SWIFT) build -c release --product measure
	Benchmarks/Audit/run.py $(DATA)

# A tarball that runs on a machine without Swift; `Scripts/try-dist` tries it in a clean root.
dist:
	@Scripts/dependencies dist
	Scripts/dist

# Writes reports/sample anew; a test compares them with what the tool makes.
samples:
	$(SWIFT) build --build-tests
	UPDATE_GOLDEN=1 $(SWIFT) test --skip-build --filter SampleReportTests

format:
	$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Tests Plugins

lint:
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests Plugins

clean:
	rm -rf .build reports/northwind
