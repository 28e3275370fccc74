#!/usr/bin/env bash
# Serves the JAX-WS rival, which build.sh has put into WORKDIR, on 127.0.0.1:PORT.
# usage: run.sh PORT WORKDIR
set -euo pipefail
flags=(
    -Xms2g -Xmx2g -XX:+UseParallelGC
    # No connection is closed for being idle or for being one too many.
    -Dsun.net.httpserver.idleInterval=86400
    -Dsun.net.httpserver.maxIdleConnections=10000
    -Dsun.net.httpserver.nodelay=true
    # Debian's libraries lack a part of the monitoring, which would only cost time.
    -Dcom.sun.xml.ws.monitoring.endpoint=false
    # The name under which Debian's libraries register this has changed, of which they would warn at each start.
    -Djavax.xml.soap.SAAJMetaFactory=com.sun.xml.messaging.saaj.soap.SAAJMetaFactoryImpl
)
exec java "${flags[@]}" -cp "$2/classes:/usr/share/java/jaxws-rt.jar" Rival "$1"
