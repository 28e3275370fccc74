#!/usr/bin/env bash
# run.sh PORT WORKDIR: serves on 127.0.0.1:PORT with node.
set -euo pipefail
port=$1
cd "$2"
exec node server.mjs "$port"
