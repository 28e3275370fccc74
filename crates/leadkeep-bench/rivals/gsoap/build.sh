#!/usr/bin/env bash
# Builds the gSOAP rival into WORKDIR: stubs out of the WSDL, then the server.
# usage: build.sh WSDL WORKDIR
set -euo pipefail
if [ $# -ne 2 ]; then
    echo "usage: $0 WSDL WORKDIR" >&2
    exit 2
fi
source=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$2"
workdir=$(cd "$2" && pwd)

need() { # TOOL PACKAGE
    if ! command -v "$1" >/dev/null && ! [ -e "$1" ]; then
        echo "$1 is missing: install the Debian package $2" >&2
        exit 3
    fi
}
need wsdl2h gsoap
need soapcpp2 gsoap
need /usr/include/stdsoap2.h libgsoap-dev
need g++ g++

# The address in the WSDL changes with the port of the server and means nothing to a build.
wsdl=$(sed 's/location="[^"]*"/location="http:\/\/127.0.0.1\/"/' "$1")
stamp=$({ cat "$source/build.sh" "$source/rival.cpp"; echo "$wsdl"; } | sha256sum)
cd "$workdir"
if [ -x rival ] && [ "$(cat stamp 2>/dev/null)" = "$stamp" ]; then
    exit 0
fi
rm -f stamp
echo "$wsdl" >mktows.wsdl

# Runs a generator, whose output matters only if it fails.
quietly() {
    "$@" >tool.log 2>&1 || { cat tool.log >&2; exit 1; }
}
quietly wsdl2h -c++17 -O2 -o api.h mktows.wsdl
quietly soapcpp2 -c++17 -S -j -L -w -x -I/usr/share/gsoap/import api.h

# The defines are those of Debian's library. The operations that rival.cpp leaves out answer with a fault.
flags=(-std=c++17 -O2 -I. -DWITH_IPV6 -DWITH_DOM -DWITH_DEFAULT_VIRTUAL)
g++ "${flags[@]}" -w -c soapC.cpp &
stubs=$!
g++ "${flags[@]}" -w -c soapMktowsApiSoapBindingService.cpp
g++ "${flags[@]}" -Wall -Wextra -Wno-unused-parameter -c "$source/rival.cpp" -o rival.o
wait "$stubs"
g++ -pthread rival.o soapC.o soapMktowsApiSoapBindingService.o -lgsoap++ -o rival
echo "$stamp" >stamp
