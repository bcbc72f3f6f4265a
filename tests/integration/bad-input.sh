#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# bad-input.sh TLSGAUGE: what cannot be read ends with status 2 and one sentence that names it,
# before anything is sent; a host that cannot be found or reached ends with status 3.
set -euo pipefail
tlsgauge=$1
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# refuses WHAT NAMED ARGUMENT...: status 2, one sentence on stderr that holds NAMED.
refuses() {
	local what=$1 named=$2
	shift 2
	check refused "$@"
	equal "$what: exit status" 2 "$status"
	equal "$what: one sentence" 1 "$(wc -l <"$SERVERS/refused.err")"
	holds "$what: names '$named'" grep -qF -- "$named" "$SERVERS/refused.err"
	[ "$(wc -l <"$SERVERS/refused.err")" = 1 ] || cat "$SERVERS/refused.err"
}

# unreachable WHAT TARGET OPTION...: status 3.
unreachable() {
	local what=$1 target=$2
	shift 2
	check unreached "$target" "${SINGLE_SERVER[@]}" --timeout 1000 --retries 0 "$@"
	equal "$what: exit status" 3 "$status"
	equal "$what: nothing passes or fails" '' "$(ids unreached pass)$(ids unreached fail)"
}

server_start watched broken how=hung
url=$(server_url watched)
policy=azure-postgresql-single-server
printf 'policy broken\ntable version\n  TLS9.9 accept\n' >"$SERVERS/broken.policy"

refuses 'unknown policy' no-such-policy "$url" --policy no-such-policy
refuses 'unknown setting' minimum_tls_versoin "$url" --policy $policy \
	--set minimum_tls_versoin=TLS1_2
refuses 'unknown value' TLS1_22 "$url" --policy $policy --set minimum_tls_version=TLS1_22
refuses 'no value' minimum_tls_version "$url" --policy $policy --set minimum_tls_version
refuses 'broken policy' 'broken.policy:3:' "$url" --policy "$SERVERS/broken.policy"
refuses 'missing policy file' no-such.policy "$url" --policy ./no-such.policy
refuses 'no policy' policy "$url"
refuses 'port out of range' 70000 postgresql://127.0.0.1:70000 "${SINGLE_SERVER[@]}"
refuses 'port zero' 127.0.0.1:0 postgresql://127.0.0.1:0 "${SINGLE_SERVER[@]}"
refuses 'unknown scheme' gopher gopher://127.0.0.1:70 "${SINGLE_SERVER[@]}"
refuses 'two values of a setting' TLS1_1 "$url" "${SINGLE_SERVER[@]}" \
	--set minimum_tls_version=TLS1_1
refuses 'two values of an option' --timeout "$url" "${SINGLE_SERVER[@]}" --timeout 1 --timeout 2
refuses 'quiet and verbose' -q "$url" "${SINGLE_SERVER[@]}" -q -v
refuses 'unknown option' --no-such-option "$url" "${SINGLE_SERVER[@]}" --no-such-option
refuses 'unknown report format' nosuch "$url" "${SINGLE_SERVER[@]}" --report nosuch
refuses 'no number' many "$url" "${SINGLE_SERVER[@]}" --timeout many
refuses 'strength out of range' "'--strength 4'" "$url" "${SINGLE_SERVER[@]}" --strength 4
refuses 'strength without a policy' --policy "$url" --cases all --strength 2
refuses 'missing CA file' no-such.pem "$url" "${SINGLE_SERVER[@]}" --ca no-such.pem
equal 'nothing was sent' 0 "$(wc -l <"$SERVERS/watched.log")"

server_start names dns name=db.test
server_start closed broken how=closed
unreachable 'unresolvable host' postgresql://nowhere.test:5432 \
	--resolver "127.0.0.1:$(server_port names)"
unreachable 'resolver that is not there' postgresql://db.test:5432 \
	--resolver "127.0.0.1:$(server_port closed)"
unreachable 'closed port' "$(server_url closed)"
finish
