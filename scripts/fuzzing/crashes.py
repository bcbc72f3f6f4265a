# SPDX-License-Identifier: Apache-2.0
"""Replays one input and says which oracle it broke, and where."""

import os
import re
import signal
import subprocess
from pathlib import Path

from fuzzing import common, libfuzzer

# What a CHECK of the harness's own machinery means.
MACHINERY = (("live <= most", "memory ceiling"), ("memory_end() == 0", "leak"),
             ("run(input) == first", "two runs differ"), ("++steps <= STEPS_MAX", "too many steps"))
CHECK = re.compile(r"^(\S+):(\d+): CHECK failed: (.*)$", re.M)
ASSERT = re.compile(r"(\S+):(\d+): .*Assertion `(.*)' failed\.")
UNDEFINED = re.compile(r"^(\S+?):(\d+)(?::\d+)?: runtime error: (.*)$", re.M)
ADDRESS = re.compile(r"ERROR: AddressSanitizer: ([\w-]+)")
ENGINE = (("ERROR: LeakSanitizer", "leak"), ("ERROR: libFuzzer: timeout", "timeout"),
          ("ERROR: libFuzzer: out-of-memory", "memory ceiling of the process"),
          ("deadly signal", "signal"))
FRAME = re.compile(r"^\s+#(\d+) 0x[0-9a-f]+ in (\S+) (/\S+?):(\d+)(?::\d+)?$", re.M)
# Where every stack of ours goes through.
OUR_WAY = {"harness/harness.c", "harness/check.c", "harness/memory.c", "harness/replay.c",
           "harness/main_afl.c", "harness/main_replay.c"}
# What AFL++ found and the sanitizers' build does not repeat.
PLAIN = ", without sanitizers only"
NOT_REPRODUCED = "not reproduced"
FRAMES = 3


class Finding:
    """What became of one input: the oracle, where it is, and the frames of ours above it."""

    def __init__(self, oracle, place="", frames=()):
        """Keep the parts."""
        self.oracle = oracle
        self.place = place
        self.frames = tuple(frames)

    def key(self):
        """Return what two findings of one defect share: numbers in a message differ."""
        return re.sub(r"0x[0-9a-f]+|\d+", "N", self.oracle), self.frames

    def is_failure(self):
        """Say whether the input still fails."""
        return self.oracle != NOT_REPRODUCED

    def __str__(self):
        """Return the oracle with its place."""
        return "%s (%s)" % (self.oracle, self.place) if self.place else self.oracle


def in_tree(path):
    """Return a path of ours relative to the root, or None. Compilers' caches make builds name
    other trees than this one, so what counts is the end of the path."""
    parts = Path(os.path.normpath(path)).parts
    for index, part in enumerate(parts):
        if part in ("src", "harness") and (common.ROOT / Path(*parts[index:])).is_file():
            return str(Path(*parts[index:]))
    return None


def place(path, line):
    """Return FILE:LINE, below the root where that is."""
    return "%s:%s" % (in_tree(path) or os.path.basename(path), line)


def frames_of(text):
    """Return the top frames of ours in the first stack, as FUNCTION of FILE."""
    frames, last = [], -1
    for number, function, path, _ in FRAME.findall(text):
        if int(number) <= last:
            break
        last = int(number)
        ours = in_tree(path)
        if ours and ours not in OUR_WAY:
            frames.append("%s of %s" % (function, ours))
    return frames[:FRAMES]


def judge(text, status):
    """Return the finding that a replay's output and exit status mean."""
    frames = frames_of(text)
    if match := CHECK.search(text):
        where = place(match[1], match[2])
        for condition, oracle in MACHINERY:
            if match[3] == condition and where.startswith("harness/"):
                return Finding(oracle, "", frames)
        return Finding("CHECK failed: " + match[3], where, frames)
    if match := ASSERT.search(text):
        return Finding("assert failed: " + match[3], place(match[1], match[2]), frames)
    if match := UNDEFINED.search(text):
        return Finding("undefined behaviour: " + match[3], place(match[1], match[2]), frames)
    if match := ADDRESS.search(text):
        return Finding("AddressSanitizer: " + match[1], "", frames)
    for words, oracle in ENGINE:
        if words in text:
            return Finding(oracle, "", frames)
    if status < 0:
        return Finding(signal.Signals(-status).name, "", frames)
    return Finding("exit status %d" % status) if status else Finding(NOT_REPRODUCED)


def environment():
    """Return an environment in which AddressSanitizer prints the stack of a trap."""
    return {**os.environ, "UBSAN_OPTIONS": "print_stacktrace=1",
            "ASAN_OPTIONS": "handle_sigill=2:handle_sigtrap=2:handle_sigfpe=2:dedup_token_length=3"}


def flags():
    """Return libFuzzer's options for a replay: the ceilings are those of a campaign."""
    return ["-handle_ill=0", "-handle_fpe=0", "-timeout=%d" % libfuzzer.TIMEOUT_S,
            "-rss_limit_mb=%d" % libfuzzer.RSS_MB]


def replay(program, path, scratch):
    """Run one input in the libFuzzer build."""
    return run([str(program), *flags(), "-artifact_prefix=%s/" % scratch, str(path)])


def replay_plain(program, path):
    """Run one input in the AFL++ build, which has no sanitizers."""
    found = run([str(program), str(path)])
    if found.is_failure():
        found.oracle += PLAIN
    return found


def run(words):
    """Run a replay and judge it."""
    try:
        done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, env=environment(), check=False,
                              timeout=3 * libfuzzer.TIMEOUT_S)
    except subprocess.TimeoutExpired:
        return Finding("timeout")
    return judge(done.stderr.decode(errors="replace"), done.returncode)
