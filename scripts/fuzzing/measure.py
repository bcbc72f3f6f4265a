# SPDX-License-Identifier: Apache-2.0
"""One run of a harness, and what it cost: executions, processor time, features."""

import functools
import os
import re
import shutil
import subprocess
import tempfile
import threading
from dataclasses import dataclass

from fuzzing import common

EXECUTED = re.compile(r"^stat::number_of_executed_units:\s*(\d+)", re.M)
STATUS = re.compile(r"^#\d+\s+\w+\s+cov: (\d+) ft: (\d+)", re.M)
ARTIFACT = re.compile(r"Test unit written to (\S+)")
REASON = re.compile(r"(?:CHECK failed|ERROR: \w+Sanitizer|runtime error|ERROR: libFuzzer): .*")
# Neither symbols nor slow units are worth the time here.
ENVIRONMENT = {"ASAN_OPTIONS": "symbolize=0:detect_leaks=1", "UBSAN_OPTIONS": "symbolize=0"}
# What an input is, and how it is changed, is the same for every harness and on every machine.
FLAGS = ("-print_final_stats=1", "-timeout=20", "-rss_limit_mb=2048", "-report_slow_units=3600",
         "-verbosity=1")


@dataclass
class Run:
    """What one run did; `status` is the exit status, below zero for a signal."""

    executions: int
    cpu: float
    edges: int
    features: int
    status: int
    log: str

    def rate(self):
        """Return executions per CPU-second."""
        return self.executions / self.cpu if self.cpu else 0.0

    def artifact(self):
        """Return the path of the input that failed, or None."""
        found = ARTIFACT.search(self.log)
        return found[1] if found else None


@functools.cache
def fixed_addresses():
    """Return the words that make a program's addresses the same in every run: libFuzzer keeps what
    was compared by the address of the comparison, so that one seed would find other things in
    each run. There are none where a container forbids it."""
    words = ["setarch", "-R"]
    if not shutil.which(words[0]):
        return []
    done = subprocess.run([*words, "true"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, check=False)
    return [] if done.returncode else words


def run(words, seconds, cwd=None):
    """Run a program for at most so many seconds; the time is its own, user and system."""
    process = subprocess.Popen([*fixed_addresses(), *map(str, words)], stdin=subprocess.DEVNULL,
                               cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               env={**os.environ, **ENVIRONMENT})
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    try:
        log = process.stdout.read().decode(errors="replace")
        _, status, usage = os.wait4(process.pid, 0)
    finally:
        timer.cancel()
        process.stdout.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    executed, shown = EXECUTED.findall(log), STATUS.findall(log)
    edges, features = map(int, shown[-1]) if shown else (0, 0)
    return Run(int(executed[-1]) if executed else 0, usage.ru_utime + usage.ru_stime, edges,
               features, process.returncode, log)


def corpus(unit):
    """Return the files of the committed corpus, always in the same order."""
    return sorted(path for path in (common.CORPUS / unit).iterdir() if path.is_file())


def fuzz(program, unit, *flags, most=600.0, cwd=None):
    """Fuzz with a program from the corpus of `unit`, and keep nothing that is found. The files are
    named one by one: a folder would be read in its own order, and be written to."""
    with tempfile.NamedTemporaryFile("w", prefix="seeds-") as names:
        names.write(",".join(map(str, corpus(unit))))
        names.flush()
        return run([program, *FLAGS, "-max_len=%d" % common.input_max(unit), *flags,
                    "-seed_inputs=@" + names.name], most, cwd)


def empty(*flags, unit="empty"):
    """Measure the empty harness, over its own corpus or that of `unit`."""
    done = fuzz(common.program("empty"), unit, *flags)
    if done.status or not done.executions:
        raise common.Fault("the empty harness ended with status %d: %s"
                           % (done.status, done.log[-1000:]))
    return done


def median(numbers):
    """Return the middle one of these numbers, the lower of two."""
    return sorted(numbers)[(len(numbers) - 1) // 2]


def reason(log):
    """Return the line of a log that says why it failed, or None."""
    found = REASON.search(log)
    return found[0].strip() if found else None
