#!/usr/bin/env bash
# .tools/build-tests.sh : builds the tests, and beside them the programs for release that some of them start. Either has long
# stretches in which one module is compiled by one core alone; together they take two thirds of the time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

.tools/release.sh --scratch-path .build/for-tests peerlab peerlab-bench &
released=$!
trap 'kill "$released" 2>/dev/null || true' EXIT
swift build --build-tests
wait "$released"
