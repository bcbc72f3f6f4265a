# SPDX-License-Identifier: Apache-2.0
"""fuzz bench: executions per CPU-second, as ratios to a harness that does nothing."""

import argparse
import json
import sys

from fuzzing import common, measure

TEXT = """For each harness, in turns and several times: `empty`, over one byte and over the same
corpus; the harness with libFuzzer's own mutator only; with ours, where it has one; and without any
engine. Prints medians of executions per CPU-second (user and system time of the process), and of
the ratios to `empty` over one byte in the same round.

Inputs are those of the committed corpus and what the engine makes of them. Seeds are kept in the
engine's corpus (-keep_seed=1), whether they show anything new or not: `empty` sees inputs of the
same length, then, and a ClientHello stays one of some 500 bytes."""
COLUMNS = ("harness", "bytes", "empty", "plain", "ratio", "mutator", "ratio", "no engine")


def add_parser(subparsers):
    """Add the verb."""
    parser = subparsers.add_parser(
        "bench", help="measure how fast harnesses are", description=TEXT,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("harness", nargs="*", default=["all"], metavar="HARNESS")
    parser.add_argument("--rounds", type=common.count, default=3, metavar="N",
                        help="how often each is measured (3)")
    parser.add_argument("--seconds", type=common.duration, default=3, metavar="TIME",
                        help="for each measurement (3)")
    parser.add_argument("--json", action="store_true", help="for machines")


def run(args):
    """Print a line a harness."""
    units = [unit for unit in common.choose(args.harness) if unit != "empty"]
    build(units)
    seconds, results = max(1, int(args.seconds)), []
    if not args.json:
        print("%-20s %6s %10s %10s %7s %10s %7s %10s" % COLUMNS)
    for unit in units:
        rounds = [turn(unit, seed, seconds) for seed in range(1, args.rounds + 1)]
        results.append(summary(unit, rounds))
        if not args.json:
            show(results[-1])
    if args.json:
        json.dump({"format": 1, "harnesses": results}, sys.stdout, indent=1)
        print()
    elif len(units) > 1:
        bare = measure.median([result["bare"] for result in results])
        print("\n%-20s %6d %10d" % ("empty", 1, bare))
    return 0


def build(units):
    """Build what is measured."""
    common.build_harnesses(["empty"])
    targets = [kind + unit for unit in units for kind in ("fuzz_", "plain_", "time_")]
    common.build("fuzz", common.BUILDS["libfuzzer"][0], targets)


def program(kind, unit):
    """Return the path of plain_UNIT or time_UNIT."""
    return common.program(unit).with_name("%s_%s" % (kind, unit))


def turn(unit, seed, seconds):
    """Measure everything once, one right behind the other."""
    flags = ("-max_total_time=%d" % seconds, "-seed=%d" % seed, "-keep_seed=1")
    dictionary = "-dict=%s" % common.DICTIONARY
    done = {"bare": measure.empty(*flags),
            "empty": measure.empty(*flags, unit=unit),
            "plain": measure.fuzz(program("plain", unit), unit, dictionary, *flags)}
    if unit in common.mutated():
        done["mutator"] = measure.fuzz(common.program(unit), unit, dictionary, *flags)
    for name, one in done.items():
        if one.status or not one.executions:
            raise common.Fault("'%s' over the corpus of '%s' ended with status %d:\n%s"
                               % (name, unit, one.status, one.log[-2000:]))
    rates = {name: one.rate() for name, one in done.items()}
    rates["no engine"] = alone(unit, seconds)
    return rates


def alone(unit, seconds):
    """Return executions per CPU-second of the harness over its corpus, without an engine."""
    done = measure.run([program("time", unit), seconds, *measure.corpus(unit)], 60 + 10 * seconds)
    words = done.log.split()
    if done.status or len(words) < 4:
        raise common.Fault("'time_%s' ended with status %d: %s" % (unit, done.status, done.log))
    return int(words[0]) / float(words[-2])


def summary(unit, rounds):
    """Return the medians of a harness's rounds."""
    sizes = [path.stat().st_size for path in measure.corpus(unit)]
    result = {"harness": unit, "bytes": round(sum(sizes) / len(sizes)), "ratios": {}}
    for name in rounds[0]:
        result[name] = round(measure.median([rates[name] for rates in rounds]))
        result["ratios"][name] = round(measure.median(
            [rates[name] / rates["bare"] for rates in rounds]), 4)
    return result


def show(result):
    """Print one line."""
    mutator, ratios = result.get("mutator"), result["ratios"]
    print("%-20s %6d %10d %10d %7.3f %10s %7s %10d" % (
        result["harness"], result["bytes"], result["empty"], result["plain"], ratios["plain"],
        mutator or "", "%.3f" % ratios["mutator"] if mutator else "", result["no engine"]),
        flush=True)
