# SPDX-License-Identifier: Apache-2.0
"""What every verb of scripts/fuzz needs: the tree, its harnesses, builds, files, times."""

import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from argparse import ArgumentTypeError
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "corpus"
DICTIONARY = ROOT / "harness" / "tls.dict"
CAMPAIGNS = ROOT / "build" / "campaigns"
# Folder and CMake preset of each kind of build.
BUILDS = {
    "libfuzzer": ("build/fuzz", "fuzz"),
    "afl": ("build/afl", "afl"),
}
# No harness looks at a longer input (HARNESS_INPUT_MAX).
INPUT_MAX = 1 << 18
DURATION = re.compile(r"(\d+(?:\.\d+)?)([smhd]?)")
SECONDS_IN = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}


class UsageError(Exception):
    """The command line, or a file of the user's, cannot be used: exit status 2."""


class Fault(Exception):
    """Something of ours, or of the machine's, does not work: exit status 4."""


def say(sentence):
    """Print one sentence on stderr."""
    print("fuzz: %s" % sentence, file=sys.stderr, flush=True)


def progress(text):
    """Show passing text on stderr where that is a terminal; an empty one removes it."""
    if sys.stderr.isatty():
        print("\r\033[K%s" % text, end="", file=sys.stderr, flush=True)


def short(path):
    """Return a path as it is called from here, where it lies below."""
    path = Path(path).resolve()
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def harnesses():
    """Return the units that have a harness, sorted."""
    return sorted(path.stem[len("fuzz_"):] for path in (ROOT / "harness").glob("fuzz_*.c"))


def choose(names, known=None):
    """Return the units that `names` means, each once; "all" is every one that is known."""
    known = harnesses() if known is None else known
    if "all" in names:
        return list(known)
    chosen = []
    for name in names:
        unit = name[len("fuzz_"):] if name.startswith("fuzz_") else name
        if unit not in known:
            raise UsageError(unknown(name, unit, known))
        if unit not in chosen:
            chosen.append(unit)
    return chosen


def unknown(name, unit, known):
    """Return the sentence about a harness that there is not, with those that are near."""
    near = difflib.get_close_matches(unit, known, 3, 0.5)
    near += [other for other in known if unit and unit in other and other not in near]
    if near:
        return "no harness is called '%s'; near are: %s" % (name, ", ".join(near[:5]))
    return "no harness is called '%s'; 'all' means every one of: %s" % (name, ", ".join(known))


def program(unit, engine="libfuzzer"):
    """Return the path of a unit's fuzzer, whether it is built or not."""
    return ROOT / BUILDS[engine][0] / "harness" / ("fuzz_" + unit)


def mutated():
    """Return what mutator.cmake says: {unit: (form, bytes that stand before the form)}."""
    text = (ROOT / "harness" / "mutator" / "mutator.cmake").read_text()
    return {unit: (form, int(skip))
            for unit, form, skip in re.findall(r"(\w+):(MUTATE_\w+):(\d+)", text)}


def input_max(unit, *folders):
    """Return -max_len: the longest file of these folders and of the unit's seeds, 4096 at least."""
    sizes = [path.stat().st_size for folder in (CORPUS / unit,) + folders if folder.is_dir()
             for path in folder.iterdir() if path.is_file()]
    return min(max(sizes + [4096]), INPUT_MAX)


def shell(command, *arguments, env=None):
    """Run a line of shell that may use the functions of lib.sh, its output on our stderr."""
    line = 'set -euo pipefail; . "$1"; shift; ' + command
    done = subprocess.run(["bash", "-c", line, "fuzz", str(ROOT / "scripts" / "lib.sh"),
                           *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=sys.stderr,
                          env={**os.environ, **(env or {})}, check=False)
    if done.returncode:
        raise Fault("'%s' failed with status %d"
                    % (" ".join([command.split()[0], *map(str, arguments)]), done.returncode))


def install(*lists):
    """Install what is missing of scripts/packages/LIST."""
    shell('install_packages "$@"', *lists)


def build(preset, folder, targets, *options, env=None):
    """Build these targets in a folder (relative to the root) that is configured by a preset."""
    shell('build "$@"', preset, folder, " ".join(targets), *options, env=env)


def build_harnesses(units, engine="libfuzzer"):
    """Install what is missing, and build the fuzzers of these units."""
    folder, preset = BUILDS[engine]
    install("build", "test", "fuzz")
    # Not every harness builds for every engine, so all of them are what there is.
    build(preset, folder, ["all"] if len(units) > 20 else ["fuzz_" + unit for unit in units])


def run(command):
    """Return what a program prints, or fail with its complaint."""
    done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, text=True,
                          capture_output=True, check=False)
    if done.returncode != 0:
        raise Fault("'%s' failed: %s" % (command[0], done.stderr.strip()))
    return done.stdout


def tool(name):
    """Return a program of LLVM's as it is called here; Debian also has a name for each version."""
    for word in (name, name + "-14"):
        if shutil.which(word):
            return word
    raise Fault("'%s' is not installed" % name)


def write_atomically(path, data):
    """Put bytes or text into a file so that whoever reads it sees the old or the new."""
    data = data.encode() if isinstance(data, str) else data
    handle, name = tempfile.mkstemp(prefix=path.name + ".", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def duration(text):
    """Return the seconds of "90", "90s", "5m", "2h", "1d"; for argparse."""
    match = DURATION.fullmatch(text)
    if not match or float(match[1]) <= 0:
        raise ArgumentTypeError("'%s' is no length of time; write 90, 90s, 5m, 2h or 1d" % text)
    return float(match[1]) * SECONDS_IN[match[2]]


def count(text):
    """Return a whole number above zero; for argparse."""
    if not text.isdecimal() or int(text) == 0:
        raise ArgumentTypeError("'%s' is no whole number above zero" % text)
    return int(text)


def span_of_time(seconds):
    """Return a length of time as people write it: 12s, 5m 03s, 2h 07m."""
    seconds = int(seconds)
    if seconds < 60:
        return "%ds" % seconds
    if seconds < 3600:
        return "%dm %02ds" % divmod(seconds, 60)
    return "%dh %02dm" % divmod(seconds // 60, 60)
