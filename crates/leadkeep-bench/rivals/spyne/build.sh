#!/usr/bin/env bash
# build.sh WSDL WORKDIR: installs Spyne and gunicorn into a virtual environment in WORKDIR. Spyne makes its own WSDL
# from the classes in server.py, so the given one is only kept to compare.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
wsdl=$1
mkdir -p "$2"
workdir=$(cd "$2" && pwd)

# Spyne 2.14 does not load in Python 3.12. The system's own Python comes first: it is often built better than others.
python=
for candidate in /usr/bin/python3 python3 python3.11 python3.10; do
    if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(not (3, 10) <= sys.version_info < (3, 12))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [[ -z $python ]]; then
    echo 'rivals/spyne: no Python 3.10 or 3.11 with venv: install the Debian package python3-venv (of Debian 12)' >&2
    exit 3
fi

stamp=$(cat "$here"/* "$wsdl" | sha256sum)
[[ $(cat "$workdir/stamp" 2>/dev/null) == "$stamp" ]] && exit 0
rm -f "$workdir/stamp"
"$python" -m venv --clear "$workdir/venv"
"$workdir/venv/bin/pip" install --quiet --quiet --disable-pip-version-check -r "$here/requirements.txt"
cp "$here/server.py" "$here/gunicorn.conf.py" "$workdir"
cp "$wsdl" "$workdir/leadkeep.wsdl"
echo "$stamp" >"$workdir/stamp"
