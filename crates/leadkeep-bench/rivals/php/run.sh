#!/usr/bin/env bash
# run.sh PORT WORKDIR: serves on 127.0.0.1:PORT with php-fpm behind nginx, until it gets a signal or one of them ends.
set -euo pipefail
PATH=$PATH:/usr/sbin
here=$(cd "$(dirname "$0")" && pwd)
port=$1
workdir=$(cd "$2" && pwd)

for file in nginx.conf php-fpm.conf; do
    sed -e "s|@PORT@|$port|" -e "s|@WORKDIR@|$workdir|" -e "s|@WORKERS@|$(nproc)|" "$here/$file" >"$workdir/$file"
done
export RIVAL_WORKDIR=$workdir
# The empty part before the colon stands for the system's own folder.
export PHP_INI_SCAN_DIR=:$workdir/ini
options=(--nodaemonize --fpm-config "$workdir/php-fpm.conf")
globals=
if [[ $(id -u) == 0 ]]; then
    # Both stay root: others may not get into the folder.
    options+=(--allow-to-run-as-root)
    sed -i '/^\[rival\]/a user = root\ngroup = root' "$workdir/php-fpm.conf"
    globals='user root root;'
fi

rm -f "$workdir/php-fpm.sock"
trap 'trap - EXIT; kill $(jobs -p) 2>/dev/null; wait' EXIT
trap 'exit 0' TERM INT
# php-fpm leaves the process group for a session of its own, so it would outlive a kill of the group: the kernel tells
# it that this script has ended.
guard=(setpriv --pdeathsig TERM)
"${guard[@]}" php-fpm8.2 "${options[@]}" &
for _ in {1..100}; do
    [[ -S $workdir/php-fpm.sock ]] && break
    sleep 0.1
done
"${guard[@]}" nginx -p "$workdir" -c "$workdir/nginx.conf" -e "$workdir/nginx.log" -g "$globals" &
wait -n
