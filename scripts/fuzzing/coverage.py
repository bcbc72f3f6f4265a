# SPDX-License-Identifier: Apache-2.0
"""coverage: which lines and functions of the parser files the corpora reach, against their floors.

The replay programs are built with clang's source-based coverage and run over corpus/UNIT; what they
reach together is compared with harness/coverage.tsv.
"""

import concurrent.futures
import os
import subprocess
from pathlib import Path

from fuzzing import common
from fuzzing.coverage_data import Floors, Reached, read_lcov
from fuzzing.coverage_report import print_missing, print_table, write_index

BUILD = common.ROOT / "build" / "fuzz-coverage"
FLOORS = common.ROOT / "harness" / "coverage.tsv"
SOURCES = common.ROOT / "src"


def add_parser(subparsers):
    """Adds the verb and its options."""
    parser = subparsers.add_parser(
        "coverage", help="lines and functions that the corpora reach", description=__doc__)
    parser.add_argument("units", nargs="*", metavar="UNIT", default=["all"],
                        help="harnesses, or 'all' (the default)")
    parser.add_argument("--campaign", action="store_true",
                        help="replay build/campaigns/UNIT/corpus as well")
    parser.add_argument("--html", metavar="DIR", type=Path,
                        help="write a report: DIR/index.html, a page for each file and harness")
    parser.add_argument("--missing", action="store_true", help="print each line not reached")
    parser.add_argument("--check", action="store_true",
                        help="fail with a sentence for each floor that is not met")
    parser.add_argument("--record", action="store_true",
                        help="write what was reached into harness/coverage.tsv")
    parser.set_defaults(run=run)


def run(args):
    """Builds, replays, prints the table; status 1 where --check finds a floor not met."""
    units = common.choose(args.units)
    everything = set(units) == set(common.harnesses())
    if args.record and not everything:
        raise common.UsageError("'--record' is for all harnesses, not for some")
    floors = Floors(FLOORS, common.ROOT)
    build(units)
    profiles = replay_all(units, args.campaign)
    merged = merge(BUILD / "profiles" / "all.profdata", profiles)
    reached = export(units, merged)
    listed = floors.apply(reached)
    print_table(listed)
    if args.missing:
        print_missing(listed, common.ROOT)
    if args.html:
        write_html(args.html, units, profiles, merged, listed)
    if args.record:
        floors.record(listed)
    return check(floors, reached, listed, everything) if args.check else 0


def build(units):
    """Builds the replay programs; llvm-cov finds sources only where their paths are whole ones."""
    common.install("build", "test", "fuzz")
    common.build("fuzz-coverage", BUILD.relative_to(common.ROOT),
                 [f"replay_{unit}" for unit in units], env={"CCACHE_BASEDIR": ""})


def replay_all(units, campaign):
    """Replays every unit's corpus, two or more at a time; a profile for each unit."""
    (BUILD / "profiles").mkdir(exist_ok=True)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip(units, pool.map(lambda unit: replay(unit, campaign), units)))


def replay(unit, campaign):
    """Replays one corpus; the profile that this leaves."""
    folders = [common.CORPUS / unit]
    found = common.CAMPAIGNS / unit / "corpus"
    if campaign and found.is_dir():
        folders.append(found)
    raw = BUILD / "profiles" / f"{unit}.profraw"
    raw.unlink(missing_ok=True)
    program = BUILD / "harness" / f"replay_{unit}"
    done = subprocess.run([program, *folders], capture_output=True, text=True, check=False,
                          env={**os.environ, "LLVM_PROFILE_FILE": str(raw)})
    if done.returncode != 0 or not raw.exists():
        raise common.Fault(f"'replay_{unit}' failed over its corpus with status "
                           f"{done.returncode}: {done.stderr.strip()}")
    return raw


def merge(out, profiles):
    """Several profiles as one indexed file."""
    command = [common.tool("llvm-profdata"), "merge", "-sparse", "-o", out, *profiles.values()]
    common.run(command)
    return out


def binaries(units):
    """The replay programs as llvm-cov wants them named: the first one bare."""
    programs = [str(BUILD / "harness" / f"replay_{unit}") for unit in units]
    return programs[:1] + [word for program in programs[1:] for word in ("-object", program)]


def export(units, profile):
    """What was reached, by file below src/."""
    text = common.run([common.tool("llvm-cov"), "export", "-format=lcov",
                       f"-instr-profile={profile}", *binaries(units), str(SOURCES)])
    return read_lcov(text, common.ROOT)


def write_html(folder, units, profiles, merged, listed):
    """A page for all harnesses together, one for each, and the index that leads to them."""
    show(folder / "all", units, merged, [one for one, _ in listed])
    numbers = {}
    for unit in units:
        profile = merge(BUILD / "profiles" / f"{unit}.profdata", {unit: profiles[unit]})
        alone = export([unit], profile)
        met = [one for one in alone.values() if one.lines_reached]
        show(folder / unit, [unit], profile, met)
        numbers[unit] = Reached.total(met)
    write_index(folder / "index.html", numbers, listed)
    print(f"{folder / 'index.html'}: {len(units)} harnesses")


def show(folder, units, profile, files):
    """llvm-cov's own pages for these files."""
    folder.mkdir(parents=True, exist_ok=True)
    if files:
        common.run([common.tool("llvm-cov"), "show", "-format=html", f"-output-dir={folder}",
                    f"-instr-profile={profile}", *binaries(units),
                    *[one.named for one in files]])


def check(floors, reached, listed, everything):
    """A sentence for each miss; those about the list itself only when everything was replayed."""
    misses = floors.misses(listed)
    if everything:
        misses += floors.faults(reached)
    for miss in misses:
        print(miss)
    print("every floor is met" if not misses else f"{len(misses)} floors are not met")
    return 1 if misses else 0
