#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# self-test.sh TLSGAUGE: every defect of the reference endpoint is caught by a finding that names
# the broken rule, and the intact endpoint has none.
set -euo pipefail
tlsgauge=$1
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

report=$SERVERS/self-test.json
started=$SECONDS
status=0
timeout 540 "$tlsgauge" check --self-test -q --report text --report "json=$report" || status=$?
printf '%d seconds\n' $((SECONDS - started))

defects() {
	jq -r ".defects[] | $1" "$report" | LC_ALL=C sort
}

equal 'exit status' 0 "$status"
equal 'missed' '' "$(defects 'select(.asked and (.caught | not)) | .name')"
equal 'not asked' prefers-the-last "$(defects 'select(.asked | not) | .name')"
equal 'findings of the intact endpoint' '' "$(jq -r '.intact[].findings[] | .id' "$report")"
equal 'every defect was tried' \
	"$("$tlsgauge" serve --list-defects --format json | jq -r '.[].name' | LC_ALL=C sort)" \
	"$(defects .name)"

# A glob that no defect fits would prove nothing.
status=0
"$tlsgauge" check --self-test --only 'no-such-defect' 2>/dev/null || status=$?
equal 'no defect fits: exit status' 2 "$status"
finish
