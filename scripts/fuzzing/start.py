# SPDX-License-Identifier: Apache-2.0
"""fuzz start: builds the harnesses and begins campaigns over them in the background."""

import argparse
import os
import random
import re
import socket
import subprocess
import sys
from pathlib import Path

from fuzzing import campaign as campaigns
from fuzzing import common, processes

EXAMPLES = """examples:
  scripts/fuzz start client_hello                    one job, until it is stopped
  scripts/fuzz start client_hello stream --jobs 2 --time 90m
  scripts/fuzz start all --jobs 2 --time 1h          every harness, an equal share of CPU each
  scripts/fuzz start handshake --engine afl --jobs 4 --cmplog
  scripts/fuzz start handshake --engine afl --jobs 2 --sync /mnt/shared --main
  scripts/fuzz start client_hello --fresh            sets aside the campaign that is there"""
READY_S = 30


def add_parser(subparsers):
    """Add the verb."""
    parser = subparsers.add_parser(
        "start", help="build harnesses and begin campaigns over them in the background",
        description="Build harnesses and begin campaigns over them in the background.",
        epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("harness", nargs="+", metavar="HARNESS",
                        help="the name behind fuzz_, or 'all'")
    parser.add_argument("--engine", choices=("libfuzzer", "afl"), default="libfuzzer")
    parser.add_argument("--jobs", type=common.count, default=1, metavar="N",
                        help="fuzzers at a time, over all harnesses together (1)")
    parser.add_argument("--time", type=common.duration, metavar="TIME",
                        help="end after so long: 90, 5m, 2h (until it is stopped)")
    parser.add_argument("--seed", type=common.count, metavar="N",
                        help="of the first fuzzer's random numbers (chosen by chance, and kept)")
    campaigns.add_dir(parser)
    parser.add_argument("--sync", type=Path, metavar="DIR",
                        help="a folder that other machines fuzz in as well")
    parser.add_argument("--main", action="store_true",
                        help="with --sync and afl: this machine has the one -M of all")
    parser.add_argument("--host", metavar="NAME", default=socket.gethostname(),
                        help="this machine's name in the shared folder (its host name)")
    parser.add_argument("--cmplog", action="store_true",
                        help="afl: the last instance solves comparisons with CMPLOG")
    parser.add_argument("--fresh", action="store_true",
                        help="set an earlier campaign aside, as HARNESS.old-N")
    parser.add_argument("--program", type=Path, metavar="FILE",
                        help="fuzz this program of the harness, and build nothing")


def run(args):
    """Begin the campaigns, and say where they are."""
    units = common.choose(args.harness)
    if "all" in args.harness:
        # It measures engines: there is nothing to find in it.
        units.remove("empty")
    check(args, units)
    chosen = [campaigns.Campaign(args.dir, unit) for unit in units]
    refuse_what_is_there(chosen, args.fresh)
    built = build(args, units)
    chosen = [campaign for campaign in chosen if is_there(campaign.unit, built[campaign.unit])]
    units = [campaign.unit for campaign in chosen]
    if not units:
        raise common.Fault("there is no program to fuzz")
    commit, is_dirty = campaigns.revision()
    for campaign in chosen:
        if campaign.exists():
            common.say("the campaign before is now in '%s'" % campaign.set_aside())
        campaign.create({
            "engine": args.engine, **built[campaign.unit], "commit": commit, "dirty": is_dirty,
            "seeds": str((common.CORPUS / campaign.unit).relative_to(common.ROOT)),
            "seed": args.seed or random.randrange(1, 1 << 31), "seeded": bool(args.seed),
            "flags": [],
            "max_len": common.input_max(campaign.unit), "host": host(args.host),
            "sync": str(args.sync.resolve()) if args.sync else None,
            "main": args.engine == "afl" and (args.main or not args.sync),
            "run": {"units": units, "jobs": args.jobs, "time": args.time, "elapsed": 0.0}})
    supervise(args.dir, chosen)
    print("started %s, %d %s at a time%s, in '%s'" % (
        names(units), args.jobs, "fuzzer" if args.jobs == 1 else "fuzzers",
        " for " + common.span_of_time(args.time) if args.time else "",
        common.short(args.dir)))
    return 0


def check(args, units):
    """Refuse options that say nothing together."""
    if args.engine != "afl" and (args.cmplog or args.main):
        raise common.UsageError("%s is an option of --engine afl"
                                % ("--cmplog" if args.cmplog else "--main"))
    if args.main and not args.sync:
        raise common.UsageError("--main says something only with --sync: alone, the first instance "
                                "is the main one")
    if args.cmplog and args.jobs == 1:
        raise common.UsageError("--cmplog needs two jobs at least: one of them compares")
    if args.program and (len(units) != 1 or not os.access(args.program, os.X_OK)):
        raise common.UsageError("--program takes an executable file and one harness; got '%s' and "
                                "%s" % (args.program, names(units)))
    if args.sync and not args.sync.is_dir():
        raise common.UsageError("'%s' of --sync is no folder" % args.sync)


def refuse_what_is_there(chosen, is_fresh):
    """Refuse to begin where a campaign runs, or where one is and nobody said --fresh."""
    running = [campaign.unit for campaign in chosen if campaign.is_held()]
    if running:
        raise common.UsageError("%s %s running: 'fuzz stop' ends that" % (
            names(running), "is" if len(running) == 1 else "are"))
    there = [campaign.unit for campaign in chosen if campaign.exists()]
    if there and not is_fresh:
        raise common.UsageError("there is a campaign over %s already: 'fuzz resume' goes on with "
                                "it, 'fuzz start --fresh' sets it aside" % names(there))


def build(args, units):
    """Build what the engine needs, and return for each unit the paths that campaign.json keeps."""
    if args.program:
        return {units[0]: paths(args.program.resolve(), units[0])}
    common.build_harnesses(units, args.engine)
    built = {unit: paths(common.program(unit, args.engine), unit) for unit in units}
    if args.engine == "afl":
        common.build("dev", "build/dev", ["mutators"])
        for unit in set(common.mutated()).intersection(units):
            built[unit]["mutator"] = "build/dev/harness/mutator_%s.so" % unit
    if args.cmplog:
        folder = "build/afl-cmplog"
        common.build("afl", folder, ["fuzz_" + unit for unit in units],
                     env={"AFL_LLVM_CMPLOG": "1"})
        for unit in units:
            built[unit]["cmplog"] = "%s/harness/fuzz_%s" % (folder, unit)
    return built


def is_there(unit, built):
    """Say whether a harness has a program for this engine; not every library builds for both."""
    there = (common.ROOT / built["program"]).is_file()
    if not there:
        common.say("'%s' is left out: the build makes no '%s'" % (unit, built["program"]))
    return there


def paths(program, unit):
    """Return a unit's programs: what is fuzzed, what replays, and what AFL++ has beside."""
    return {"program": below_root(program), "twin": below_root(common.program(unit)),
            "mutator": None, "cmplog": None}


def below_root(path):
    """Return a path as it is kept: relative where it is in the tree."""
    return str(path.relative_to(common.ROOT) if path.is_relative_to(common.ROOT) else path)


def host(name):
    """Return a machine's name as AFL++ takes it."""
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")[:20] or "host"


def names(units):
    """Return a few names, or how many there are."""
    if len(units) > 5:
        return "%d harnesses" % len(units)
    return ", ".join("'%s'" % unit for unit in units)


def supervise(base, chosen):
    """Start the supervisor, detached, and wait until it has taken all of these campaigns."""
    base = Path(base).resolve()
    log = base / "supervisor.log"
    words = [sys.executable, str(common.ROOT / "scripts" / "fuzz"), "supervise", "--dir",
             str(base), *(campaign.unit for campaign in chosen)]
    with open(log, "ab") as file:
        at = file.tell()
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=file, stderr=file,
                                   cwd=common.ROOT, start_new_session=True)

    def is_ready():
        return process.poll() is not None or all(
            campaign.load().data["state"] not in ("new", "resuming") for campaign in chosen)

    is_in_time = processes.wait_for(is_ready, READY_S + len(chosen))
    if not is_in_time or process.poll() is not None and process.returncode != 0:
        said = log.read_bytes()[at:].decode(errors="replace").strip().splitlines()
        raise common.Fault("the supervisor did not take the campaigns over: %s"
                           % (said[-1] if said else "it says nothing (log: '%s')" % log))
