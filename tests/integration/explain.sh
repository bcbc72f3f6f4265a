#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# explain.sh TLSGAUGE: what `tlsgauge explain` says of captured hellos, and whether it is true: each
# change that it names is made, to the bytes of the hello or to the options, and asked again.
set -euo pipefail
tlsgauge=$1
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
corpus=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../corpus/client_hello" && pwd)
single=azure-postgresql-single-server

# account NAME OPTION... HELLO: leaves $SERVERS/NAME.json, and sets $status.
account() {
	local name=$1
	shift
	status=0
	timeout 60 "$tlsgauge" explain --format json "$@" >"$SERVERS/$name.json" \
		2>"$SERVERS/$name.err" </dev/null || status=$?
}

# said NAME FILTER: a member of it.
said() {
	jq -r "$2" "$SERVERS/$1.json"
}

# ruling NAME: the ruling with its question mark.
ruling() {
	said "$1" '.expected | .ruling + (if .inferred then "?" else "" end)'
}

# The hello as `hello decode` prints it, with one flip ($flip) made; $choice of the suites comes.
# shellcheck disable=SC2016 # of jq
edit='
def code: {"SSLv2": "0002", "SSLv3": "0300", "TLS1.0": "0301", "TLS1.1": "0302", "TLS1.2": "0303",
	"TLS1.3": "0304"}[.];
def byte: . as $n | "0123456789abcdef" as $d | ($d[$n / 16 | floor:][:1]) + ($d[$n % 16:][:1]);
($flip.drop_suites | map(.suite_code)) as $gone
| ($offer - $flip.drop_versions + $flip.add_versions | map(code)) as $versions
| .cipher_suites |= map(select(. as $suite | $gone | index($suite) | not))
| .cipher_suites += [$flip.add_one_of[$choice].suite_code | select(.)]
| if ($flip.drop_versions + $flip.add_versions) == [] then .
  elif $flip.client_version then .legacy_version = "0x" + ($flip.client_version | code)
  else .has_extensions = true
	| .extensions |= map(select(.type != 43))
	| .extensions += [{"type": 43, "name": "supported_versions",
		"length": (1 + 2 * ($versions | length)),
		"data": ((2 * ($versions | length) | byte) + ($versions | add))}]
  end'

# hello_edited HELLO FLIP CHOICE: the digits of the edited hello; FLIP is the index in account.json.
hello_edited() {
	"$tlsgauge" hello decode --format json "$1" |
		jq -c --argjson flip "$(said account ".flips[$2]")" --argjson choice "$3" \
			--argjson offer "$(said account .offer.versions)" "$edit" |
		"$tlsgauge" hello encode --hex
}

# option_of FLIP: the option that makes the change of a setting.
option_of() {
	said account ".flips[$1]
		| if .change == \"setting\" then \"--set=\" + .setting + \"=\" + .value
		  elif .change == \"strict\" then \"--strict\"
		  else .condition end"
}

# flips_are_true WHAT HELLO OPTION...: every flip of the account leads where it says. A setting that
# is given is left out where another value of it is tried.
flips_are_true() {
	local what=$1 hello=$2 index choice expected option kept
	shift 2
	account account "$@" "$hello"
	equal "$what: explained" 0 "$status"
	for ((index = 0; index < $(said account '.flips | length'); index++)); do
		said account ".flips[$index]" >"$SERVERS/flip.json"
		expected=$(ruling flip)
		if [ "$(said account ".flips[$index].change")" != hello ]; then
			option=$(option_of "$index")
			mapfile -t kept < <(printf '%s\n' "$@" | grep -vF -- "${option%=*}=")
			account turned "${kept[@]}" "$option" "$hello"
			equal "$what: $option" "$expected" "$(ruling turned)"
			continue
		fi
		for ((choice = 0; choice == 0 || choice < \
			$(said account ".flips[$index].add_one_of | length"); choice++)); do
			account turned "$@" --hex "$(hello_edited "$hello" "$index" "$choice")"
			equal "$what: flip $index, choice $choice" "$expected" "$(ruling turned)"
		done
	done
}

captured_hellos() {
	local name
	for name in psql15-max12 psql15-min10-max10 psql15-cipherstring-azure4 psql15-min13 \
		go119-tls; do
		flips_are_true "$name" "$corpus/d12-$name.bin" --policy=$single \
			--set=minimum_tls_version=TLS1_2
		holds "$name: it has flips" [ "$(said account '.flips | length')" -gt 0 ]
	done
	flips_are_true 'a minimum too high' "$corpus/d12-psql15-cipherstring-azure4.bin" \
		--policy=azure-postgresql-flexible-server --set=ssl_min_protocol_version=TLSv1.3
	equal 'a minimum too high: rejected' reject "$(ruling account)"
	equal 'a minimum too high: every lower one turns it' 3 \
		"$(said account '[.flips[] | select(.change == "setting")] | length')"
}

# The four suites under each value of the setting, and one hello that has none of them.
four_suites() {
	local value
	for value in TLSEnforcementDisabled TLS1_0 TLS1_1 TLS1_2; do
		account four --policy $single --set "minimum_tls_version=$value" \
			"$corpus/d12-psql15-cipherstring-azure4.bin"
		equal "four suites, $value" accept "$(ruling four)"
		equal "four suites, $value: by their row" \
			'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 accept' \
			"$(said four .expected.row.text)"
		account old --policy $single --set "minimum_tls_version=$value" \
			"$corpus/d12-psql15-min10-max10.bin"
		equal "no such suite, $value" 'reject * reject' \
			"$(said old '.expected | .ruling + " " + .row.text')"
	done
	account old --policy $single --set minimum_tls_version=TLS1_0 \
		"$corpus/d12-psql15-min10-max10.bin"
	equal 'a version without a suite: a conflict, with both sections' \
		'conflict: TLS settings, against Cipher suite supported' \
		"$(said old '.versions[] | select(.version == "TLS1.0") | .expected
			| .ruling + ": " + .cite + ", against " + .against.cite')"
}

forms() {
	local hello=$corpus/d12-go119-tls.bin form
	account file --policy $single "$hello"
	"$tlsgauge" hello decode "$hello" >"$SERVERS/annotated"
	"$tlsgauge" hello decode --format json "$hello" >"$SERVERS/objects"
	od -An -tx1 "$hello" >"$SERVERS/digits"
	tail -c +6 "$hello" >"$SERVERS/bare"
	for form in annotated objects digits bare; do
		account "$form.account" --policy $single "$SERVERS/$form"
		equal "$form: the same account" "$(said file 'del(.file, .form)')" \
			"$(said "$form.account" 'del(.file, .form)')"
	done
	cat "$SERVERS"/{objects,objects} >"$SERVERS/two"
	account two --policy $single "$SERVERS/two"
	equal 'two objects: two accounts' "$SERVERS/two $SERVERS/two, hello 2" \
		"$(said two .file | xargs)"
}

contradictions() {
	cat >"$SERVERS/two-minds.policy" <<-'END'
		policy two-minds
		table suite cite "Here"
		  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 accept
		  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 accept
		table suite cite "There"
		  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 reject
		  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 reject
	END
	local hello=$corpus/d12-openssl30-starttls-tls12-ECDHE-RSA.bin
	flips_are_true 'a conflict' "$hello" --policy="$SERVERS/two-minds.policy"
	equal 'a conflict: the ruling' conflict "$(ruling account)"
	equal 'a conflict: both rows' 'Here: line 4, There: line 7' \
		"$(said account '.expected | .cite + ": line " + (.row.line | tostring) + ", "
			+ .against.cite + ": line " + (.against.row.line | tostring)')"
	equal 'a conflict: strict turns it' reject \
		"$(said account '.flips[] | select(.change == "strict") | .expected.ruling')"
}

malformed() {
	local name=case-extensions.twice-alpn-TLS1.0.bin
	account bad --policy $single "$corpus/$name"
	equal 'malformed: explained' 0 "$status"
	equal 'malformed: the alert that is demanded' 'false 100 illegal_parameter' \
		"$(said bad '"\(.ok) \(.error.offset) \(.alert)"')"
	account cut --policy $single --hex 16030100050100
	equal 'cut short: not explained' 2 "$status"
	equal 'cut short: says where' \
		"tlsgauge explain: '--hex', offset 7: record ends before it is complete" \
		"$(cat "$SERVERS/cut.err")"
	printf '\324\303\262\241\2\0\4\0' >"$SERVERS/capture.pcap"
	account capture --policy $single "$SERVERS/capture.pcap"
	equal 'a capture: not explained' 2 "$status"
	holds 'a capture: and named so' grep -q "capture.pcap': is a capture" "$SERVERS/capture.err"
}

sslv2() {
	local kinds='80 2e 01 00 02 00 15 00 00 00 10 01 00 80 02 00 80 03 00 80 04 00 80 05 00 80
		06 00 40 07 00 c0 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f'
	account sslv2 --policy $single --set minimum_tls_version=TLS1_2 --hex "$kinds"
	equal 'SSLv2: offered alone' '["SSLv2"]' "$(said sslv2 '.offer.versions | tojson')"
	equal 'SSLv2: rejected by the suites that are listed' 'reject * reject' \
		"$(said sslv2 '.expected | .ruling + " " + .row.text')"
	printf 'policy relic\ntable version\n  SSLv2 accept\n  * reject\n' >"$SERVERS/relic.policy"
	account sslv2 --policy "$SERVERS/relic.policy" --hex "$kinds"
	equal 'SSLv2: silent about kinds without a row' silent "$(ruling sslv2)"
}

captured_hellos
four_suites
forms
contradictions
malformed
sslv2
finish
