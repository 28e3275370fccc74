#!/usr/bin/env bash
# Makes the stubs out of the server's WSDL, compiles, and runs the program.
set -euo pipefail
cd "$(dirname "$0")"
endpoint=${LEADKEEP_ENDPOINT:-http://127.0.0.1:8080/soap/mktows/3_1}
source=$PWD
build=${BUILD:-build}
rm -rf "$build" && mkdir -p "$build" && cd "$build"
wsdl2h -O2 -o api.h "$endpoint?WSDL" >wsdl2h.log 2>&1 || { cat wsdl2h.log; exit 1; }
soapcpp2 -C -j -x -I/usr/share/gsoap/import api.h >soapcpp2.log 2>&1 || { cat soapcpp2.log; exit 1; }
g++ -std=c++17 -O0 -w -I. "$source/examples.cpp" soapC.cpp soapMktowsApiSoapBindingProxy.cpp -lgsoap++ -lcrypto -o examples
./examples
