#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# crash.sh TLSGAUGE: a process that dies of one case. That it did, and of which, is what is told.
set -euo pipefail
tlsgauge=$1
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

killer=case/crash.killer/TLS1.2
cat >"$SERVERS/crash.case" <<'END'
case crash.killer
  cite   "RFC 5246 7.4.1.4" MUST
  why    "what nobody knows is passed over, and kills nobody"
  at     TLS1.2
  send   client_hello { extensions add { extension 43981 { "mortal" } } }
  expect server_hello

case crash.harmless
  cite   "RFC 5246 7.4.1.4" MUST
  why    "the same, of another content"
  at     TLS1.2
  send   client_hello { extensions add { extension 43981 { "harmless" } } }
  expect server_hello
END
server_start behind nginx

# dies NAME AWAY: asked the theme of extensions, and among it the case that kills.
dies() {
	server_start "$1" mortal "backend=$(server_port behind)" "away=$2"
	check "$1" "$(server_url "$1")" --cases "extensions,$SERVERS/crash.case"
	server_stop "$1"
}

verdict_of() {
	findings "$1" "select(.id == \"$2\") | .verdict"
}

# What the same questions get without a proxy in between is what they must get with one that dies.
check alive "$(server_url behind)" --cases "extensions,$SERVERS/crash.case"

dies returning 400
equal 'comes back: exit status' 1 "$status"
equal 'comes back: the culprit fails' fail "$(verdict_of returning "$killer")"
equal 'comes back: its neighbour' pass "$(verdict_of returning case/crash.harmless/TLS1.2)"
equal 'comes back: nothing is left open' '' "$(ids returning inconclusive)"
holds 'comes back: the culprit is named' grep -q "stopped answering after '$killer'" \
	"$SERVERS/returning.json"
equal 'comes back: what fails beside it' "$(ids alive fail)" \
	"$(ids returning fail | grep -v crash.killer || true)"

dies dead -1
equal 'stays dead: exit status' 3 "$status"
equal 'stays dead: nothing fails' '' "$(ids dead fail)"
equal 'stays dead: the culprit is open' inconclusive "$(verdict_of dead "$killer")"
holds 'stays dead: the culprit is among those named' grep -q "stopped answering.*$killer" \
	"$SERVERS/dead.json"

# So soon that no control is refused: what the case met is judged, and so is the rest.
dies quick 20
equal 'restarted at once: exit status' 1 "$status"
equal 'restarted at once: the culprit fails' fail "$(verdict_of quick "$killer")"
equal 'restarted at once: its neighbour' pass "$(verdict_of quick case/crash.harmless/TLS1.2)"
finish
