# SPDX-License-Identifier: Apache-2.0
# lib.sh - what the scripts share: the root of the tree, packages, builds. Sourced, never run.
# shellcheck shell=bash

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
PROGRAM=$(basename "$0")

# say SENTENCE...: what is being done, on stderr.
say() {
	printf '%s: %s\n' "$PROGRAM" "$*" >&2
}

# die SENTENCE...: says it and ends the script with status 4, tlsgauge's own for a fault of ours.
die() {
	say "$@"
	exit 4
}

# package_list NAME...: the packages of scripts/packages/NAME, without comments.
package_list() {
	local name
	for name in "$@"; do
		sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$ROOT/scripts/packages/$name"
	done
}

# package_present NAME: the package, or another one that provides it, is installed.
package_present() {
	local state
	state=$(dpkg-query -W -f '${db:Status-Status}\n' "$1" 2>/dev/null) || return 1
	[ "$state" = installed ]
}

# install_packages LIST...: installs what is missing of these lists; silent when nothing is.
install_packages() {
	local missing=() package instead as_root=()
	command -v dpkg-query >/dev/null ||
		die "this is no Debian system; install by hand: $(package_list "$@" | xargs)"
	while read -r package instead; do
		if [ -n "$instead" ] && command -v "$instead" >/dev/null; then
			continue
		fi
		package_present "$package" || missing+=("$package")
	done < <(package_list "$@")
	[ ${#missing[@]} -gt 0 ] || return 0

	if [ "$(id -u)" -ne 0 ]; then
		command -v sudo >/dev/null ||
			die "cannot install ${missing[*]}: this needs root or sudo"
		as_root=(sudo)
	fi
	say "installing ${missing[*]}"
	# RUNLEVEL=1 keeps the servers among them from being started as services.
	as_root+=(env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get -qq -o Dpkg::Use-Pty=0)
	"${as_root[@]}" update </dev/null >&2 || die "cannot read the lists of Debian packages"
	"${as_root[@]}" install -y --no-install-recommends "${missing[@]}" </dev/null >&2 ||
		die "cannot install ${missing[*]}"
}

# compiler_cache: the CMake option that puts ccache before the compiler, where it is installed.
compiler_cache() {
	if command -v ccache >/dev/null; then
		printf '%s\n' -DCMAKE_C_COMPILER_LAUNCHER=ccache
	fi
}

# configure PRESET FOLDER [OPTION...]: once a folder, and again when the presets change.
configure() {
	local preset=$1 folder=$2 cache
	shift 2
	if [ -e "$folder/build.ninja" ] && [ ! CMakePresets.json -nt "$folder/build.ninja" ]; then
		return 0
	fi
	cache=$(compiler_cache)
	cmake --preset "$preset" -B "$folder" ${cache:+"$cache"} "$@" >"$folder.log" 2>&1 || {
		cat "$folder.log" >&2
		say "cannot configure $folder"
		return 1
	}
}

# build PRESET FOLDER TARGETS [OPTION...]: prints what the compilers say, and nothing else. TARGETS
# is one word, with blanks between several. Runs that share a folder wait for each other.
build() {
	local preset=$1 folder=$2 targets
	read -ra targets <<<"$3"
	shift 3
	cd "$ROOT" || return 1
	mkdir -p "$(dirname "$folder")"
	exec 9>"$folder.lock"
	flock 9
	[ -e "$folder/build.ninja" ] || say "configuring $folder"
	configure "$preset" "$folder" "$@" || return 1
	cmake --build "$folder" --target "${targets[@]}" </dev/null 2>&1 |
		build_news "$folder" >&2 || {
		say "cannot build $folder"
		return 1
	}
	exec 9>&-
}

# build_news FOLDER: of ninja's output, what compilers and linkers say, under one line that says
# that something is built; looking for new files in globbed folders is nothing.
build_news() {
	awk -v building="$PROGRAM: building $1" '
		/^\[[0-9]+\/[0-9]+\] Re-checking globbed/ || /^ninja: no work/ || /^-- / { next }
		/^\[[0-9]+\/[0-9]+\] / { if (!said++) print building; fflush(); next }
		{ print; fflush() }'
}

# source_files TREE PATTERN...: files of TREE, relative to it, that git would commit; any file where
# TREE is no git checkout of its own (the self-tests feed such trees).
source_files() {
	local tree=$1
	shift
	if [ -e "$tree/.git" ]; then
		git -C "$tree" ls-files -co --exclude-standard -- "$@" | while read -r file; do
			[ ! -f "$tree/$file" ] || printf '%s\n' "$file"
		done
		return
	fi
	(
		shopt -s globstar nullglob dotglob
		cd "$tree" || exit 1
		find . -type f | sed 's,^\./,,' | sort | while read -r file; do
			local pattern
			for pattern in "$@"; do
				# shellcheck disable=SC2053 # the right side is a pattern on purpose
				if [[ $file == $pattern ]]; then
					printf '%s\n' "$file"
					break
				fi
			done
		done
	)
}
