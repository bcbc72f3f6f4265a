# SPDX-License-Identifier: Apache-2.0
"""fuzz merge: brings what campaigns found beyond the committed corpus into it."""

import argparse
import tempfile
from pathlib import Path

from fuzzing import afl, campaign as campaigns
from fuzzing import common, features, libfuzzer, resume, triage

EXAMPLES = """examples:
  scripts/fuzz merge client_hello              corpus/client_hello/min-*
  scripts/fuzz merge all --max-files 100
  scripts/fuzz merge stream --from DIR         from a folder, without a campaign
  scripts/fuzz merge all --dry-run

Named seeds and fixed-* stay as they are. min-* is what is needed beside them: those that are not
any more are removed. Merging the same twice changes nothing."""


def add_parser(subparsers):
    """Add the verb."""
    parser = subparsers.add_parser(
        "merge", help="bring what campaigns found into corpus/",
        description="Bring the smallest set of inputs that has every feature which campaigns found "
        "beyond the committed corpus into that corpus, as min-DIGEST.",
        epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("harness", nargs="+", metavar="HARNESS")
    parser.add_argument("--from", dest="source", type=Path, metavar="DIR",
                        help="inputs of one harness, instead of its campaign")
    parser.add_argument("--max-files", type=common.count, default=200, metavar="N",
                        help="files of min-* for each harness (200)")
    parser.add_argument("--max-bytes", type=common.count, default=16384, metavar="N",
                        help="bytes of the longest of them (16384)")
    parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
    campaigns.add_dir(parser)
    triage.add_corpus(parser)


def run(args):
    """Merge each harness, and say what changed."""
    for unit, program, paths in sources(args):
        common.progress("%s: measuring %d inputs" % (unit, len(paths)))
        with tempfile.TemporaryDirectory() as scratch:
            # A campaign that runs replaces inputs by shorter ones: these stay.
            campaigns.take(paths, Path(scratch))
            text = merge(unit, program, campaigns.visible(Path(scratch)), args)
        common.progress("")
        print("%s: %s" % (unit, text))
    return 0


def sources(args):
    """Return unit, program and inputs of everything that is to be merged."""
    if args.source:
        units = common.choose(args.harness)
        if len(units) != 1 or not args.source.is_dir():
            raise common.UsageError("--from takes a folder and one harness; got '%s' and %d"
                                    % (args.source, len(units)))
        common.build_harnesses(units)
        return [(units[0], common.program(units[0]), campaigns.visible(args.source))]
    chosen = campaigns.select(args.dir, args.harness)
    resume.rebuild(chosen)
    twins = [campaign.unit for campaign in chosen if campaign.data["engine"] == "afl"]
    if twins:
        common.build_harnesses(twins)
    return [(campaign.unit, campaign.asan_program(), inputs(campaign)) for campaign in chosen]


def inputs(campaign):
    """Return what a campaign holds, its queues included."""
    found = libfuzzer.inputs(campaign)
    return found + afl.inputs(campaign) if campaign.data["engine"] == "afl" else found


def merge(unit, program, paths, args):
    """Choose what is worth committing, write it, and return a sentence."""
    folder = args.corpus / unit
    committed = campaigns.visible(folder)
    base = [path for path in committed if not path.name.startswith("min-")]
    present = {path.name: path for path in committed if path.name.startswith("min-")}
    offered = candidates(base, list(present.values()) + list(paths), args.max_bytes)
    max_len = common.input_max(unit, folder)
    has = features.measure(program, base + list(offered.values()), max_len)
    already = set().union(*(has.get(path, ()) for path in base))
    offers = {name: has[path] for name, path in offered.items() if path in has}
    sizes = {name: offered[name].stat().st_size for name in offers}
    chosen = features.cover(sizes, offers, already, args.max_files)
    reached = already.union(*(offers[name] for name in chosen))
    missed = len(set().union(*offers.values()) - reached)
    added = [name for name in chosen if name not in present]
    gone = [name for name in present if name not in chosen]
    if not args.dry_run:
        folder.mkdir(parents=True, exist_ok=True)
        for name in added:
            common.write_atomically(folder / name, offered[name].read_bytes())
        for name in gone:
            present[name].unlink()
    return sentence(len(base), len(already), len(chosen), sum(sizes[name] for name in chosen),
                    len(reached), len(added), len(gone), missed)


def candidates(base, paths, max_bytes):
    """Return {min-DIGEST: path} of what is short enough, and not in the base already."""
    known = {campaigns.digest(path) for path in base}
    offered = {}
    for path in paths:
        if 0 < path.stat().st_size <= max_bytes:
            name = campaigns.digest(path)
            if name not in known:
                offered.setdefault("min-" + name[:12], path)
    return offered


def sentence(base, features_before, files, size, features_after, added, gone, missed):
    """Return what became of the corpus."""
    text = "%d seeds have %d features; %d files of %s more make that %d (%d added, %d removed)" % (
        base, features_before, files, "%.1f kB" % (size / 1000), features_after, added, gone)
    return text + ("; %d features need more files than --max-files" % missed if missed else "")
