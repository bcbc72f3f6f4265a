#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# explain.sh TLSGAUGE: what `tlsgauge explain` says of captured hellos, and whether it is true: each
# change that it names is made, to the bytes of the hello or to the options, and asked again. The
# packets that Wireshark's tools and tlsgauge write have the same accounts as the bytes in them.
set -euo pipefail
tlsgauge=$1
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
for tool in text2pcap editcap mergecap dumpcap; do
	server_needs $tool wireshark-common
done
server_needs tshark tshark
server_needs node nodejs
corpus=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../corpus/client_hello" && pwd)
single=azure-postgresql-single-server

# account NAME OPTION... HELLO: leaves $SERVERS/NAME.json, and sets $status.
account() {
	local name=$1
	shift
	status=0
	timeout 60 "$tlsgauge" explain --format json "$@" >"$SERVERS/$name.json" \
		2>"$SERVERS/$name.err" </dev/null || status=$?
	cat "$SERVERS/$name.json" >>"$SERVERS/every.jsonl"
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

# same_account WHAT EXPECTED CAPTURE N: the N-th hello of a capture has the account EXPECTED, which
# is that of its bytes.
same_account() {
	account packets --policy $single --hello "$4" "$3"
	equal "$1: the account of its bytes" "$(said "$2" 'del(.file)')" \
		"$(said packets 'del(.file, .captured)')"
}

# dump_of FILE DIRECTION: its bytes as text2pcap reads packets of 100 bytes.
dump_of() {
	local at size
	size=$(stat -c %s "$1")
	for ((at = 0; at < size; at += 100)); do
		printf '%s\n' "$2"
		tail -c +$((at + 1)) "$1" | head -c 100 | od -Ax -tx1
	done
}

# The hello of a real client behind an SSLRequest, as packets that Wireshark's tools write.
dumped_packets() {
	local hello=$corpus/d12-go119-tls.bin form
	account bytes --policy $single "$hello"
	printf '\0\0\0\10\4\322\026\057' >"$SERVERS/request"
	printf S >"$SERVERS/answer"
	{
		dump_of "$SERVERS/request" I
		dump_of "$SERVERS/answer" O
		dump_of "$hello" I
	} >"$SERVERS/dump"
	text2pcap -q -D -T 40000,5432 "$SERVERS/dump" "$SERVERS/v4.pcapng"
	text2pcap -q -D -6 2001:db8::1,2001:db8::2 -T 40000,5432 "$SERVERS/dump" \
		"$SERVERS/v6.pcapng"
	text2pcap -q -D -E rawip4 -4 10.0.0.1,10.0.0.2 -T 40000,5432 "$SERVERS/dump" \
		"$SERVERS/raw.pcapng"
	for form in pcap nsecpcap; do
		editcap -F $form "$SERVERS/v4.pcapng" "$SERVERS/$form.pcapng"
	done
	# The same packets once more, and of three interfaces at once.
	mergecap -a -w "$SERVERS/twice.pcapng" "$SERVERS"/{v4,v4}.pcapng
	mergecap -w "$SERVERS/mixed.pcapng" "$SERVERS"/{v6,v4,raw}.pcapng
	for form in v4 v6 raw pcap nsecpcap twice mixed; do
		same_account "packets, $form" bytes "$SERVERS/$form.pcapng" 1
		equal "packets, $form: behind the SSLRequest" 8 \
			"$(said packets .captured.bytes_before)"
	done
	same_account 'packets, mixed: the third' bytes "$SERVERS/mixed.pcapng" 3
	equal 'the ends' '[2001:db8::1]:40000 10.1.1.1:40000 10.0.0.1:40000' "$(
		"$tlsgauge" explain --policy $single --format json "$SERVERS/mixed.pcapng" |
			jq -r .captured.client | LC_ALL=C sort -r | xargs
	)"
}

# first_payloads FILE PORT: what each client sent first that could be a hello, as tshark has it.
first_payloads() {
	local hello='(tcp.payload[0:2] == 16:03 || tcp.payload[0:1] == 80)'
	tshark -r "$1" -Y "tcp.dstport == $2 && $hello" -T fields -e tcp.stream -e tcp.payload \
		2>"$SERVERS/tshark.err" | sort -n -s -u -k1,1 | cut -f 2
}

# same_accounts WHAT FILE PORT: all hellos of a capture have the accounts of what tshark finds.
same_accounts() {
	local what=$1 payloads expected got
	mapfile -t payloads < <(first_payloads "$2" "$3")
	holds "$what: tshark finds hellos (${#payloads[@]})" [ ${#payloads[@]} -gt 0 ]
	expected=$("$tlsgauge" explain --policy $single --format json "${payloads[@]/#/--hex=}" |
		jq -c 'del(.file)')
	got=$("$tlsgauge" explain --policy $single --format json "$2" |
		jq -c 'del(.file, .captured)')
	equal "$what: the accounts of their bytes" "$expected" "$got"
}

own_packets() {
	local ended=0
	"$tlsgauge" check --policy $single --set minimum_tls_version=TLS1_2 --set cloud=Public \
		--set ssl_enforcement=Enabled --only 'version/*' --pcap "$SERVERS/own.pcapng" \
		>"$SERVERS/own.out" 2>&1 || ended=$?
	equal 'a run with its packets' 0 "$ended"
	same_accounts 'our packets' "$SERVERS/own.pcapng" \
		"$(tshark -r "$SERVERS/own.pcapng" -c 1 -T fields -e tcp.dstport 2>/dev/null)"
	account own --policy $single "$SERVERS/own.pcapng"
	holds 'our packets: SSLv2 among them' grep -q '"form": *"sslv2"' "$SERVERS/own.json"
}

# capture NAME OPTION...: starts dumpcap, which writes $SERVERS/NAME.capture; fails if it may not.
capture() {
	local name=$1 tick
	shift
	# A script that is killed takes it along.
	setpriv --pdeathsig TERM -- dumpcap -q "$@" -f "tcp port $port" -a duration:60 \
		-w "$SERVERS/$name.capture" >"$SERVERS/$name.log" 2>&1 &
	dumping+=($!)
	for ((tick = 0; tick < 200; tick++)); do
		! grep -qs '^File: ' "$SERVERS/$name.log" || return 0
		kill -0 $! 2>/dev/null || return 1
		sleep 0.05
	done
	return 1
}

# Real clients, captured by those who may: Ethernet, and both of Linux's cooked forms.
live_packets() {
	local port dumping=() name
	server_start database postgres config=legacy
	port=$(server_port database)
	if ! { capture ether -i lo && capture cooked -i any -y LINUX_SLL -P &&
		capture cooked2 -i any -y LINUX_SLL2; }; then
		[ ${#dumping[@]} -eq 0 ] || kill "${dumping[@]}" 2>/dev/null || true
		printf 'left out: dumpcap may not capture here: %s\n' \
			"$(cat "$SERVERS"/{ether,cooked,cooked2}.log 2>/dev/null | tail -n 1)"
		return
	fi
	psql "host=127.0.0.1 port=$port user=postgres sslmode=require connect_timeout=10" -w -c '' \
		>"$SERVERS/psql.out" 2>&1 </dev/null || true
	OPENSSL_CONF=/dev/null timeout 20 openssl s_client -connect "127.0.0.1:$port" \
		-starttls postgres -servername db.example.org -no_tls1_3 </dev/null \
		>"$SERVERS/client.out" 2>&1 || true
	sleep 0.5
	kill -INT "${dumping[@]}"
	wait "${dumping[@]}" || true
	for name in ether cooked cooked2; do
		same_accounts "captured, $name" "$SERVERS/$name.capture" "$port"
	done
	account live --policy $single "$SERVERS/ether.capture"
	equal 'captured: the name that the client asked for' db.example.org \
		"$(said live '.captured.server_name | select(.)')"
	equal 'captured: behind the SSLRequest' 8 \
		"$(said live .captured.bytes_before | sort -u)"
}

captured_hellos
four_suites
forms
dumped_packets
own_packets
live_packets
contradictions
malformed
sslv2
holds 'every line fits the schema' env "VALIDATORS=$("$corpus/../../scripts/validators")" \
	node "$corpus/../../tests/validators/validate.mjs" explain "$SERVERS/every.jsonl"
finish
