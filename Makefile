# Everything here needs Go, make and git, nothing else; `make` alone prints help.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

GO ?= go
BIN := bin/alphanode
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LINT := $(GO) tool -modfile=tools/go.mod golangci-lint
BENCHSTAT := $(GO) tool -modfile=tools/go.mod benchstat

ADDR ?= 127.0.0.1:8080
DATA ?= ./data

# What to test or measure; TESTFLAGS and PKG narrow any of the targets below.
PKG ?= ./...
TESTFLAGS ?=
FUZZTIME ?= 30s
BENCH ?= .
COUNT ?= 10

# Public test collections and import fixtures live beside the checkout where they
# exist; the tests that need them skip, saying so, where they do not.
ifneq ($(wildcard ../shared/data),)
export ALPHANODE_COLLECTIONS ?= $(abspath ../shared/data)
endif
ifneq ($(wildcard ../shared/fixtures),)
export ALPHANODE_FIXTURES ?= $(abspath ../shared/fixtures)
endif

# Packages whose tests know -update, and files with fuzz targets.
GOLDEN = $(shell grep -rlE --include='*_test.go' 'flag\.Bool(Var)?[[:punct:]].*"update"' . | xargs -r -n1 dirname | sort -u)
FUZZ = $(shell grep -rlE --include='*_test.go' '^func Fuzz' . | sort -u)

.PHONY: help
help: ## Print this help.
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: ## Build bin/alphanode.
	$(GO) build -trimpath -tags nomsgpack -ldflags '-X main.version=$(VERSION)' -o $(BIN) ./cmd/alphanode

.PHONY: run
run: build ## Serve a generated demo from DATA (./data) on ADDR (127.0.0.1:8080).
	@echo "alphanode: http://$(ADDR)/ (Ctrl-C stops it; data in $(DATA))"
	@exec $(BIN) serve --data $(DATA) --addr $(ADDR) --demo

.PHONY: test
test: ## Run all tests (PKG=./corpus/... and TESTFLAGS='-run X' narrow it).
	$(GO) test $(TESTFLAGS) $(PKG)

.PHONY: race
race: ## Run all tests with the race detector (needs a C compiler).
	CGO_ENABLED=1 $(GO) test -race $(TESTFLAGS) $(PKG)

.PHONY: fuzz
fuzz: ## Run each fuzz target for FUZZTIME (30s).
	@for file in $(FUZZ); do \
	  for target in $$(sed -nE 's/^func (Fuzz[A-Za-z0-9_]*)\(.*/\1/p' $$file); do \
	    echo "== $$target ($$(dirname $$file))"; \
	    $(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$(dirname $$file); \
	  done; \
	done

.PHONY: lint
lint: ## Run the linter (compiled from source the first time) and the doc checks.
	$(GO) vet ./...
	$(LINT) run ./...
	$(GO) run -C tools ./docscheck ..

.PHONY: fmt
fmt: ## Format all Go files.
	$(LINT) fmt

.PHONY: fmt-check
fmt-check: ## Fail, showing the difference, when a file is not formatted.
	$(LINT) fmt --diff

.PHONY: check
check: fmt-check lint build test ## All that CI runs, without the race detector.

.PHONY: golden
golden: ## Rewrite golden files from what the code does now; read the diff.
	@for dir in $(GOLDEN); do $(GO) test $$dir -count=1 -update; done

.PHONY: docs
docs: ## Rewrite the generated pages of docs/; tests named TestDoc... fail when one is stale.
	@for dir in $(GOLDEN); do $(GO) test $$dir -count=1 -run '^TestDoc' -update; done
	$(GO) run -C tools ./docscheck ..

.PHONY: bench
bench: ## Run the benchmarks of PKG matching BENCH, COUNT times; output is for benchstat.
	$(GO) test -run '^$$' -bench '$(BENCH)' -benchmem -count $(COUNT) $(PKG)

.PHONY: bench-compare
bench-compare: ## Compare benchmarks of REF (a commit) with the working tree.
	@test -n "$(REF)" || { echo "usage: make bench-compare REF=main [BENCH=.] [PKG=./...] [COUNT=10]" >&2; exit 2; }
	@tmp=$$(mktemp -d); \
	trap 'git worktree remove --force "$$tmp/ref" 2>/dev/null; rm -rf "$$tmp"' EXIT; \
	git worktree add --quiet --detach "$$tmp/ref" "$(REF)"; \
	(cd "$$tmp/ref" && $(GO) test -run '^$$' -bench '$(BENCH)' -benchmem -count $(COUNT) $(PKG)) > "$$tmp/old.txt"; \
	$(GO) test -run '^$$' -bench '$(BENCH)' -benchmem -count $(COUNT) $(PKG) > "$$tmp/new.txt"; \
	$(BENCHSTAT) "$(REF)=$$tmp/old.txt" "tree=$$tmp/new.txt"

.PHONY: relevance
relevance: ## Check the declared relevance figures; those without their collection are skipped.
	$(GO) run ./benchmarks/relevance/verify

.PHONY: cover
cover: ## Measure test coverage; the report is in dist/cover.html.
	@mkdir -p dist
	$(GO) test -coverprofile dist/cover.out $(PKG)
	$(GO) tool cover -html dist/cover.out -o dist/cover.html
	@$(GO) tool cover -func dist/cover.out | tail -n 1

.PHONY: clean
clean: ## Remove what the targets above wrote (not the data directory).
	rm -rf bin dist
