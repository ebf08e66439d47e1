# What a person can do here. `make` alone prints the list.

STACK ?= staging
GO ?= go
BIN := bin/gatehouse
SOURCES := $(shell find . \( -name '*.go' -o -path './policies/rules/*' \) -not -path './tools/*' -not -path './.gatehouse/*' -type f) go.mod go.sum

.DEFAULT_GOAL := help
.PHONY: help build sandbox sandbox-down sandbox-deps sandbox-backstage up preview test test-short lint bench generate

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: $(BIN) ## Build bin/gatehouse and the policies' analyzer

$(BIN): $(SOURCES)
	@$(GO) build -ldflags='-s -w' -o bin/ ./cmd/gatehouse ./cmd/pulumi-analyzer-policy-gatehouse

sandbox: build ## Start the sandbox, bring staging up in it and check that it is ready
	@$(BIN) up -s staging --sandbox
	@$(BIN) check -s staging --sandbox -o summary -o text=out/staging/readiness.txt -o json=out/staging/readiness.json \
		-o html=out/staging/report.html --bundle out/staging/evidence.tar
	@echo "report      out/staging/report.html"

sandbox-down: build ## Stop the sandbox and forget what it held
	@$(BIN) sandbox down

sandbox-deps: ## Install the servers that the sandbox and tests run (Debian, as root)
	apt-get update -q
	DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends postgresql pgbouncer redis-server \
		redis-sentinel nginx-light prometheus prometheus-alertmanager prometheus-postgres-exporter \
		prometheus-redis-exporter prometheus-nginx-exporter prometheus-blackbox-exporter \
		prometheus-pushgateway chromium fonts-dejavu-core

sandbox-backstage: build ## Install the minimal real Backstage that portal pods of the sandbox run (node and npm)
	@$(BIN) tools backstage

up: build ## Bring STACK up on its real AWS account (asks first)
	@$(BIN) up -s $(STACK)

preview: build ## Show what `up` would change on STACK's real AWS account
	@$(BIN) preview -s $(STACK)

# The longest packages come first: last, everything else would be done and one core idle.
test: build ## Run every test, those with real servers too
	@"$$($(BIN) tools path gotestsum)" --format pkgname --format-hide-empty-pkg -- -count=1 -timeout 40m ./test/sandbox ./test/plugins ./...

test-short: build ## Run the tests that need no server
	@"$$($(BIN) tools path gotestsum)" --format pkgname --format-hide-empty-pkg -- -short ./...

lint: build ## Check style and likely mistakes
	@"$$($(BIN) tools path golangci-lint)" run --timeout 20m ./...

bench: build ## Measure what docs/performance.md reports
	@$(GO) test -run '^$$' -bench . -benchtime 3x -timeout 40m ./test/sandbox ./test/policies
	@$(GO) test -run '^$$' -bench . ./policies/... ./report/...
	@$(GO) test -run '^$$' -bench . -benchtime 2x -timeout 40m ./test/readiness

generate: ## Write again what is generated from the sources
	@$(GO) generate ./...
