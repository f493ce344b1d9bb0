# Two commands do everything on a machine with Go: `make demo` and `make test`.

STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.7.0

.PHONY: help build demo test test-race test-moto test-terraform fuzz bench lint docs examples clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## build bin/keyproof
	go build -o bin/keyproof ./cmd/keyproof

demo: build ## scan the embedded example account: no AWS account needed
	@bin/keyproof demo; code=$$?; \
	 if [ $$code -eq 3 ]; then echo "(exit code 3: something fails, as it should in this example)"; else exit $$code; fi

test: ## run all tests; what needs more than Go is skipped with the reason
	go test ./...

test-race: ## run the tests of everything that is concurrent, with the race detector
	go test -race -short ./model ./evaluator ./fixtures/... $$(go list ./collectors/... | grep -v /trino)

test-moto: ## compare the scan with moto, a second implementation of AWS (pip install 'moto[server]')
	go test ./cmd/keyproof -run 'TestMoto' -v

test-terraform: ## judge a real plan, apply it to moto, scan that, and compare (needs terraform, its provider and moto)
	go test ./cmd/keyproof -run 'TestTerraform$$|TestPlanAndTemplate' -v

fuzz: ## run each fuzz target for FUZZTIME (10s), the readers of plans and templates for FUZZLONG
	@.ci/fuzz

bench: ## measure speed and memory
	go test -run '^$$' -bench . -benchmem ./...

lint: ## gofmt, go vet, staticcheck
	@test -z "$$(gofmt -l .)" || { gofmt -l .; echo "run gofmt -w on these files"; exit 1; }
	go vet ./...
	go run $(STATICCHECK) ./...

docs: ## write the generated files again: JSON schemas, rules/README.md, the example in the README
	go test ./cmd/keyproof -run TestDocs -update

examples: ## write examples/ again: every format, and the pictures of the README (needs Chromium)
	go test ./cmd/keyproof -run 'TestExample' -update

clean: ## remove what the other targets made
	rm -rf bin
