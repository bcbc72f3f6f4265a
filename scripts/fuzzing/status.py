# SPDX-License-Identifier: Apache-2.0
"""fuzz status: a line a campaign."""

import argparse
import json
import sys
import time

from fuzzing import afl, campaign as campaigns, common, libfuzzer

EXAMPLES = """examples:
  scripts/fuzz status
  scripts/fuzz status client_hello --json

state: running, stopped (by hand), finished (its time is over), failed (it cannot be started), or
killed (without having been stopped: 'fuzz resume' goes on with it)"""
ENGINES = {"libfuzzer": libfuzzer, "afl": afl}
# Title, member, and whether it stands at the right.
COLUMNS = (("harness", "harness", False), ("engine", "engine", False), ("state", "state", False),
           ("job time", "time", True), ("executions", "executions", True),
           ("per CPU-s", "per_cpu_second", True), ("edges", "edges", True),
           ("features", "features", True), ("corpus", "corpus", True),
           ("found", "artifacts", True), ("last new", "last_new", True),
           ("stable", "stability", True))


def add_parser(subparsers):
    """Add the verb."""
    parser = subparsers.add_parser(
        "status", help="say how far campaigns are", description="Say how far campaigns are.",
        epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("harness", nargs="*", metavar="HARNESS")
    parser.add_argument("--json", action="store_true", help="for machines")
    campaigns.add_dir(parser)


def run(args):
    """Print the table, or the same as JSON."""
    rows = [row_of(campaign) for campaign in campaigns.select(args.dir, args.harness)]
    if args.json:
        json.dump({"format": 1, "campaigns": rows}, sys.stdout, indent=1)
        print()
    elif not rows:
        print("no campaigns in '%s'" % common.short(args.dir))
    else:
        print_table(rows)
    return 0


def row_of(campaign):
    """Return what there is to say about a campaign."""
    totals = campaign.load().now()
    data = campaign.data
    engine = ENGINES[data["engine"]]
    engine.look(campaign)
    inputs = engine.inputs(campaign)
    kinds = {}
    for path in campaign.artifacts():
        kind = campaigns.kind_of(path)
        kinds[kind] = kinds.get(kind, 0) + 1
    return {
        "harness": campaign.unit, "engine": data["engine"], "state": campaign.state(),
        "reason": data["reason"], "jobs": data["run"]["jobs"], "seconds": totals["seconds"],
        "cpu_seconds": totals["cpu"], "executions": totals["executions"],
        "per_cpu_second": totals["executions"] / totals["cpu"] if totals["cpu"] >= 1 else None,
        "launches": totals["launches"], **data["coverage"], "corpus": len(inputs),
        "artifacts": kinds, "last_new": last_new(inputs), "commit": data["commit"],
        "dirty": data["dirty"], "seed": data["seed"], "folder": str(campaign.folder)}


def last_new(inputs):
    """Return when the newest input was found, in seconds since 1970, or None."""
    newest = 0
    for path in inputs:
        try:
            if ",orig:" not in path.name:
                newest = max(newest, path.stat().st_mtime)
        except OSError:
            continue
    return newest or None


def shown(row):
    """Return the texts of a row."""
    found = sum(row["artifacts"].values())
    ago = row["last_new"] and time.time() - row["last_new"]
    return {
        **row, "time": common.span_of_time(row["seconds"]),
        "executions": "{:,}".format(row["executions"]),
        "per_cpu_second": "{:,.0f}".format(row["per_cpu_second"]) if row["per_cpu_second"] else "-",
        "edges": row["edges"] or "-", "features": row["features"] or "-",
        "artifacts": found or "-",
        "last_new": common.span_of_time(ago) + " ago" if ago is not None else "-",
        "stability": "%.4g%%" % row["stability"] if row["stability"] else "-"}


def print_table(rows):
    """Print the columns that say something, a line about all, and why those failed that did."""
    texts = [{name: str(value) for name, value in shown(row).items()} for row in rows]
    columns = [column for column in COLUMNS
               if column[1] != "stability" or any(row["stability"] for row in rows)]
    widths = [max(len(title), *(len(text[member]) for text in texts))
              for title, member, _ in columns]
    lines = [[title for title, _, _ in columns]] + \
            [[text[member] for _, member, _ in columns] for text in texts]
    for line in lines:
        cells = [cell.rjust(width) if column[2] else cell.ljust(width)
                 for cell, width, column in zip(line, widths, columns)]
        print("  ".join(cells).rstrip())
    if len(rows) > 1:
        print("%d campaigns, %d running: %s of CPU, %s executions, %d found" % (
            len(rows), sum(row["state"] == "running" for row in rows),
            common.span_of_time(sum(row["cpu_seconds"] for row in rows)),
            "{:,}".format(sum(row["executions"] for row in rows)),
            sum(sum(row["artifacts"].values()) for row in rows)))
    for row in rows:
        if row["state"] == "failed":
            print("%s: %s" % (row["harness"], row["reason"]))
