#!/bin/bash
# A sweep by GNU parallel, in eight shards, on the machines of a file, or on this one:
# share/sweep/parallel.sh half-open 1..100000 machines
set -euo pipefail
lab=${1:?the lab} seeds=${2:-1..1000} machines=${3:-}
# A seed that fails is a result, and not a failure of the job.
parallel ${machines:+--sshloginfile "$machines"} --results 'sweep-{#}' \
    "peerlab sweep '$lab' --seeds $seeds --shard {#}/8 --jobs 1 --format json || [ \$? -eq 1 ]" ::: {1..8} > /dev/null
peerlab sweep --merge sweep-{1..8}
