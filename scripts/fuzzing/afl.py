# SPDX-License-Identifier: Apache-2.0
"""The engine AFL++: one -M, the rest -S, in one output folder that machines may share."""

import shutil

from fuzzing import campaign as campaigns
from fuzzing import common, libfuzzer

TIMEOUT_MS = 5000
# What the instances behind the first do differently; the first has AFL++'s default.
SCHEDULES = ("fast", "explore", "rare", "coe", "lin", "exploit", "quad")
# For containers and machines that nobody set up for AFL++, and for being ended at any moment.
ENVIRONMENT = {
    "AFL_SKIP_CPUFREQ": "1", "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES": "1", "AFL_NO_UI": "1",
    "AFL_NO_AFFINITY": "1", "AFL_AUTORESUME": "1", "AFL_IMPORT_FIRST": "1", "AFL_SYNC_TIME": "1",
    "AFL_NO_CRASH_README": "1", "AFL_FORKSRV_INIT_TMOUT": "60000",
}


def roles(data):
    """Return the names of the instances of this machine."""
    names = ["s%d-%s" % (number, data["host"]) for number in range(data["run"]["jobs"])]
    if data["main"]:
        names[0] = "main-" + data["host"]
    return names


def has_mutator(data, index):
    """Say whether an instance gets our mutator: every second one, and one that is alone."""
    return bool(data["mutator"]) and (index % 2 == 1 or data["run"]["jobs"] == 1)


def has_cmplog(data, index):
    """Say whether an instance compares with CMPLOG: the last one, where that was asked for."""
    return bool(data["cmplog"]) and index == data["run"]["jobs"] - 1


def foreign(campaign):
    """Return -F for each libFuzzer corpus in the folder that machines share."""
    if not campaign.data["sync"]:
        return []
    return [word for folder in sorted(campaign.afl().glob("corpus-*")) for word in
            ("-F", str(folder))]


def command(campaign, role, serial, seconds):
    """Return the command of a launch, and what its environment has beside ours."""
    data = campaign.data
    index = roles(data).index(role)
    words = ["afl-fuzz", "-i", str(campaign.corpus), "-o", str(campaign.afl()),
             "-M" if role.startswith("main-") else "-S", role, "-x", str(common.DICTIONARY),
             "-G", str(data["max_len"]), "-t", str(TIMEOUT_MS),
             "-p", SCHEDULES[index % len(SCHEDULES)]]
    environment = dict(ENVIRONMENT)
    if role.startswith("main-"):
        words += foreign(campaign)
        environment["AFL_FINAL_SYNC"] = "1"
    if has_mutator(data, index):
        environment["AFL_CUSTOM_MUTATOR_LIBRARY"] = str(common.ROOT / data["mutator"])
    if has_cmplog(data, index):
        words += ["-c", str(common.ROOT / data["cmplog"]), "-l", "2"]
        environment["AFL_CMPLOG_ONLY_NEW"] = "1"
    if data["seeded"]:
        # Only on demand: with -s AFL++ takes every input for equally slow.
        words += ["-s", str((data["seed"] + serial) % (1 << 31) or 1)]
    if seconds:
        words += ["-V", str(max(1, int(seconds)))]
    campaign.afl().mkdir(parents=True, exist_ok=True)
    return words + ["--", str(campaign.program())], environment


def instances(campaign):
    """Return the folders of this machine's instances that are there."""
    return [folder for role in roles(campaign.data)
            if (folder := campaign.afl() / role).is_dir()]


def statistics(folder):
    """Return fuzzer_stats as a dictionary of texts."""
    try:
        lines = (folder / "fuzzer_stats").read_text().splitlines()
    except OSError:
        return {}
    return {name.strip(): value.strip() for name, _, value in
            (line.partition(":") for line in lines)}


def plotted(folder):
    """Return the edges in the last line of plot_data, which is newer than fuzzer_stats."""
    fields = libfuzzer.tail(folder / "plot_data", 400).decode(errors="replace").split("\n")[-2:]
    fields = fields[0].split(",") if len(fields) == 2 else []
    return int(fields[-1]) if len(fields) >= 13 and fields[-1].strip().isdecimal() else 0


def look(campaign):
    """Read from AFL++'s own files how far the instances are."""
    coverage = campaign.data["coverage"]
    for folder in instances(campaign):
        says = statistics(folder)
        edges = max(int(says.get("edges_found", 0)), plotted(folder))
        coverage["edges"] = max(coverage["edges"], edges)
    stability = [float(text) for folder in instances(campaign)
                 if (text := statistics(folder).get("stability", "").rstrip("%"))
                 and float(text) > 0]
    if stability:
        coverage["stability"] = min(stability)


def inputs(campaign):
    """Return the files of this machine's queues."""
    return [path for folder in instances(campaign) for path in folder.glob("queue/id:*")]


def collect(campaign):
    """Copy crashes and hangs to where those of libFuzzer are. AFL++ renames the folders when it
    resumes."""
    for kind in ("crash", "hang"):
        room = campaigns.ARTIFACTS_KEPT - len(list(campaign.crashes.glob("afl-%s-*" % kind)))
        for folder in instances(campaign):
            for path in folder.glob("%s*/id:*" % ("crashes" if kind == "crash" else "hangs")):
                if path in campaign.seen or room <= 0:
                    continue
                campaign.seen.add(path)
                to = campaign.crashes / ("afl-%s-%s" % (kind, campaigns.digest(path)))
                if not to.exists():
                    shutil.copyfile(path, to)
                    room -= 1
