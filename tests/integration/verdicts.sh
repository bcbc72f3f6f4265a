#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# verdicts.sh TLSGAUGE: the Single Server policy against a PostgreSQL that keeps it, against others
# that break it in one respect each, and against endpoints from which nothing can be learned.
set -euo pipefail
tlsgauge=$1
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# expect NAME STATUS [ID...]: the run NAME ended so and these ids, sorted, are all that failed.
expect() {
	local name=$1 wanted=$2
	shift 2
	equal "$name: exit status" "$wanted" "$status"
	equal "$name: what failed" "$(printf '%s\n' "$@")" "$(ids "$name" fail)"
	[ "$status" = "$wanted" ] || explain "$name"
}

# judged NAME STATUS 'ID...' OPTION...: a PostgreSQL with these options, judged and stopped.
judged() {
	local name=$1 wanted=$2 failing=$3
	shift 3
	server_start "$name" postgres config=policy "$@"
	check "$name" "$(server_url "$name")" "${SINGLE_SERVER[@]}"
	# shellcheck disable=SC2086 # a list of ids
	expect "$name" "$wanted" $failing
	server_stop "$name"
}

# learned_nothing NAME OPTION...: exit 3, no cell passes, none fails.
learned_nothing() {
	local name=$1
	shift
	server_start "$name" broken "$@"
	check "$name" "$(server_url "$name")" "${SINGLE_SERVER[@]}" --timeout 300 --retries 0
	expect "$name" 3
	equal "$name: nothing passes" '' "$(ids "$name" pass)"
	server_stop "$name"
}

# dies NAME HOW AFTER: a conforming server that stops answering halfway was not proven to conform;
# what it did not answer is no reason to fail it either.
dies() {
	local name=$1
	server_start "$name" broken how="$2" after="$3" backend="$(server_port backend)"
	check "$name" "$(server_url "$name")" "${SINGLE_SERVER[@]}" --timeout 300 --retries 1
	expect "$name" 3
	server_stop "$name"
}

# refused_sometimes NAME STATUS 'ID...' PORT SEED SHARE: the right answer, or status 3 and no
# wrong one.
refused_sometimes() {
	local name=$1 wanted=$2 failing=$3 wrong
	server_start "$name" broken how=refusing backend="$4" seed="$5" share="$6"
	check "$name" "$(server_url "$name")" "${SINGLE_SERVER[@]}"
	wrong=$(ids "$name" fail | grep -vxF "${failing:-none}" || true)
	equal "$name: nothing fails wrongly" '' "$wrong"
	if [ "$status" = 3 ]; then
		pass "$name: status 3"
	else
		# shellcheck disable=SC2086 # a list of ids
		expect "$name" "$wanted" $failing
	fi
	server_stop "$name"
}

four=$SERVER_FOUR
three=ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-SHA384
rsa_gcm=suite/TLS1.2/TLS_RSA_WITH_AES_128_GCM_SHA256
ecdhe_cbc=TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA

judged conforming 0 ''
judged extra-suite 1 "$rsa_gcm" suites="$four:AES128-GCM-SHA256"
judged missing-suite 1 suite/TLS1.2/TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256 suites="$three"
judged plaintext-allowed 1 plaintext hba=host
# The four suites exist in TLS 1.2 only: a server with TLS 1.1 has a suite for it, at both versions.
judged tls1.1-allowed 1 "suite/TLS1.1/$ecdhe_cbc suite/TLS1.2/$ecdhe_cbc version/TLS1.1" \
	min=TLSv1.1 suites="$four:ECDHE-RSA-AES128-SHA:@SECLEVEL=0"

# Without TLS no cell that must be accepted can pass.
server_start no-tls postgres config=policy ssl=off
check no-tls "$(server_url no-tls)" "${SINGLE_SERVER[@]}"
equal 'no-tls: exit status is neither 0 nor 2' yes "$([[ $status == [13] ]] && echo yes)"
equal 'no-tls: no TLS cell passes as accepted' '' "$(findings no-tls \
	'select(.verdict == "pass" and (.expected.ruling // .expected.outcome) == "accept"
		and .kind != "plaintext") | .id')"
server_stop no-tls

learned_nothing stopped how=closed
learned_nothing hung how=hung
learned_nothing half-open how=half-open

server_start backend postgres config=policy
server_start deviating postgres config=policy suites="$four:AES128-GCM-SHA256"
for seed in 1 2 3; do
	refused_sometimes "refusing-$seed" 0 '' "$(server_port backend)" "$seed" 0.05
	refused_sometimes "deviating-$seed" 1 "$rsa_gcm" "$(server_port deviating)" "$seed" 0.05
done
refused_sometimes 'refusing often' 0 '' "$(server_port backend)" 1 0.3
refused_sometimes 'deviating, refusing often' 1 "$rsa_gcm" "$(server_port deviating)" 1 0.3
for after in 1 10 20 30; do
	dies "choking-$after" choking "$after"
done
dies dying dying 20
finish
