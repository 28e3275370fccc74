#!/usr/bin/env bash
# build.sh WSDL WORKDIR: installs the soap package into WORKDIR.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
wsdl=$1
mkdir -p "$2"
workdir=$(cd "$2" && pwd)

missing() {
    echo "rivals/node-soap: $1: install the Debian package $2" >&2
    exit 3
}
type -P node >/dev/null || missing 'node is missing' nodejs
type -P npm >/dev/null || missing 'npm is missing' npm
new_enough='const [major, minor] = process.versions.node.split(".").map(Number); process.exit(major * 100 + minor < 2019 ? 1 : 0)'
node -e "$new_enough" || missing 'node is older than 20.19' 'nodejs of Debian 13 or later'

stamp=$(cat "$here"/* "$wsdl" | sha256sum)
[[ $(cat "$workdir/stamp" 2>/dev/null) == "$stamp" ]] && exit 0
rm -f "$workdir/stamp"
cp "$here/package.json" "$here/package-lock.json" "$here/server.mjs" "$workdir"
cp "$wsdl" "$workdir/leadkeep.wsdl"
(cd "$workdir" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2)
echo "$stamp" >"$workdir/stamp"
