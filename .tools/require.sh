#!/usr/bin/env bash
# .tools/require.sh NAME... : returns when each of the named things is on this machine, and installs the Debian
# packages of those that are not. Without the right to install, says which command to run, and fails.
set -euo pipefail

# Whether a thing is here.
have() {
    case $1 in
    ncursesw)
        if command -v pkg-config >/dev/null; then
            pkg-config --exists ncursesw
        else
            installed libncursesw5-dev || installed libncurses-dev
        fi ;;
    python3-pip) python3 -m pip --version >/dev/null 2>&1 ;;
    python3-venv) python3 -c 'import venv, ensurepip' 2>/dev/null ;;
    *) command -v "$1" >/dev/null ;;
    esac
}

# Whether dpkg has a package.
installed() {
    dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed'
}

# The Debian package that brings a thing.
package_of() {
    case $1 in
    ncursesw) echo libncursesw5-dev ;;
    redis-cli) echo redis-tools ;;
    *) echo "$1" ;;
    esac
}

packages=()
for name in "$@"; do
    have "$name" && continue
    if [ "$name" = swift ]; then
        echo "error: there is no 'swift' on the PATH. Install Swift 6.3 or later:" \
            "https://www.swift.org/install/linux/" >&2
        exit 1
    fi
    packages+=("$(package_of "$name")")
done
[ ${#packages[@]} -gt 0 ] || exit 0

if ! command -v apt-get >/dev/null; then
    echo "error: missing: ${packages[*]} (Debian's names). Install them with this system's package manager." >&2
    exit 1
fi

if [ "$(id -u)" -eq 0 ]; then
    as_root=(env)
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root=(sudo -n env)
else
    install="apt-get update && apt-get install -y ${packages[*]}"
    if command -v sudo >/dev/null; then by_hand="sudo sh -c '$install'"; else by_hand="su -c '$install'"; fi
    echo "error: missing: ${packages[*]}. Run this once, then make again: $by_hand" >&2
    exit 1
fi

# The list of packages may be old, or empty on a new machine. Messages go to standard error: what make runs next
# may have a result for standard output.
echo "Installing ${packages[*]} …" >&2
apt=("${as_root[@]}" DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120)
{
    "${apt[@]}" update || true
    "${apt[@]}" install -y --no-install-recommends "${packages[@]}"
} </dev/null >&2 || {
    echo "error: apt-get could not install: ${packages[*]} (its own message is above)." >&2
    exit 1
}
