#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# strength.sh TLSGAUGE: `check --strength`. Whatever combination of a hello's parameters is asked
# with, an intact endpoint rules the same; of a broken one the parameter is named that breaks it.
set -euo pipefail
tlsgauge=$1
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

hellos=(--only 'hello/*' --timeout 500)

# reason NAME ID: why the finding is as it is, without how often.
reason() {
	jq -r --arg id "$2" '.findings[] | select(.id == $id) | .reason' "$SERVERS/$1.json" |
		sed -E 's/ in [0-9]+ of [0-9]+ hellos/ in N hellos/'
}

# Defect, and what is said of it. With them, every other finding passes.
declare -A causes=(
	[unknown-extensions]='whenever unknown_extension is not none'
	[unknown-suites]='whenever unknown_suite is not none'
	[many-suites]='whenever unknown_suite=150-first'
	[unknown-groups]='whenever supported_groups=unknown-first'
	[big-hellos]='whenever padding=4096'
	[256-to-511]='whenever the ClientHello is 256 to 511 bytes long'
	[no-server-name]='whenever server_name=absent'
	[padding]='whenever padding is not none'
	[status-request]='whenever status_request=present'
	[supported-versions]='whenever supported_versions=present'
	[session-ids]='whenever session_id is not none'
	[compression]='whenever compression is not null'
	[signalling-suites]='whenever renegotiation is not extension'
	[fragments]='whenever fragmentation is not none'
	[record-version]='whenever record_version=3.3'
)
causes[grease]='whenever grease_suite is not none; whenever grease_group=first; '`
	`'whenever grease_extension is not none'
causes[unknown-schemes]='whenever signature_algorithms=unknown-first; '`
	`'whenever signature_algorithms=grease-first'

# ask NAME DEFECT: a broken reference endpoint, asked with every pair.
ask() {
	server_start "$1" reference set=minimum_tls_version=TLS1_2 "defect=$2"
	check "$1" "$(server_url "$1")" "${SINGLE_SERVER[@]}" --sni localhost --strength 2 \
		"${hellos[@]}"
	server_stop "$1"
	equal "$2: exit status" 1 "$status"
	equal "$2: what else does not pass" hello/accept/TLS1.2 \
		"$(findings "$1" 'select(.verdict != "pass") | .id')"
}

broken() {
	local name
	for name in "${!causes[@]}"; do
		ask "$name" "intolerant-of-$name"
		equal "$name is named" \
			"must be accepted, but is not in N hellos: ${causes[$name]}" \
			"$(reason "$name" hello/accept/TLS1.2)"
	done
	# Where something else may stand last as well, each of these is named with what it takes.
	ask last intolerant-of-empty-last-extension
	holds 'empty-last-extension is named' \
		grep -q 'whenever order=empty-last' <(reason last hello/accept/TLS1.2)
	ask order intolerant-of-order
	holds 'order is named' grep -q 'order=descending' <(reason order hello/accept/TLS1.2)
	ask tickets intolerant-of-tickets
	holds 'tickets are named' grep -q 'the usual one among them; it is accepted: whenever '`
		`'session_ticket=absent$' <(reason tickets hello/accept/TLS1.2)
}

# The hello that the finding shows has nothing unusual but its cause.
evidence() {
	local hex
	hex=$(jq -r '.findings[] | select(.verdict == "fail") | .remarks[0]' \
		"$SERVERS/status-request.json" | sed 's/.*asked with //')
	"$tlsgauge" hello decode --format json - <<<"$hex" >"$SERVERS/shown.json"
	equal 'evidence: a hello of one suite' 1 \
		"$(jq '.cipher_suites | length' "$SERVERS/shown.json")"
	equal 'evidence: with the extension' status_request \
		"$(jq -r '.extensions[].name' "$SERVERS/shown.json" | grep status)"
	equal 'evidence: and no other that is unusual' 9 \
		"$(jq '.extensions | length' "$SERVERS/shown.json")"
}

intact() {
	local strength
	server_start intact reference set=minimum_tls_version=TLS1_2
	for strength in 1 2 3; do
		check "intact-$strength" "$(server_url intact)" "${SINGLE_SERVER[@]}" \
			--strength "$strength" "${hellos[@]}"
		equal "intact, strength $strength: exit status" 0 "$status"
		equal "intact, strength $strength: every version" \
			'accept/TLS1.2 reject/TLS1.0 reject/TLS1.1 reject/TLS1.2' \
			"$(ids "intact-$strength" pass | sed 's,^hello/,,' | xargs)"
	done
	check whole "$(server_url intact)" "${SINGLE_SERVER[@]}" --strength 1 --evidence
	equal 'beside the cells: exit status' 0 "$status"
	equal 'beside the cells: both are judged' 'hello suite version' \
		"$(findings whole .kind | grep -E '^(hello|suite|version)$' | xargs)"
	equal 'beside the cells: the bytes are there' true \
		"$(jq '[.findings[] | select(.kind == "hello") | has("sent")] | all' \
			"$SERVERS/whole.json")"
	for strength in 1 2; do
		check "part-$strength" "$(server_url intact)" "${SINGLE_SERVER[@]}" --strength 1 \
			"${hellos[@]}" --shard "$strength/2"
	done
	equal 'two shards are the whole' "$(ids intact-1 pass)" \
		"$(ids part-1 pass | LC_ALL=C sort - <(ids part-2 pass))"
	server_stop intact
}

# What Debian's servers do: nothing that a hello's form would change.
real() {
	local server
	cat >"$SERVERS/versions.policy" <<-'END'
		policy  versions
		title   "Every version from TLS 1.0 up"
		source  "strength.sh" 2026-11-29
		over    tls
		table   version cite "versions"
		        TLS1.0  accept
		        TLS1.1  accept
		        TLS1.2  accept
		        TLS1.3  accept
		table   suite cite "suites"
		        TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA  accept
		        TLS_AES_128_GCM_SHA256              accept
		        TLS_RSA_WITH_RC4_128_SHA            reject
		        TLS_RSA_WITH_RC4_128_MD5            reject
		        TLS_RSA_WITH_3DES_EDE_CBC_SHA       reject
		        TLS_AES_128_CCM_SHA256              reject
		        TLS_AES_128_CCM_8_SHA256            reject
	END
	for server in openssl nginx gnutls; do
		server_start "$server" "$server"
		# s_server and gnutls-serv keep most of many connections waiting.
		check "$server" "$(server_url "$server")" --policy "$SERVERS/versions.policy" \
			--strength 2 --only 'hello/*' --concurrency 4
		server_stop "$server"
		equal "$server: exit status" 0 "$status"
		equal "$server: accepts every form" 4 "$(ids "$server" pass | grep -c accept)"
	done
}

# Formats that are made of the same findings, and of a report that is read again.
reports() {
	local format
	for format in text html junit sarif tap markdown csv github gitlab; do
		holds "as $format" "$tlsgauge" report convert "$SERVERS/padding.json" \
			--report "$format=$SERVERS/padding.$format"
		holds "as $format: the finding is told" grep -q hello/accept/TLS1.2 \
			"$SERVERS/padding.$format"
	done
}

dry() {
	"$tlsgauge" check tls://192.0.2.1:443 "${SINGLE_SERVER[@]}" --strength 1 --dry-run \
		--only 'hello/*' >"$SERVERS/dry"
	holds 'dry run: the rows are listed' \
		grep -q 'hello/reject/TLS1.0: .*fragmentation=first-byte' "$SERVERS/dry"
	holds 'dry run: nothing is sent' grep -q 'nothing was sent' "$SERVERS/dry"
}

broken
evidence
intact
real
reports
dry
finish
