# SPDX-License-Identifier: Apache-2.0
"""fuzz minimize: leaves of a campaign's corpus what is needed to reach what it reaches."""

import argparse
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from fuzzing import afl, campaign as campaigns
from fuzzing import common, features, libfuzzer, resume

EXAMPLES = """examples:
  scripts/fuzz stop client_hello
  scripts/fuzz minimize client_hello
  scripts/fuzz resume client_hello"""


def add_parser(subparsers):
    """Add the verb."""
    parser = subparsers.add_parser(
        "minimize", help="shrink the corpus of campaigns to what it needs",
        description="Shrink the corpus of campaigns to a set of inputs that has the same features "
        "(libFuzzer, -set_cover_merge) or the same edges (AFL++, afl-cmin).",
        epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("harness", nargs="+", metavar="HARNESS")
    campaigns.add_dir(parser)


def run(args):
    """Minimise campaigns that do not run."""
    chosen = campaigns.select(args.dir, args.harness)
    running = [campaign.unit for campaign in chosen if not campaign.hold(0)]
    if running:
        raise common.UsageError("'%s' is running: 'fuzz stop' ends that" % running[0])
    resume.rebuild(chosen)
    for campaign in chosen:
        common.progress("%s: measuring" % campaign.unit)
        campaign.load().clear_leftovers()
        by_engine = minimize_afl if campaign.data["engine"] == "afl" else minimize_libfuzzer
        before, after, what = by_engine(campaign)
        common.progress("")
        print("%s: %d inputs of %d are left, with the same %s" % (
            campaign.unit, after, before, what))
        campaign.save()
        campaign.let_go()
    return 0


def minimize_libfuzzer(campaign):
    """Replace the corpus by a cover of its features."""
    paths = libfuzzer.inputs(campaign)
    has = features.measure(campaign.program(), paths, campaign.data["max_len"])
    chosen = features.cover({path: path.stat().st_size for path in has}, has)
    replace_corpus(campaign, chosen)
    return len(paths), len(chosen), "%d features" % len(set().union(*has.values()))


def minimize_afl(campaign):
    """Replace the queues by what afl-cmin leaves of them; the instances begin with that."""
    paths = afl.inputs(campaign) + libfuzzer.inputs(campaign)
    with tempfile.TemporaryDirectory() as scratch:
        inputs, left = Path(scratch) / "in", Path(scratch) / "out"
        inputs.mkdir()
        campaigns.take(paths, inputs)
        count = len(list(inputs.iterdir()))
        done = subprocess.run(
            ["afl-cmin", "-i", str(inputs), "-o", str(left), "-t", str(afl.TIMEOUT_MS), "--",
             str(campaign.program())], stdin=subprocess.DEVNULL, capture_output=True, check=False,
            env={**os.environ, "AFL_ALLOW_TMP": "1"})
        chosen = sorted(left.iterdir()) if left.is_dir() else []
        if done.returncode or not chosen:
            lines = done.stdout.decode(errors="replace").strip().splitlines()
            raise common.Fault("afl-cmin failed over '%s': %s"
                               % (campaign.unit, lines[-1] if lines else "it says nothing"))
        afl.collect(campaign)
        replace_corpus(campaign, chosen)
    for folder in afl.instances(campaign):
        shutil.rmtree(folder)
    return count, len(chosen), "edges"


def replace_corpus(campaign, paths):
    """Put these files in the place of the corpus; a kill leaves one or the other."""
    new = campaign.folder / "corpus.new"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    for path in paths:
        shutil.copy2(path, new / path.name)
    kept = {path.name for path in new.iterdir()}
    # Seeds that are not needed must not come back when the campaign goes on.
    dropped = {campaigns.digest(path) for path in campaigns.visible(campaign.seeds())} - kept
    campaign.data["aside"] = sorted(dropped.union(campaign.data["aside"]))
    before = campaign.folder / "corpus.before"
    campaign.corpus.rename(before)
    new.rename(campaign.corpus)
    shutil.rmtree(before)
