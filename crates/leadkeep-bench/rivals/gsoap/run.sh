#!/usr/bin/env bash
# Serves the gSOAP rival, which build.sh has put into WORKDIR, on 127.0.0.1:PORT.
# usage: run.sh PORT WORKDIR
set -euo pipefail
# gSOAP allocates each element of a message by itself: let each thread keep that many for its next message.
export GLIBC_TUNABLES=glibc.malloc.tcache_count=30000
exec "$2/rival" "$1"
