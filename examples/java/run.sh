#!/usr/bin/env bash
# Makes the stubs out of the server's WSDL, compiles, and runs all three programs.
set -euo pipefail
cd "$(dirname "$0")"
endpoint=${LEADKEEP_ENDPOINT:-http://127.0.0.1:8080/soap/mktows/3_1}
build=${BUILD:-build}
classpath="$build:/usr/share/jaxws/lib/*:/usr/share/java/*"
rm -rf "$build" && mkdir -p "$build"
wsimport -quiet -Xnocompile -s "$build" -d "$build" "$endpoint?WSDL"
javac -nowarn -encoding UTF-8 -cp "$classpath" -d "$build" $(find "$build" -name '*.java') ./*.java 2>&1 | grep -v '^Note:' || true
for program in SyncMultipleLeads SyncMObjects SyncCustomObjects; do
    java -cp "$classpath" "$program"
done
