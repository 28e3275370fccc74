#!/usr/bin/env bash
# build.sh WSDL WORKDIR: copies what PHP serves to WORKDIR and checks that PHP and nginx are there.
set -euo pipefail
PATH=$PATH:/usr/sbin
here=$(cd "$(dirname "$0")" && pwd)
wsdl=$1
mkdir -p "$2"
workdir=$(cd "$2" && pwd)

missing() {
    echo "rivals/php: $1 is missing: install the Debian package $2" >&2
    exit 3
}
type -P php-fpm8.2 >/dev/null || missing php-fpm8.2 php8.2-fpm
type -P nginx >/dev/null || missing nginx nginx-light
modules=$(php-fpm8.2 -m)
grep -qx soap <<<"$modules" || missing "PHP's soap" php8.2-soap
grep -qx apcu <<<"$modules" || missing "PHP's apcu" php8.2-apcu
grep -qx 'Zend OPcache' <<<"$modules" || missing "PHP's opcache" php8.2-opcache

stamp=$(cat "$here"/* "$wsdl" | sha256sum)
[[ $(cat "$workdir/stamp" 2>/dev/null) == "$stamp" ]] && exit 0
# Without this, PHP would take the parsed WSDL of before for a day.
rm -f "$workdir/stamp" "$workdir"/wsdl-*
mkdir -p "$workdir/ini"
cp "$here/server.php" "$workdir/server.php"
cp "$here/settings.ini" "$workdir/ini/settings.ini"
cp "$wsdl" "$workdir/leadkeep.wsdl"
echo "$stamp" >"$workdir/stamp"
