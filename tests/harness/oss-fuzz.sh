#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# oss-fuzz.sh [--all] [ENGINE-SANITIZER...]: plays OSS-Fuzz. Sets what its base-builder sets, runs
# .clusterfuzzlite/build.sh from a copy in $SRC, and runs what it made elsewhere, without our
# libraries and environment. Without --all it builds a few harnesses; the builds are
# libfuzzer-address and afl-none, or with --all each one below, or those that are named.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../../scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"

every=(libfuzzer-address libfuzzer-undefined libfuzzer-memory libfuzzer-coverage afl-none
	afl-address)
few="empty lexer client_hello"
runs=100

units=$few chosen=()
for argument in "$@"; do
	case $argument in
	--all) units= ;;
	*) chosen+=("$argument") ;;
	esac
done
if [ ${#chosen[@]} -eq 0 ]; then
	chosen=(libfuzzer-address afl-none)
	[ -n "$units" ] || chosen=("${every[@]}")
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0

fail() {
	printf 'FAILED: %s\n' "$*"
	failures=$((failures + 1))
}

# The flags of base-builder, from its Dockerfile and its `compile`.
common="-O1 -fno-omit-frame-pointer -gline-tables-only -DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION"
undefined=array-bounds,bool,builtin,enum,function,integer-divide-by-zero,null,object-size,return
undefined+=,returns-nonnull-attribute,shift,signed-integer-overflow,unreachable,vla-bound,vptr
declare -A sanitizer_flags=(
	[none]=''
	[address]='-fsanitize=address -fsanitize-address-use-after-scope'
	[undefined]="-fsanitize=unsigned-integer-overflow,$undefined"
	[memory]='-fsanitize=memory -fsanitize-memory-track-origins'
	[coverage]='-fprofile-instr-generate -fcoverage-mapping -pthread -Wl,--no-as-needed'
)
sanitizer_flags[undefined]+=" -fno-sanitize-recover=$undefined"
sanitizer_flags[coverage]+=' -Wl,-ldl -Wl,-lm -Wno-unused-command-line-argument'

# play_builder ENGINE SANITIZER: the environment of base-builder, with folders of its own.
play_builder() {
	export FUZZING_ENGINE=$1 SANITIZER=$2
	export SRC=$scratch/$1-$2/src WORK=$scratch/$1-$2/work OUT=$scratch/$1-$2/out
	mkdir -p "$SRC" "$WORK" "$OUT"
	ln -s "$ROOT" "$SRC/tlsgauge"
	cp "$ROOT/.clusterfuzzlite/build.sh" "$SRC/build.sh"
	CFLAGS="$common ${sanitizer_flags[$2]}"
	if [ "$1" = afl ]; then
		export CC=afl-clang-fast CXX=afl-clang-fast++ AFL_QUIET=1
		export LIB_FUZZING_ENGINE=/usr/lib/afl/libAFLDriver.a
		unset CMAKE_C_COMPILER_LAUNCHER
	else
		export CC=clang CXX=clang++ LIB_FUZZING_ENGINE=-fsanitize=fuzzer
		[ "$2" = coverage ] || CFLAGS+=" -fsanitize=fuzzer-no-link"
		! command -v ccache >/dev/null ||
			export CMAKE_C_COMPILER_LAUNCHER=ccache CCACHE_NOHASHDIR=1
	fi
	export CFLAGS CXXFLAGS=$CFLAGS TLSGAUGE_UNITS=$units
}

# needs_only_runtimes PROGRAM: no library but those of the C and C++ compilers, which base-runner
# has; it has none of mbedTLS, libuv, c-ares, jansson.
needs_only_runtimes() {
	local of_c='libc|libm|libdl|libpthread|librt|libresolv|libgcc_s|ld-linux-.*'
	! readelf --dynamic "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' |
		grep -vE "^($of_c|libstdc\+\+)\.so"
}

# run_one FOLDER NAME: the fuzzer over its seeds, and with libFuzzer over mutations; its log where
# it fails. Without instrumentation for an engine there are only the files that are named.
run_one() {
	local folder=$1 name=$2 arguments=() seeds=$1/$2.seeds
	unzip -q "$folder/${name}_seed_corpus.zip" -d "$seeds"
	[ -n "$(ls "$seeds")" ] || fail "$name: no seeds"
	if [ "$FUZZING_ENGINE" = afl ] || [ "$SANITIZER" = coverage ]; then
		mapfile -t arguments < <(find "$seeds" -type f)
	else
		while read -r option _ value; do
			arguments+=("-$option=$value")
		done < <(grep ' = ' "$folder/$name.options")
		arguments+=(-runs="$runs" "$seeds")
	fi
	if ! (cd "$folder" && env -i UBSAN_OPTIONS=silence_unsigned_overflow=1 \
		LLVM_PROFILE_FILE="$folder/$name.profraw" timeout 120 \
		"./$name" "${arguments[@]}" >"$name.log" 2>&1 </dev/null); then
		fail "$FUZZING_ENGINE-$SANITIZER: $name does not run"
		tail -n 20 "$folder/$name.log"
	fi
	[ "$SANITIZER" != coverage ] || [ -s "$folder/$name.profraw" ] ||
		fail "$name counts no lines"
}

# run_afl FOLDER NAME: afl-fuzz takes it for what it is, and sees the same edges each time.
run_afl() {
	local into=$1/afl
	export AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_UI=1
	AFL_NO_AFFINITY=1 timeout 60 afl-fuzz -V 3 -t 2000 -i "$1/$2.seeds" -o "$into" \
		-x "$1/$2.dict" -- "$1/$2" >"$into.log" 2>&1 </dev/null ||
		fail "afl-$SANITIZER: afl-fuzz does not run $2"
	grep -q 'target_mode.*persistent shmem_testcase deferred' "$into/default/fuzzer_stats" ||
		fail "afl-$SANITIZER: $2 is not persistent"
	grep -q 'stability.*100.00%' "$into/default/fuzzer_stats" ||
		fail "afl-$SANITIZER: $2 is not stable"
}

# try ENGINE SANITIZER: build, look at what is there, run it.
try() {
	local from=$SECONDS folder=$scratch/$1-$2/runner program name built=0
	play_builder "$1" "$2"
	if ! (cd "$SRC/tlsgauge" && bash -eu "$SRC/build.sh") >"$scratch/build.log" 2>&1; then
		fail "$1-$2: build.sh fails"
		tail -n 30 "$scratch/build.log"
		return
	fi
	# Neither sources nor $WORK are where fuzzers run.
	mv "$OUT" "$folder"
	rm -rf "$WORK" "$SRC"
	for program in "$folder"/fuzz_*; do
		name=${program##*/}
		[[ $name != *.* ]] || continue
		built=$((built + 1))
		[ -s "$folder/$name.options" ] || fail "$1-$2: $name has no options"
		needs_only_runtimes "$program" || fail "$1-$2: $name needs these libraries"
		run_one "$folder" "$name"
	done
	[ "$1" != afl ] || run_afl "$folder" fuzz_client_hello
	[ "$built" -gt 0 ] || fail "$1-$2: nothing was built"
	printf '%s-%s: %d fuzzers, %d s\n' "$1" "$2" "$built" $((SECONDS - from))
}

# Each variable that build.sh needs is asked for by name, and nothing is built without it.
missing_variables() {
	local name said status
	play_builder missing none
	for name in CC CXX CFLAGS CXXFLAGS LIB_FUZZING_ENGINE SRC OUT WORK SANITIZER \
		FUZZING_ENGINE; do
		status=0
		said=$(env -u "$name" bash "$ROOT/.clusterfuzzlite/build.sh" 2>&1) || status=$?
		[ "$status" -eq 2 ] || fail "without \$$name: status $status"
		[[ $said == "build.sh: \$$name is not set"* && $said != *$'\n'* ]] ||
			fail "without \$$name it says: $said"
	done
	[ -z "$(ls "$OUT")" ] || fail 'something was built without a variable'
}

missing_variables
for build in "${chosen[@]}"; do
	[[ " ${every[*]} " == *" $build "* ]] ||
		die "no such build: '$build'; there are: ${every[*]}"
	try "${build%-*}" "${build#*-}"
done
printf '%s: %d failures\n' "$PROGRAM" "$failures"
[ "$failures" -eq 0 ]
