#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# html.sh TLSGAUGE: HTML reports of several runs, of a defective endpoint with evidence, and of a
# server that answers with markup: valid, and as they should be in a browser.
set -euo pipefail
tlsgauge=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../../integration/lib.sh
. "$here/../../integration/lib.sh"
server_needs chromium chromium
server_needs chromedriver chromium-driver
server_needs tidy tidy
server_needs python3 python3

# page NAME ARGUMENT...: a check, whose HTML report becomes $SERVERS/NAME.html.
page() {
	local name=$1
	shift
	check "$name" "$@" --report "html=$SERVERS/$name.html"
}

# tidy is older than some of HTML, but says nothing wrong of what is used here.
is_valid() {
	local complaints
	complaints=$(tidy -errors -quiet "$SERVERS/$1.html" 2>&1) || true
	equal "$1: tidy has no complaint" '' "$complaints"
}

page several --only '*/TLS1.2*'
server_start defective reference policy=azure-postgresql-single-server \
	set=minimum_tls_version=TLS1_2 defect=accepts-tls10
page defective "$(server_url defective)" "${SINGLE_SERVER[@]}" --cases hello,record --evidence
equal 'the defect is found' 1 "$status"
server_start hostile broken how=hostile
page hostile "$(server_url hostile)" "${SINGLE_SERVER[@]}" --evidence
for name in several defective hostile; do
	is_valid "$name"
done
holds 'the browser finds nothing wrong' timeout 400 python3 "$here/page.py" "$SERVERS" \
	"$SERVERS/several.html" "$SERVERS/defective.html" "$SERVERS/hostile.html"
finish
