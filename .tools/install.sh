#!/usr/bin/env bash
# .tools/install.sh [--remove] PREFIX [PROGRAM] : installs what was built for release, or takes it away again.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

remove=
if [ "${1:-}" = --remove ]; then
    remove=yes
    shift
fi
prefix=${1:?where to install}
built=${2:-.build/release/peerlab}
program=$prefix/bin/peerlab
labs=$prefix/share/peerlab
completions=(
    "bash $prefix/share/bash-completion/completions/peerlab"
    "zsh $prefix/share/zsh/site-functions/_peerlab"
    "fish $prefix/share/fish/vendor_completions.d/peerlab.fish"
)
manual=$prefix/share/man/man1/peerlab.1

if [ -n "$remove" ]; then
    rm -f "$program" "$manual"
    for completion in "${completions[@]}"; do rm -f "${completion#* }"; done
    rm -rf "$labs"
    exit
fi

install -D -m 755 "$built" "$program"
# Others' labs in that folder stay, those that no longer ship go.
rm -rf "$labs/labs"
for lab in labs/*.yaml; do install -D -m 644 "$lab" "$labs/labs/${lab##*/}"; done
for completion in "${completions[@]}"; do
    file=${completion#* }
    install -d "${file%/*}"
    "$built" --generate-completion-script "${completion%% *}" > "$file"
    chmod 644 "$file"
done
install -D -m 644 share/man/man1/peerlab.1 "$manual"
for example in share/sweep/*; do install -D -m 644 "$example" "$labs/sweep/${example##*/}"; done
echo "installed to $prefix"
