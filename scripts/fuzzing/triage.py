# SPDX-License-Identifier: Apache-2.0
"""fuzz triage: what campaigns found, by oracle and place, minimised, and as regression files."""

import argparse
import concurrent.futures
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from fuzzing import campaign as campaigns
from fuzzing import common, crashes, describe, resume, shrink

EXAMPLES = """examples:
  scripts/fuzz triage client_hello                     the groups, each with its smallest input
  scripts/fuzz triage client_hello --write odd-suites  corpus/client_hello/fixed-odd-suites
  scripts/fuzz triage stream --group 2 --write lost-byte
  scripts/fuzz triage all --seconds 5 --json
  scripts/fuzz triage stream --forget                  removes what does not fail any more

exit status: 1 when an input fails for which no regression file was written, otherwise 0"""
REGRESSIONS = "REGRESSIONS.tsv"
HEADER = "# What each regression file is: file, oracle that it broke, and the input in words.\n"
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def add_parser(subparsers):
    """Add the verb."""
    parser = subparsers.add_parser(
        "triage", help="group what was found, and make regression files of it",
        description="Replay what was found under AddressSanitizer and UBSan, group it by oracle "
        "and stack, minimise the smallest of each group, and say in words what it is.",
        epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("harness", nargs="+", metavar="HARNESS")
    parser.add_argument("--write", metavar="NAME",
                        help="write corpus/HARNESS/fixed-NAME and its line in " + REGRESSIONS)
    parser.add_argument("--group", type=common.count, metavar="N", help="the group to write")
    parser.add_argument("--seconds", type=common.duration, default=20, metavar="TIME",
                        help="for minimising each group (20)")
    parser.add_argument("--forget", action="store_true",
                        help="remove artifacts that do not fail any more")
    parser.add_argument("--json", action="store_true", help="for machines")
    campaigns.add_dir(parser)
    add_corpus(parser)


def add_corpus(parser):
    """Add the option --corpus."""
    parser.add_argument("--corpus", type=Path, default=common.CORPUS, metavar="DIR",
                        help="where committed inputs are, a folder a harness (corpus)")


def run(args):
    """Print the groups, and write the one that was asked for."""
    chosen = campaigns.select(args.dir, args.harness)
    if args.write and (len(chosen) != 1 or not NAME.fullmatch(args.write)):
        raise common.UsageError("--write takes a name of small letters, digits and hyphens, and "
                                "one harness; got '%s' and %d" % (args.write, len(chosen)))
    resume.rebuild(chosen)
    results = []
    for campaign in chosen:
        groups = groups_of(campaign, args)
        wanted = group_to_write(campaign, groups, args)
        for group in groups:
            if group is wanted or not args.write:
                minimise(campaign, group, args.seconds)
        if wanted:
            write(campaign, wanted, args)
        results.append((campaign, groups))
    show(results, args)
    return any(group["finding"].is_failure() and not group["written"]
               for _, groups in results for group in groups)


def groups_of(campaign, args):
    """Replay all artifacts, and return the groups, the largest first."""
    paths, groups = campaign.artifacts(), {}
    with tempfile.TemporaryDirectory() as scratch, \
            concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        replays = pool.map(lambda path: replay(campaign, path, scratch), paths)
        for number, (path, finding) in enumerate(zip(paths, replays), 1):
            common.progress("%s: %d of %d replayed" % (campaign.unit, number, len(paths)))
            group = groups.setdefault(finding.key(), {"finding": finding, "paths": []})
            group["paths"].append(path)
    common.progress("")
    for group in groups.values():
        group["paths"].sort(key=lambda path: (path.stat().st_size, path.name))
        group.update(input=group["paths"][0].read_bytes(), minimised=False, written=None)
        if args.forget and not group["finding"].is_failure():
            for path in group["paths"]:
                path.unlink()
    return sorted(groups.values(), key=lambda group: (not group["finding"].is_failure(),
                                                      -len(group["paths"]), str(group["finding"])))


def replay(campaign, path, scratch):
    """Replay an artifact under sanitizers, and one of AFL++'s that passes there without them."""
    finding = crashes.replay(campaign.asan_program(), path, scratch)
    if not finding.is_failure() and campaign.data["engine"] == "afl":
        return crashes.replay_plain(campaign.program(), path)
    return finding


def group_to_write(campaign, groups, args):
    """Return the group that --write and --group mean, or None."""
    if not args.write:
        return None
    failing = [group for group in groups if group["finding"].is_failure()]
    if not failing:
        raise common.UsageError("nothing of '%s' fails, so there is nothing to write"
                                % campaign.unit)
    if not args.group and len(failing) > 1:
        raise common.UsageError("'%s' has %d groups: say which with --group"
                                % (campaign.unit, len(failing)))
    if (args.group or 1) > len(failing):
        raise common.UsageError("'%s' has no group %d, the last is %d"
                                % (campaign.unit, args.group, len(failing)))
    return failing[(args.group or 1) - 1]


def minimise(campaign, group, seconds):
    """Minimise a group's smallest input; what breaks another oracle then is not taken."""
    finding, before = group["finding"], group["input"]
    if not finding.is_failure() or len(before) < 2 or finding.oracle == "timeout":
        return
    common.progress("%s: minimising %d bytes" % (campaign.unit, len(before)))
    with tempfile.TemporaryDirectory() as scratch:
        path, out = Path(scratch) / "in", Path(scratch) / "out"
        if finding.oracle.endswith(crashes.PLAIN):
            data, command = before, tmin(campaign, path, out)
        else:
            data = shrink.shrink(campaign.asan_program(), campaign.unit, before, finding.key(),
                                 seconds / 2)
            command = minimize_crash(campaign, path, out, scratch, seconds / 2)
        path.write_bytes(data)
        run_for(*command, seconds / 2 + 5, scratch)
        after = out.read_bytes() if out.is_file() else data
        # AFL++ also puts zeros where bytes do not matter.
        if after != data and 0 < len(after) <= len(data) \
                and replay(campaign, out, scratch).key() == finding.key():
            data = after
    group.update(input=data, minimised=data != before)
    common.progress("")


def minimize_crash(campaign, path, out, scratch, seconds):
    """Return libFuzzer's command for minimising; it goes on as long as an input gets smaller."""
    return [str(campaign.asan_program()), *crashes.flags(), "-minimize_crash=1", "-runs=100000",
            "-max_total_time=%d" % max(1, seconds / 2), "-exact_artifact_path=%s" % out,
            "-artifact_prefix=%s/" % scratch, "-dict=%s" % common.DICTIONARY, str(path)], \
        crashes.environment()


def tmin(campaign, path, out):
    """Return AFL++'s command for minimising."""
    return ["afl-tmin", "-i", str(path), "-o", str(out), "-t", "5000", "--",
            str(campaign.program())], {**os.environ, "AFL_QUIET": "1"}


def run_for(words, env, seconds, cwd):
    """Run a program, and end it with all that it started when its time is over."""
    process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, env=env, cwd=cwd,
                               start_new_session=True)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        pass
    finally:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()


def write(campaign, group, args):
    """Write the regression file and its line."""
    name = "fixed-" + args.write
    folder = args.corpus / campaign.unit
    folder.mkdir(parents=True, exist_ok=True)
    common.write_atomically(folder / name, group["input"])
    group["written"] = str(folder / name)
    table = args.corpus / REGRESSIONS
    lines = table.read_text().splitlines(True)[1:] if table.exists() else []
    file = "%s/%s" % (campaign.unit, name)
    lines = [line for line in lines if not line.startswith(file + "\t")]
    words = (file, str(group["finding"]), describe.describe(campaign.unit, group["input"]))
    lines.append("\t".join(re.sub(r"\s+", " ", word) for word in words) + "\n")
    common.write_atomically(table, HEADER + "".join(sorted(lines)))


def show(results, args):
    """Print the groups, as text or as JSON."""
    if args.json:
        json.dump({"format": 1, "harnesses": [
            {"harness": campaign.unit, "groups": [plain(campaign, group) for group in groups]}
            for campaign, groups in results]}, sys.stdout, indent=1)
        print()
        return
    for campaign, groups in results:
        total = sum(len(group["paths"]) for group in groups)
        print("%s: %s in %s" % (campaign.unit, describe.counted(total, "artifact"),
                                describe.counted(len(groups), "group"))
              if total else "%s: nothing was found" % campaign.unit)
        for number, group in enumerate(groups, 1):
            show_group(campaign, number, group, args)


def show_group(campaign, number, group, args):
    """Print one group."""
    says, finding = plain(campaign, group), group["finding"]
    print("\n%d. %s" % (number, finding))
    for frame in finding.frames:
        print("     in " + frame)
    print("   %s, the smallest is %s" % (describe.counted(says["count"], "artifact"),
                                         common.short(says["smallest"])))
    if not finding.is_failure():
        if args.forget:
            print("   removed")
        return
    print("   %s%d bytes: %s" % ("minimised to " if says["minimised"] else "", says["bytes"],
                                 says["sentence"]))
    if says["written"]:
        print("   written to %s" % common.short(says["written"]))
    else:
        print("   --%swrite NAME makes it %s/fixed-NAME" % (
            "group %d --" % number if number > 1 else "",
            common.short(args.corpus / campaign.unit)))


def plain(campaign, group):
    """Return what is said of a group."""
    finding = group["finding"]
    return {"oracle": finding.oracle, "place": finding.place, "frames": list(finding.frames),
            "count": len(group["paths"]), "smallest": str(group["paths"][0]),
            "minimised": group["minimised"], "bytes": len(group["input"]),
            "sentence": describe.describe(campaign.unit, group["input"]),
            "written": group["written"]}
