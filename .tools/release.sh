#!/usr/bin/env bash
# .tools/release.sh [--scratch-path FOLDER] PRODUCT... : builds products for release. On Linux the Swift runtime is linked in
# where the toolchain has it as an archive: the programs run where no Swift is installed, start sooner, and run about a tenth
# faster, for calls into the runtime need no detour through the dynamic linker's tables.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

toolchain=$(dirname "$(dirname "$(realpath "$(command -v swift)")")")
# Colours are an argument of the compiler: with them a build in a terminal would be another one, and begin anew.
flags=(--no-color-diagnostics)
if [ "${1:-}" = --scratch-path ]; then
    flags+=(--scratch-path "$2")
    shift 2
fi
if [ "$(uname)" = Linux ] && [ -d "$toolchain/lib/swift_static/linux" ]; then flags+=(--static-swift-stdlib); fi
for product in "$@"; do
    swift build -c release --product "$product" "${flags[@]}" >&2
done
