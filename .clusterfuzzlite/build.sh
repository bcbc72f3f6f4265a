#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# build.sh: builds every harness as OSS-Fuzz and ClusterFuzzLite ask for it: with $CC $CFLAGS $CXX
# $CXXFLAGS, linked with $LIB_FUZZING_ENGINE, into $OUT, with seeds, dictionary and options beside
# each. TLSGAUGE_UNITS="UNIT ..." builds only some.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# Both services run a copy of this file that lies in $SRC.
[ -e "$root/harness/CMakeLists.txt" ] || root=${SRC:-}/tlsgauge

# die SENTENCE...
die() {
	printf 'build.sh: %s\n' "$*" >&2
	exit 2
}

for name in CC CXX CFLAGS CXXFLAGS LIB_FUZZING_ENGINE SRC OUT WORK SANITIZER FUZZING_ENGINE; do
	[ -n "${!name:-}" ] || die "\$$name is not set: see docs/fuzzing.md, \"Beyond one machine\""
done
[ -e "$root/harness/CMakeLists.txt" ] || die "there is no tlsgauge in '$root'"
for name in OUT WORK; do
	[ -d "${!name}" ] || die "\$$name is '${!name}', which is no folder"
done

read -ra units <<<"${TLSGAUGE_UNITS:-}"
if [ ${#units[@]} -eq 0 ]; then
	for source in "$root"/harness/fuzz_*.c; do
		unit=$(basename "$source" .c)
		units+=("${unit#fuzz_}")
	done
fi

# AFL++'s driver knows no mutator of libFuzzer's interface.
mutator=ON
[ "$FUZZING_ENGINE" != afl ] || mutator=OFF

# The mbedTLS under test is instrumented like everything else, where its source package can be had.
tested=environment
"$root/scripts/fuzz-mbedtls" environment || {
	printf 'build.sh: the mbedTLS under test is the installed one, without instrumentation\n'
	tested=
}

# Flags change from build to build, and CMake would keep the first ones.
build=$WORK/tlsgauge
rm -rf "$build"
cmake -G Ninja -S "$root" -B "$build" -DTLSGAUGE_TESTS=OFF -DTLSGAUGE_WERROR=OFF \
	-DTLSGAUGE_FUZZ=engine -DTLSGAUGE_FUZZ_ENGINE="$LIB_FUZZING_ENGINE" \
	-DTLSGAUGE_MUTATOR="$mutator" -DTLSGAUGE_MBEDTLS_ENGINE="$tested"
cmake --build "$build" --target "${units[@]/#/fuzz_}"

# is_blind PROGRAM: it holds code of libraries that MemorySanitizer does not see writing.
is_blind() {
	local functions
	functions=$(nm --defined-only "$1")
	grep -qE ' [Tt] (mbedtls_|json_|ares_|uv_)' <<<"$functions"
}

made=()
for unit in "${units[@]}"; do
	program=$build/harness/fuzz_$unit
	if [ "$SANITIZER" = memory ] && is_blind "$program"; then
		printf 'build.sh: fuzz_%s is left out: it needs libraries without MSan\n' "$unit"
		continue
	fi
	cp "$program" "$OUT/"
	(cd "$root/corpus/$unit" && zip -q -r - .) >"$OUT/fuzz_${unit}_seed_corpus.zip"
	made+=("$unit")
done
[ ${#made[@]} -gt 0 ] || die "no harness is left to build with \$SANITIZER '$SANITIZER'"
"$root/scripts/fuzz" options --out "$OUT" "${made[@]}"
printf 'build.sh: %d fuzzers in %s\n' "${#made[@]}" "$OUT"
