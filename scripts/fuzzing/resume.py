# SPDX-License-Identifier: Apache-2.0
"""fuzz resume: goes on with campaigns that were stopped or killed."""

import argparse

from fuzzing import campaign as campaigns
from fuzzing import common, start

EXAMPLES = """examples:
  scripts/fuzz resume client_hello                goes on, with the settings of its start
  scripts/fuzz resume all --jobs 2 --time 1h      another hour for every campaign there is

A campaign that was killed loses the numbers of five seconds at most, and no find."""


def add_parser(subparsers):
    """Add the verb."""
    parser = subparsers.add_parser(
        "resume", help="go on with campaigns that were stopped or killed",
        description="Go on with campaigns that were stopped or killed.",
        epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("harness", nargs="+", metavar="HARNESS",
                        help="the name behind fuzz_, or 'all': every campaign there is")
    parser.add_argument("--jobs", type=common.count, metavar="N",
                        help="fuzzers at a time, over all harnesses together (as before)")
    parser.add_argument("--time", type=common.duration, metavar="TIME",
                        help="end after so long from now (what is left of the time of the start)")
    campaigns.add_dir(parser)


def run(args):
    """Go on with the campaigns that do not run."""
    chosen = campaigns.select(args.dir, args.harness)
    if not chosen:
        raise common.UsageError("there is no campaign in '%s'" % args.dir)
    running = [campaign.unit for campaign in chosen if campaign.is_held()]
    chosen = [campaign for campaign in chosen if campaign.unit not in running]
    if not chosen:
        raise common.UsageError("nothing to resume: %s %s running already" % (
            start.names(running), "is" if len(running) == 1 else "are"))
    plan = plan_of(args, chosen)
    rebuild(chosen)
    for campaign in chosen:
        campaign.data.update(run=dict(plan), state="resuming")
        campaign.save()
    start.supervise(args.dir, chosen)
    left = plan["time"] and plan["time"] - plan["elapsed"]
    print("resumed %s, %d %s at a time%s" % (
        start.names(plan["units"]), plan["jobs"], "fuzzer" if plan["jobs"] == 1 else "fuzzers",
        " for " + common.span_of_time(left) if left else ""))
    return 0


def plan_of(args, chosen):
    """Return units, jobs and time of what goes on."""
    runs = [campaign.data["run"] for campaign in chosen]
    plan = {"units": [campaign.unit for campaign in chosen],
            "jobs": args.jobs or max(run["jobs"] for run in runs), "time": args.time,
            "elapsed": 0.0}
    if not args.time and all(run["time"] for run in runs):
        plan["time"] = max(run["time"] for run in runs)
        plan["elapsed"] = max(run["elapsed"] for run in runs)
        if plan["time"] - plan["elapsed"] < 1:
            raise common.UsageError("%s had the %s that 'fuzz start' gave; --time gives more" % (
                start.names(plan["units"]), common.span_of_time(plan["time"])))
    return plan


def rebuild(chosen):
    """Bring the harnesses up to date, unless somebody named the program."""
    for engine in common.BUILDS:
        units = [campaign.unit for campaign in chosen if campaign.data["engine"] == engine
                 and campaign.program() == common.program(campaign.unit, engine)]
        if units:
            common.build_harnesses(units, engine)
    for campaign in chosen:
        campaign.data["commit"], campaign.data["dirty"] = campaigns.revision()
