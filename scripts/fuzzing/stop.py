# SPDX-License-Identifier: Apache-2.0
"""fuzz stop: ends campaigns in order, and waits until no process of theirs is left."""

import argparse
import signal

from fuzzing import campaign as campaigns
from fuzzing import common, processes, start

EXAMPLES = """examples:
  scripts/fuzz stop                   every campaign
  scripts/fuzz stop client_hello      this one; those that run beside it go on"""
# Fuzzers get ten seconds to end, and AFL++'s main instance synchronises once more.
PATIENCE_S = 40


def add_parser(subparsers):
    """Add the verb."""
    parser = subparsers.add_parser(
        "stop", help="end campaigns, and wait until they have ended",
        description="End campaigns, and wait until no process of theirs is left.",
        epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("harness", nargs="*", metavar="HARNESS")
    campaigns.add_dir(parser)


def run(args):
    """Ask the supervisors, wait, and clear up after those that are gone."""
    chosen = campaigns.select(args.dir, args.harness)
    running = [campaign for campaign in chosen if campaign.is_held()]
    for campaign in running:
        campaign.stop_file.touch()
    processes.wait_for(lambda: not still(running), PATIENCE_S, 0.2)
    common.progress("")
    for campaign in running:
        if campaign.is_held():
            kill(campaign)
    for campaign in chosen:
        campaign.load()
        if campaign.state() == "killed" and campaign.hold():
            campaign.clear_leftovers()
            campaign.data.update(state="stopped", supervisor=None)
            campaign.save()
            campaign.let_go()
            running.append(campaign)
    units = [campaign.unit for campaign in chosen if campaign in running]
    print("stopped %s" % start.names(units) if units else "nothing is running")
    return 0


def still(running):
    """Return the campaigns that have not ended yet, and show how many those are."""
    left = [campaign for campaign in running if campaign.is_held()]
    common.progress("waiting for %s" % start.names([campaign.unit for campaign in left])
                    if left else "")
    return left


def kill(campaign):
    """End a supervisor that does not listen."""
    common.say("the supervisor of '%s' does not answer, and is killed" % campaign.unit)
    who = campaign.load().data["supervisor"]
    if who:
        processes.send(who, signal.SIGKILL)
    processes.wait_for(lambda: not campaign.is_held(), 5)
