#!/usr/bin/env bash
# .tools/bench.sh [ARGUMENT...] : builds peerlab and peerlab-bench for release and runs the second. SimPy is the yardstick
# that anyone can measure beside it; it is installed from PyPI into .venv-bench, unless PEERLAB_SIMPY_PYTHON names an
# interpreter that has it. ns-3 is another, from Debian: a program is compiled against it into .build, unless
# PEERLAB_NS3_PROGRAM names one. Only the benchmark writes to standard output.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

simpy=simpy==4.1.1
home=$PWD/.venv-bench

# A virtual environment. Without ensurepip (Debian's python3-venv) `venv` leaves half of one behind.
make_environment() {
    rm -rf "$home"
    python3 -m venv "$home" >/dev/null 2>&1 && "$home/bin/python3" -m pip install --quiet "$simpy"
}

# A plain folder of packages, for a Python that has pip and no venv.
make_folder() {
    rm -rf "$home"
    python3 -m pip install --quiet --target "$home/lib" "$simpy"
}

has_simpy() {
    "$@" -c 'import simpy, sys; sys.exit(simpy.__version__ != "4.1.1")' 2>/dev/null
}

use_simpy() {
    if has_simpy "$home/bin/python3"; then
        export PEERLAB_SIMPY_PYTHON=$home/bin/python3
    elif has_simpy env PYTHONPATH="$home/lib" python3; then
        export PEERLAB_SIMPY_PYTHON PYTHONPATH=$home/lib
        PEERLAB_SIMPY_PYTHON=$(command -v python3)
    else
        return 1
    fi
}

if [ -z "${PEERLAB_SIMPY_PYTHON:-}" ] && ! use_simpy; then
    {
        make_environment || make_folder || { .tools/require.sh python3-venv && make_environment; }
    } >&2 || true
    use_simpy || {
        echo "error: $simpy could not be installed from PyPI. To use one that is here already, set" \
            "PEERLAB_SIMPY_PYTHON to its Python interpreter." >&2
        exit 1
    }
fi

source=.tools/ns3_tcp.cc
program=$PWD/.build/ns3_tcp

# Newer than its source, and the libraries that it was compiled against are still here.
has_ns3() {
    [ "$program" -nt "$source" ] && "$program" round-trips 1 1 >/dev/null 2>&1
}

compile_ns3() {
    mkdir -p .build
    g++ -O2 -o "$program" "$source" \
        -lns3-point-to-point -lns3-internet -lns3-traffic-control -lns3-network -lns3-core
}

if [ -z "${PEERLAB_NS3_PROGRAM:-}" ]; then
    if has_ns3 || compile_ns3 2>/dev/null || { .tools/require.sh g++ libns3-dev && compile_ns3; } >&2; then
        export PEERLAB_NS3_PROGRAM=$program
    else
        echo "note: there is no ns-3 (Debian's g++ and libns3-dev) to measure: its rows are left out." >&2
    fi
fi

.tools/release.sh peerlab peerlab-bench
exec .build/release/peerlab-bench "$@"
