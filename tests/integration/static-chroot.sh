#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# static-chroot.sh TLSGAUGE: the static executable, alone in an empty root directory, proves its
# embedded endpoint, and a PostgreSQL whose name it asks a name server for.
set -euo pipefail
tlsgauge=$1
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

empty=$SERVERS/empty
enter=(chroot)
[ "$(id -u)" -eq 0 ] || enter=(unshare --map-root-user chroot)

# inside WHAT ARGUMENT...: expects status 0 of tlsgauge in the empty root.
inside() {
	local what=$1 ended=0
	shift
	timeout 120 "${enter[@]}" "$empty" /tlsgauge "$@" >"$SERVERS/inside.log" 2>&1 </dev/null ||
		ended=$?
	equal "$what: exit status" 0 "$ended"
	[ "$ended" -eq 0 ] || tail -20 "$SERVERS/inside.log"
}

mkdir "$empty"
cp "$tlsgauge" "$empty/tlsgauge"
if readelf --program-headers "$tlsgauge" | grep -q INTERP; then
	fail 'the executable is not static'
	finish
fi
equal 'the executable is stripped' '' "$(nm "$tlsgauge" 2>/dev/null)"

inside 'embedded endpoint' check
server_start names dns name=db.test
server_start database postgres config=policy
inside 'a name that a name server knows' check \
	"postgresql://db.test:$(server_port database)" "${SINGLE_SERVER[@]}" \
	--resolver "127.0.0.1:$(server_port names)"
finish
