#!/usr/bin/env bash
# Builds the JAX-WS rival into WORKDIR: classes out of the WSDL, then the server.
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
need wsimport jaxws
need /usr/share/java/jaxws-rt.jar libjaxws-java
need javac openjdk-17-jdk-headless

# The address in the WSDL changes with the port of the server and means nothing to a build.
wsdl=$(sed 's/location="[^"]*"/location="http:\/\/127.0.0.1\/"/' "$1")
stamp=$({ cat "$source"/*.java "$source/mktows.xjb" "$source/build.sh"; echo "$wsdl"; } | sha256sum)
cd "$workdir"
if [ -d classes ] && [ "$(cat stamp 2>/dev/null)" = "$stamp" ]; then
    exit 0
fi
rm -rf stamp stubs impl classes
mkdir stubs impl classes
echo "$wsdl" >mktows.wsdl

wsimport -quiet -Xnocompile -generateJWS -implDestDir impl -b "$source/mktows.xjb" -s stubs -d stubs mktows.wsdl
# The class that wsimport makes to be filled in answers with nothing; the operations left as they are shall fail.
stub=impl/com/marketo/mktows/MktMktowsApiService_MktowsApiSoapPortImpl.java
sed -i 's/return null;/throw new UnsupportedOperationException();/' "$stub"
# The manifest of jaxws-rt.jar names all the jars that it needs.
javac -nowarn -encoding UTF-8 -cp /usr/share/java/jaxws-rt.jar -sourcepath stubs -d classes "$stub" "$source"/*.java
echo "$stamp" >stamp
