# PeerLab. `make` lists the targets.

.DEFAULT_GOAL := help
.PHONY: help run build test lint install uninstall bench soak mutants format clean

# Tests that start programs come after those that listen: between fork and exec a child holds a copy of every listener,
# and a port that was just closed is still in use.
STARTS_PROGRAMS := ProgramTests|LintTests|TrapTests
# The kernel is asked while nothing else runs: it must not be late.
ASKS_KERNEL := KernelDrillTests|WireFaultTests|LinuxComparisonTests|OptionTests|HappyEyeballsTests|LinuxLabTests
TEST_ALL = swift test --skip-build --skip '$(STARTS_PROGRAMS)|$(ASKS_KERNEL)' $(ARGS) \
	&& swift test --skip-build --filter '$(STARTS_PROGRAMS)' --skip '$(ASKS_KERNEL)' $(ARGS) \
	&& swift test --skip-build --filter '$(ASKS_KERNEL)' $(ARGS)

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

run: ## build and open the lab picker; LAB=hello opens one lab, ARGS="…" passes more
	@.tools/require.sh swift ncursesw
	@.tools/release.sh peerlab
	@exec .build/release/peerlab $(if $(LAB),'$(LAB)') $(ARGS)

build: ## build everything, for debugging
	@.tools/require.sh swift ncursesw
	swift build

test: ## run all tests; FILTER=… runs those whose name matches, ARGS="…" passes more
	@.tools/require.sh swift ncursesw tmux python3 curl redis-server redis-cli iperf3 tshark
	@.tools/pypi.sh prometheus_client==0.21.1
	.tools/build-tests.sh
	$(if $(FILTER),swift test --skip-build --filter '$(FILTER)' $(ARGS),$(TEST_ALL))

lint: ## check imports, refused names, formatting and open ends
	@.tools/require.sh swift python3
	@.tools/lint

# Where `make install` puts things: DESTDIR stands before all of it, for who makes a package.
PREFIX ?= /usr/local
DESTDIR ?=

install: ## install the program, its labs, completions and manual page; PREFIX=/usr/local, DESTDIR=…
	@.tools/require.sh swift ncursesw
	@.tools/release.sh peerlab
	@.tools/install.sh '$(DESTDIR)$(PREFIX)'

uninstall: ## take away what `make install` has put there, by the same PREFIX and DESTDIR
	@.tools/install.sh --remove '$(DESTDIR)$(PREFIX)'

bench: ## run the benchmarks, with SimPy from PyPI beside them; ARGS="--only …" passes more
	@.tools/require.sh swift ncursesw python3
	@.tools/bench.sh $(ARGS)

# Ten thousand seeds want optimised code; what it leaves out of the checks they ask for themselves (invariants: on).
soak: ## run the long tests
	@.tools/require.sh swift ncursesw tmux python3
	.tools/release.sh --scratch-path .build/for-tests peerlab peerlab-bench
	PEERLAB_SOAK=1 swift test -c release -Xswiftc -enable-testing --scratch-path .build-soak --filter 'SoakTests' $(ARGS)

mutants: ## make the TCP machine wrong in one place after another, and see that a script fails by each
	@.tools/require.sh swift python3
	.tools/mutants

format: ## format the sources in place
	@.tools/require.sh swift
	swift format --in-place --recursive Sources Tests Package.swift

clean: ## remove what was built
	rm -rf .build .build-soak .venv-bench
