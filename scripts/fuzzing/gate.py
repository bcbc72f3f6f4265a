# SPDX-License-Identifier: Apache-2.0
"""fuzz gate: what CI asks of every harness, in under five minutes on two cores."""

import argparse
import concurrent.futures
import contextlib
import fcntl
import random
import shutil
import signal
import subprocess
import time

from fuzzing import common, floors, measure

TEXT = """For each harness: everything in corpus/HARNESS passes; it is fuzzed for some seconds from
there, and nothing fails; after a fixed number of executions with one of three fixed seeds it has
seen at least 97 % of the features that harness/floors.tsv records; its speed, as a ratio to the
empty harness that is measured right before it, is at least 70 % of the one that is recorded; and
the bug that is planted in what it watches is found. Times are processor time; two harnesses run
at once."""
ROOM = common.ROOT / "build" / "gate"
# Of the empty harness: half a second.
EMPTY_RUNS = "-runs=500000"
# Nothing of a gate may take longer, whatever the machine.
MOST_S = 300.0
# Of the seconds for a harness, the part that a fixed number of executions is to take.
FIXED_PART = 0.6
# A floor is the worst of these; what the first shows is enough, where it is enough.
SEEDS = (1, 2, 3)
LINE = "%-20s %9s %9s %9s %9s"


def add_parser(subparsers):
    """Add the verb."""
    parser = subparsers.add_parser(
        "gate", help="hold every harness to what it once did: for CI", description=TEXT,
        epilog="exit status: 1 when a floor was missed or an input fails, otherwise 0",
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("harness", nargs="*", default=["all"], metavar="HARNESS")
    parser.add_argument("--seconds", type=common.duration, default=10, metavar="TIME",
                        help="for fuzzing each harness (10)")
    parser.add_argument("--jobs", type=common.count, default=2, metavar="N",
                        help="harnesses at once (2)")
    parser.add_argument("--record", action="store_true",
                        help="measure these harnesses and write harness/floors.tsv")


def run(args):
    """Hold harnesses to their floors, or record them; print a sentence for each miss."""
    units = common.choose(args.harness)
    build(units)
    with alone():
        shutil.rmtree(ROOM, ignore_errors=True)
        ROOM.mkdir(parents=True)
        recorded = floors.read()
        return record(units, recorded, args) if args.record else check(units, recorded, args)


@contextlib.contextmanager
def alone():
    """Hold the lock of the gate's folder; two gates in one tree would measure each other."""
    with open(ROOM.with_name("gate.lock"), "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise common.UsageError("another gate runs in '%s'" % common.ROOT) from None
        yield


def check(units, recorded, args):
    """Hold harnesses to their floors, and return the exit status."""
    began, misses = time.monotonic(), []
    if units == common.harnesses():
        misses += floors.strangers(recorded)
    print(LINE % ("harness", "features", "floor", "speed", "floor"))
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for found in pool.map(lambda unit: hold(unit, recorded.get(unit), args.seconds),
                              fuzzed(units)):
            misses += found
    misses += planted(units)
    for miss in misses:
        print("MISSED: " + miss)
    print("%d harnesses, %d missed, %s" % (len(units), len(misses),
                                           common.span_of_time(time.monotonic() - began)))
    return 1 if misses else 0


def build(units):
    """Build the harnesses, each with its planted bug as well."""
    folder, preset = common.BUILDS["libfuzzer"]
    common.install("build", "test", "fuzz")
    if (common.ROOT / folder / "build.ninja").exists():
        common.shell('cmake -S . -B "$1" -DTLSGAUGE_PLANT=ON >/dev/null', common.ROOT / folder)
    targets = ["all"] if units == common.harnesses() else \
        ["fuzz_" + unit for unit in dict.fromkeys(["empty", *units])] + \
        ["planted_" + unit for unit in units if has_plant(unit)]
    common.build(preset, folder, targets, "-DTLSGAUGE_PLANT=ON")


def fuzzed(units):
    """Return those of these units that do something."""
    return [unit for unit in units if unit != "empty"]


def has_plant(unit):
    """Say whether a bug can be planted in what a harness watches."""
    return (common.ROOT / "harness" / "plant" / (unit + ".c")).exists()


def hold(unit, floor, seconds):
    """Replay and fuzz one harness; print its line and return what it missed, as sentences."""
    began, room = time.monotonic(), ROOM / unit
    room.mkdir()
    failed = replay(unit, room)
    if not failed and floor:
        done, features, speed = measured(unit, room, floor)
        failed = failure(unit, done)
        print(LINE % (unit, features, floor.least_features(), "%.3g" % speed,
                      "%.3g" % floor.least_speed()), flush=True)
        if not failed:
            return floors.misses(unit, floor, features, speed) \
                + go_on(unit, room, seconds - (time.monotonic() - began))
    print("%-20s %s" % (unit, "fails" if failed else "has no floor"), flush=True)
    return [failed or "%s: harness/floors.tsv has no line for it; 'scripts/fuzz gate --record %s' "
            "writes one" % (unit, unit)]


def measured(unit, room, floor):
    """Return the last run of a fixed number of executions, the most features and the best speed.
    What is too low is measured again with the next seed: what else the machine does can slow a
    harness down, a seed can be unlucky, and neither can make it better than it is."""
    features, speed = 0, 0.0
    for seed in SEEDS:
        bare = measure.empty(EMPTY_RUNS)
        done = fuzz(unit, room, floor.executions, seed)
        features = max(features, done.features)
        speed = max(speed, done.rate() / bare.rate())
        if done.status or not floors.misses(unit, floor, features, speed):
            break
    return done, features, speed


def replay(unit, room):
    """Run everything that is committed, once; return a sentence about what fails, or None."""
    done = measure.fuzz(common.program(unit), unit, "-runs=0", "-artifact_prefix=%s/" % room,
                        most=MOST_S)
    failed = failure(unit, done)
    return failed and failed + "; it comes from corpus/%s" % unit


def fuzz(unit, room, executions, seed):
    """Fuzz with everything that a campaign has, for so many executions."""
    return measure.fuzz(common.program(unit), unit, "-dict=%s" % common.DICTIONARY,
                        "-seed=%d" % seed, "-runs=%d" % executions,
                        "-artifact_prefix=%s/" % room, most=MOST_S)


def go_on(unit, room, seconds):
    """Fuzz for the seconds that are left, with a seed that no run before had."""
    if seconds < 1:
        return []
    done = measure.fuzz(common.program(unit), unit, "-dict=%s" % common.DICTIONARY,
                        "-seed=%d" % random.randrange(1, 1 << 31),
                        "-max_total_time=%d" % seconds, "-artifact_prefix=%s/" % room,
                        most=MOST_S)
    failed = failure(unit, done)
    return [failed] if failed else []


def failure(unit, done):
    """Return a sentence about a run that failed, or None."""
    if done.status == 0:
        return None
    log = ROOM / unit / "log"
    log.write_text(done.log)
    why = measure.reason(done.log) or "ended with status %d" % done.status
    if done.status == -signal.SIGKILL:
        why = "was not done after %d s" % MOST_S
    where = "; the input is '%s'" % done.artifact() if done.artifact() else ""
    return "%s: %s%s (log in '%s')" % (unit, why, where, log)


def planted(units):
    """Look for the planted bugs, and return a sentence for each that was not found."""
    folder, _ = common.BUILDS["libfuzzer"]
    done = subprocess.run([common.ROOT / "scripts" / "check-planted", common.ROOT / folder, *units],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=False)
    print(done.stdout, end="", flush=True)
    if done.returncode == 0:
        return []
    last = done.stdout.splitlines()[-1:] or ["check-planted ended with status %d" % done.returncode]
    return ["a planted bug was " + last[0] if "not found:" in last[0] else last[0]]


def record(units, recorded, args):
    """Measure floors and write them: the features of the worst of several seeds, the middle speed.
    """
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for unit, floor in zip(fuzzed(units), pool.map(
                lambda unit: floor_of(unit, args.seconds), fuzzed(units))):
            print("%-20s %s" % (unit, floor), flush=True)
            recorded[unit] = floor
            floors.write({unit: recorded[unit] for unit in recorded
                          if unit in common.harnesses()})
    print("%s written" % floors.FILE.relative_to(common.ROOT))
    return 0


def floor_of(unit, seconds):
    """Measure one harness: how many executions fit, and then what they show."""
    room = ROOM / unit
    room.mkdir()
    first = measure.fuzz(common.program(unit), unit, "-dict=%s" % common.DICTIONARY, "-seed=1",
                         "-max_total_time=%d" % max(1, seconds / 3), most=MOST_S,
                         *("-artifact_prefix=%s/" % room,))
    stop_at(unit, first)
    executions = floors.rounded(first.rate() * seconds * FIXED_PART)
    features, speeds = [], []
    for seed in SEEDS:
        bare = measure.empty(EMPTY_RUNS)
        done = fuzz(unit, room, executions, seed)
        stop_at(unit, done)
        features.append(done.features)
        speeds.append(done.rate() / bare.rate())
    return floors.Floor(executions, min(features), measure.median(speeds))


def stop_at(unit, done):
    """Refuse to record a harness that fails."""
    failed = failure(unit, done)
    if failed:
        raise common.Fault("nothing was recorded: " + failed)
