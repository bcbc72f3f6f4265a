# SPDX-License-Identifier: Apache-2.0
"""Which features each input has, as libFuzzer counts them, and small sets that cover them."""

import heapq
import re
import subprocess
import tempfile
from pathlib import Path

from fuzzing import campaign as campaigns
from fuzzing import common, libfuzzer

# What a file costs beside its bytes, so that few files are better than many.
FILE_COST = 64
# A counter has eight features. Those behind them are the depth of the stack, which the addresses of
# one process make different from that of the next.
COUNTERS = re.compile(rb"\((\d+) inline 8-bit counters\)")


def measure(program, paths, max_len):
    """Return {path: set of features}. Inputs on which the program fails are left out."""
    # In one order, whoever asks: what a process keeps from input to input must not matter.
    paths = sorted(paths, key=lambda path: (path.stat().st_size, campaigns.digest(path)))
    if not paths:
        return {}
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        control, inputs, nothing = scratch / "control", scratch / "in", scratch / "out"
        inputs.mkdir()
        nothing.mkdir()
        for number, path in enumerate(paths):
            (inputs / str(number)).symlink_to(path.resolve())
        # Set cover makes libFuzzer write every feature of every file, not only those that are new.
        done = subprocess.run(
            [str(program), "-merge=1", "-set_cover_merge=1", "-merge_control_file=%s" % control,
             "-timeout=%d" % libfuzzer.TIMEOUT_S, "-rss_limit_mb=%d" % libfuzzer.RSS_MB,
             "-max_len=%d" % max_len, "-artifact_prefix=%s/" % scratch, str(nothing), str(inputs)],
            stdin=subprocess.DEVNULL, capture_output=True, check=False)
        if done.returncode or not control.exists():
            lines = done.stderr.decode(errors="replace").strip().splitlines()
            raise common.Fault("'%s' cannot measure its inputs: %s"
                               % (program, lines[-1] if lines else "it says nothing"))
        end = 8 * sum(map(int, COUNTERS.findall(done.stderr)[:1]))
        return {paths[number]: features for number, features in read(control, end)}


def read(control, end):
    """Yield number and features below `end` of each file in a merge control file."""
    with open(control) as file:
        count = int(file.readline())
        file.readline()
        numbers = [int(Path(file.readline().rstrip("\n")).name) for _ in range(count)]
        for line in file:
            words = line.split()
            if words[0] == "FT":
                yield numbers[int(words[1])], {int(word) for word in words[2:] if int(word) < end}


def cover(sizes, features, already=frozenset(), most=None):
    """Return keys that cover what all have beyond `already`: next is always the one that adds the
    most for its cost. The order depends on nothing else, so covering a result gives itself."""
    covered, chosen = set(already), []
    heap = [(-len(features[key] - covered) / (FILE_COST + sizes[key]), sizes[key], key)
            for key in features]
    heapq.heapify(heap)
    while heap and (most is None or len(chosen) < most):
        stale, size, key = heapq.heappop(heap)
        gain = len(features[key] - covered)
        if not gain:
            continue
        rank = (-gain / (FILE_COST + size), size, key)
        # Gains only shrink: a rank that is still the first is right.
        if rank[0] != stale and heap and rank > heap[0]:
            heapq.heappush(heap, rank)
            continue
        chosen.append(key)
        covered |= features[key]
    return chosen
