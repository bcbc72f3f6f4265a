#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# ci.sh TLSGAUGE: runs docs/ci.md's demonstration, block by block; the commands in action.yml, in
# the GitLab job and in the Kubernetes manifest; and lints the three.
set -euo pipefail
tlsgauge=$1
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
server_needs node nodejs
server_needs python3 python3
python3 -c 'import yaml' 2>/dev/null || server_die "install the Debian package python3-yaml"

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
VALIDATORS=$("$root/scripts/validators")
export VALIDATORS
work=$SERVERS/work
mkdir -p "$work/bin"
ln -s "$tlsgauge" "$work/bin/tlsgauge"
export PATH=$work/bin:$PATH
cd "$work"

# value FILE EXPRESSION: an entry of a YAML file; `docs` are its documents.
value() {
	python3 -c 'import sys, yaml
docs = list(yaml.safe_load_all(open(sys.argv[1])))
found = eval(sys.argv[2])
print("\n".join(found) if isinstance(found, list) else found)' "$@"
}

# blocks FILE DIRECTORY: the n-th ```sh block and the block behind it, as n.sh and n.expected.
blocks() {
	mkdir -p "$2"
	awk -v folder="$2" '
		/^## / { wanted = ($0 == "## A demonstration") }
		!wanted { next }
		/^```sh$/ { n++; out = folder "/" n ".sh"; next }
		/^```$/ && out { if (out ~ /sh$/) expect = n; close(out); out = ""; next }
		/^```$/ && expect { out = folder "/" expect ".expected"; expect = 0; next }
		out { print > out }' "$1"
}

# demonstrate N WHAT: runs the block, and finds each of its lines in what it said.
demonstrate() {
	local said status=0 line found=()
	said=$(bash -e "blocks/$1.sh" 2>&1 </dev/null) || status=$?
	said+=$'\n'"exit status $status"
	while IFS= read -r line; do
		found=()
		while IFS= read -r candidate; do
			# shellcheck disable=SC2053 # a pattern on purpose
			[[ $candidate != $line ]] || found+=("$candidate")
		done <<<"$said"
		[ ${#found[@]} -gt 0 ] && pass "$2: '${line:0:60}'" && continue
		fail "$2: no line is '$line'"
		printf '%s\n' "$said" | head -20
	done <"blocks/$1.expected"
}

blocks "$root/docs/ci.md" blocks
equal 'the page has its blocks' 5 "$(find blocks -name '*.sh' | wc -l)"
server_start good postgres config=flex
server_start bad postgres config=flex min=TLSv1.1
DB=$(server_url good)
export DB
demonstrate 1 'conforms'
DB=$(server_url bad)
demonstrate 2 'deviates'
demonstrate 3 'is known'
DB=$(server_url good)
demonstrate 4 'is repaired'
demonstrate 5 'is compared'

# The action: its steps with `run`, in their order, as GitHub would run them.
action=$root/action.yml
holds 'action.yml is valid' node "$VALIDATORS/node_modules/@action-validator/cli/cli.mjs" "$action"
equal 'action.yml names its steps' "Build tlsgauge
Check the endpoint
Upload to code scanning
Result" "$(value "$action" '[s["name"] for s in docs[0]["runs"]["steps"]]')"

# act TARGET: the step that asks and the step that ends; prints the last status.
act() {
	local ended=0
	rm -f output summary
	touch output summary
	env ACTION="$root" TLSGAUGE="$tlsgauge" GITHUB_OUTPUT=output GITHUB_STEP_SUMMARY=summary \
		TLSGAUGE_TARGET="$1" TLSGAUGE_POLICY=azure-postgresql-flexible-server \
		TLSGAUGE_SETTINGS=$'ssl_min_protocol_version=TLSv1.2\nrequire_secure_transport=ON' \
		bash -e -c "$(value "$action" 'docs[0]["runs"]["steps"][1]["run"]')" \
		>annotations 2>&1 </dev/null || return 90
	STATUS=$(sed -n 's/^status=//p' output) \
		bash -e -c "$(value "$action" 'docs[0]["runs"]["steps"][3]["run"]')" || ended=$?
	printf '%s\n' "$ended"
}
equal 'action: a conforming server' 0 "$(act "$(server_url good)")"
equal 'action: a deviating server' 1 "$(act "$(server_url bad)")"
holds 'action: it annotates' grep -q '^::error file=policies/' annotations
holds 'action: it writes the summary' grep -q '^# tlsgauge: FAIL' summary
holds 'action: it leaves SARIF' test -s "$(sed -n 's/^sarif=//p' output)"

# GitLab: both jobs' scripts.
job=$root/ci/gitlab/tlsgauge.gitlab-ci.yml
holds 'the GitLab job is well formed' node "$root/tests/validators/validate.mjs" gitlab "$job"
parallel=$(value "$job" 'docs[0]["tlsgauge"]["parallel"]')
for ((index = 1; index <= parallel; index++)); do
	env TLSGAUGE_TARGET="$(server_url bad)" TLSGAUGE_POLICY=azure-postgresql-flexible-server \
		TLSGAUGE_ARGUMENTS='--set require_secure_transport=ON' \
		CI_NODE_INDEX="$index" CI_NODE_TOTAL="$parallel" \
		bash -e -c "$(value "$job" 'docs[0]["tlsgauge"]["script"]')" \
		>/dev/null 2>&1 </dev/null || true
	holds "GitLab: shard $index leaves its reports" test -s "tlsgauge/shard-$index.xml"
done
ended=0
bash -e -c "$(value "$job" 'docs[0]["tlsgauge-report"]["script"]')" >/dev/null 2>&1 </dev/null ||
	ended=$?
equal 'GitLab: the joined report ends as the whole' 1 "$ended"
holds 'GitLab: the code quality report is read' \
	node "$root/tests/validators/validate.mjs" codequality tlsgauge/codequality.json

# Kubernetes: the arguments of both containers, with its variables put in as it does.
manifest=$root/ci/kubernetes/indexed-job.yaml
holds 'the manifest is valid' node "$root/tests/validators/validate.mjs" kubernetes "$manifest"
mkdir results
# pod DOCUMENT INDEX: runs the container of the n-th document with its arguments.
pod() {
	local arguments
	mapfile -t arguments < <(value "$manifest" \
		"docs[$1]['spec']['template']['spec']['containers'][0]['args']" |
		sed -e "s,postgresql://database:5432,$(server_url bad)," \
			-e "s,/results,$PWD/results," -e "s,\$(JOB_COMPLETION_INDEX),$2,")
	JOB_COMPLETION_INDEX=$2 JOB_COMPLETIONS=$completions tlsgauge "${arguments[@]}" \
		>/dev/null 2>&1 </dev/null
}
container="docs[0]['spec']['template']['spec']['containers'][0]"
completions=$(value "$manifest" 'docs[0]["spec"]["completions"]')
equal 'Kubernetes: the variable says how many' "$completions" \
	"$(value "$manifest" "${container}['env'][0]['value']")"
for ((index = 0; index < completions; index++)); do
	pod 0 "$index" || true
done
ended=0
pod 1 0 || ended=$?
equal 'Kubernetes: the joined report ends as the whole' 1 "$ended"
holds 'Kubernetes: it leaves a page' test -s results/report.html
holds 'the YAML files are well formed' \
	yamllint --strict -c "$root/.yamllint" "$action" "$root/ci"
finish
