#!/usr/bin/env bash
# run.sh PORT WORKDIR: serves on 127.0.0.1:PORT with gunicorn.
set -euo pipefail
port=$1
cd "$2"
exec venv/bin/gunicorn --config gunicorn.conf.py --bind "127.0.0.1:$port" server:application
