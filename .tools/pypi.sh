#!/usr/bin/env bash
# .tools/pypi.sh PACKAGE==VERSION... : puts Python packages of PyPI into .build/python, once, for tests that want them
# (PYTHONPATH=.build/python). Messages go to standard error.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

home=.build/python
for package in "$@"; do
    mark=$home/.$package
    [ -e "$mark" ] && continue
    if ! python3 -m pip --version >/dev/null 2>&1; then
        .tools/require.sh python3-pip || exit 1
    fi
    python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$home" "$package" >&2 || {
        echo "error: $package could not be installed from PyPI into $home." >&2
        exit 1
    }
    touch "$mark"
done
