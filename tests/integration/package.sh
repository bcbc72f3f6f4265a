#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# package.sh BUILD: makes the packages of a static build, installs the .deb into an empty root and
# runs the main job there, unpacks the .tar.gz, builds the container image, and tries completions
# and pages.
set -euo pipefail
build=$1
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
server_needs dpkg-deb dpkg
server_needs buildah buildah
server_needs man man-db

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$SERVERS/work
empty=$work/empty
mkdir -p "$work" "$empty/var/lib/dpkg/info" "$empty/var/lib/dpkg/updates"
cd "$work"
enter=(chroot)
[ "$(id -u)" -eq 0 ] || enter=(unshare --map-root-user chroot)

cpack --config "$build/CPackConfig.cmake" -B "$work/packages" >cpack.log 2>&1 || tail -5 cpack.log
deb=$(find packages -maxdepth 1 -name '*.deb')
tar=$(find packages -maxdepth 1 -name '*.tar.gz')
holds 'a .deb was made' test -s "$deb"
holds 'a .tar.gz was made' test -s "$tar"
equal 'the .deb depends on nothing' '' "$(dpkg-deb -f "$deb" Depends)"

touch "$empty/var/lib/dpkg/status"
holds 'the .deb is installed into an empty root' dpkg --root="$empty" --force-script-chrootless \
	--log=/dev/null -i "$deb"
equal 'it is installed' 'install ok installed' \
	"$(dpkg-query --admindir="$empty/var/lib/dpkg" -W -f '${Status}' tlsgauge)"
ended=0
timeout 120 "${enter[@]}" "$empty" /usr/bin/tlsgauge check >check.log 2>&1 </dev/null || ended=$?
equal 'the main job runs there' 0 "$ended"
holds 'and says so' grep -q '^PASS: everything that was judged conforms, over' check.log
server_start database postgres config=policy
ended=0
timeout 120 "${enter[@]}" "$empty" /usr/bin/tlsgauge check "$(server_url database)" \
	--policy /usr/share/tlsgauge/policies/azure-postgresql-single-server.policy \
	--set minimum_tls_version=TLS1_2 --cases /usr/share/tlsgauge/cases/hello.case \
	>check.log 2>&1 </dev/null || ended=$?
equal 'with the files of the package, at a real server' 0 "$ended"

equal 'the schemas are there' 'explain fuzz report' \
	"$(find "$empty/usr/share/doc/tlsgauge" -name '*.schema.json' -printf '%f\n' | sort |
		sed 's/[.].*//' | xargs)"
for page in tlsgauge tlsgauge-check tlsgauge-report-merge; do
	holds "the page $page(1) is there and is read" \
		man --warnings -l "$empty/usr/share/man/man1/$page.1.gz"
done >man.log 2>man.err
grep -E '^(ok|FAILED)' man.log
equal 'man has no complaint' '' "$(cat man.err)"

mkdir unpacked
tar -xzf "$tar" -C unpacked
equal 'the .tar.gz holds the same files' \
	"$(cd "$empty/usr" && find . -type f | sort)" \
	"$(cd unpacked/*/usr 2>/dev/null || cd unpacked/*; find . -type f | sort)"

# The image: FROM scratch, and its own user.
cp "$root/Containerfile" "$build/tlsgauge" .
store=(buildah --storage-driver vfs --root "$work/images" --runroot "$work/run")
image=$("${store[@]}" build --quiet --isolation chroot --build-arg TLSGAUGE=tlsgauge \
	-f Containerfile . 2>image.log | tail -1)
holds 'the image is built' test -n "$image"
container=$("${store[@]}" from --quiet "$image")
mounted=$("${store[@]}" mount "$container")
equal 'it holds the executable and nothing else' tlsgauge \
	"$(find "$mounted" -type f -printf '%f\n')"
equal 'its user is nobody' 65534:65534 \
	"$("${store[@]}" inspect --format '{{.OCIv1.Config.User}}' "$image")"
equal 'its entry point runs' "$("$build/tlsgauge" --version)" \
	"$("${enter[@]}" "$mounted" "$("${store[@]}" inspect \
		--format '{{index .OCIv1.Config.Entrypoint 0}}' "$image")" --version)"
"${store[@]}" rm -a >/dev/null 2>&1 || true

# What bash offers behind "tlsgauge WORD...", the last one under way.
offers() {
	# shellcheck disable=SC2016 # the inner shell expands
	env PATH="$empty/usr/bin:$PATH" bash -c '
		. "$1"
		shift
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		_tlsgauge tlsgauge "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
		printf "%s\n" "${COMPREPLY[@]}"' offers \
		"$empty/usr/share/bash-completion/completions/tlsgauge" "$@" | sort | xargs
}
equal 'bash offers commands' 'cases check' "$(offers tlsgauge c)"
equal 'bash offers verbs' 'compare convert' "$(offers tlsgauge report co)"
equal 'bash offers options' '--targets' "$(offers tlsgauge check --target)"
equal 'bash offers policies' \
	'azure-postgresql-flexible-server azure-postgresql-single-server' \
	"$(offers tlsgauge check --policy azure-postgresql-)"
equal 'bash offers formats' 'json junit' "$(offers tlsgauge check --report j)"
finish
