# SPDX-License-Identifier: Apache-2.0
"""A campaign's folder: campaign.json, its lock, its meters, and what lies beside them."""

import fcntl
import hashlib
import json
import os
import shutil
import struct
import subprocess
import time
from pathlib import Path

from fuzzing import common, processes

FORMAT = 1
# Ended launches that campaign.json names one by one; the totals hold all.
SLICES_KEPT = 500
# Artifacts of one kind that are kept; a shallow bug makes one every second.
ARTIFACTS_KEPT = 200
KINDS = ("crash", "leak", "timeout", "oom", "afl-crash", "afl-hang")


class Campaign:
    """One harness under one engine, in one folder; `data` is what campaign.json says."""

    def __init__(self, base, unit):
        """Name the campaign over `unit` below the folder `base`, and read nothing yet."""
        self.unit = unit
        self.folder = Path(base).resolve() / unit
        self.file = self.folder / "campaign.json"
        self.corpus = self.folder / "corpus"
        self.crashes = self.folder / "crashes"
        self.logs = self.folder / "logs"
        self.stop_file = self.folder / "stop"
        self.data = {}
        self.held = None
        self.seen = set()  # artifacts that were looked at

    def exists(self):
        """Say whether there is such a campaign."""
        return self.file.is_file()

    def load(self):
        """Read campaign.json, and return the campaign."""
        try:
            self.data = json.loads(self.file.read_text())
        except (OSError, ValueError) as error:
            raise common.UsageError("cannot read '%s': %s" % (self.file, error)) from error
        if not isinstance(self.data, dict) or self.data.get("format") != FORMAT:
            raise common.UsageError("'%s' is not of format %d" % (self.file, FORMAT))
        return self

    def save(self):
        """Write campaign.json."""
        common.write_atomically(self.file, json.dumps(self.data, indent=1) + "\n")

    def create(self, data):
        """Make the folders and write campaign.json anew."""
        for folder in (self.corpus, self.crashes, self.logs):
            folder.mkdir(parents=True, exist_ok=True)
        self.data = {
            "format": FORMAT, "harness": self.unit, **data,
            "started": time.time(), "state": "new", "reason": "",
            "supervisor": None, "serial": 0, "launches": [], "slices": [], "aside": [],
            "totals": {"seconds": 0.0, "cpu": 0.0, "executions": 0, "launches": 0},
            "coverage": {"edges": 0, "features": 0, "stability": None},
        }
        self.save()

    def set_aside(self):
        """Move the folder to a name that no campaign has, and return it."""
        number = 1
        while (to := self.folder.with_name("%s.old-%d" % (self.unit, number))).exists():
            number += 1
        self.folder.rename(to)
        return to

    def hold(self, seconds=2.0):
        """Lock the campaign for this process and say whether that went well; death unlocks it."""
        handle = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o644)
        if processes.wait_for(lambda: locked(handle, fcntl.LOCK_EX), seconds):
            self.held = handle
            return True
        os.close(handle)
        return False

    def let_go(self):
        """Unlock what hold locked."""
        if self.held is not None:
            os.close(self.held)
            self.held = None

    def is_held(self):
        """Say whether some process holds the lock: the supervisor of a campaign that runs."""
        if self.held is not None:
            return True
        try:
            handle = os.open(self.folder / "lock", os.O_RDWR)
        except FileNotFoundError:
            return False
        try:
            return not locked(handle, fcntl.LOCK_SH)
        finally:
            os.close(handle)

    def state(self):
        """Return running, stopped, finished, failed, or killed where nobody wrote an end down."""
        if self.is_held():
            return "running"
        return "killed" if self.data["state"] in ("running", "new") else self.data["state"]

    def program(self):
        """Return the program that is fuzzed."""
        return common.ROOT / self.data["program"]

    def asan_program(self):
        """Return the libFuzzer build of the harness, which replays and measures."""
        if self.data["engine"] == "libfuzzer":
            return self.program()
        return common.ROOT / self.data["twin"]

    def seeds(self):
        """Return the folder of the committed seeds."""
        return common.ROOT / self.data["seeds"]

    def afl(self):
        """Return AFL++'s output folder: our own, or the one that machines share."""
        sync = self.data["sync"]
        return Path(sync) / self.unit if sync else self.folder / "afl"

    def meter(self, serial):
        """Return the file that a launch counts its inputs in."""
        return self.logs / ("launch-%d.meter" % serial)

    def log(self, serial):
        """Return the file that a launch writes to."""
        return self.logs / ("launch-%d.log" % serial)

    def artifacts(self):
        """Return what was found, as sorted paths."""
        return sorted(path for path in self.crashes.glob("*") if kind_of(path))

    def fold(self, launch, why, **numbers):
        """Count an ended launch into the totals, and forget it; its last numbers are `numbers`."""
        launch = {**launch, **numbers}
        executions = read_meter(self.meter(launch["serial"]))
        self.data["launches"] = [other for other in self.data["launches"]
                                 if other["serial"] != launch["serial"]]
        totals = self.data["totals"]
        totals["seconds"] += launch["seconds"]
        totals["cpu"] += launch["cpu"]
        totals["executions"] += executions
        totals["launches"] += 1
        self.data["slices"].append({
            "serial": launch["serial"], "role": launch["role"], "started": launch["started"],
            "seconds": round(launch["seconds"], 2), "cpu": round(launch["cpu"], 2),
            "executions": executions, "end": why})
        del self.data["slices"][:-SLICES_KEPT]
        self.save()
        self.meter(launch["serial"]).unlink(missing_ok=True)

    def clear_leftovers(self):
        """End what a killed supervisor left running, and count its launches in."""
        recorded = [launch["who"] for launch in self.data["launches"]]
        processes.end(lambda: processes.marked(self.folder)
                      + [who for who in recorded if processes.is_alive(who)], 5)
        for launch in list(self.data["launches"]):
            self.fold(launch, "killed")
        self.stop_file.unlink(missing_ok=True)
        before = self.folder / "corpus.before"
        if before.is_dir() and not self.corpus.exists():
            # 'fuzz minimize' was killed between two names.
            before.rename(self.corpus)
        shutil.rmtree(before, ignore_errors=True)

    def now(self):
        """Return the totals with what the launches of this moment have done so far."""
        for _ in range(3):
            if all(self.meter(launch["serial"]).exists() for launch in self.data["launches"]):
                break
            # One ended after we read of it: it is in the totals by now.
            self.load()
        totals = dict(self.data["totals"])
        alive = [launch["who"]["pid"] for launch in self.data["launches"]
                 if processes.is_alive(launch["who"])]
        times = processes.cpu_by_tree(alive)
        for launch in self.data["launches"]:
            is_alive = launch["who"]["pid"] in alive
            totals["seconds"] += time.time() - launch["started"] if is_alive else launch["seconds"]
            totals["cpu"] += times.get(launch["who"]["pid"], launch["cpu"])
            totals["executions"] += read_meter(self.meter(launch["serial"]))
        return totals

    def take_seeds(self):
        """Copy the committed seeds that are not there yet, under the names that libFuzzer gives."""
        take(visible(self.seeds()), self.corpus, self.data["aside"])
        if not any(self.corpus.iterdir()):
            (self.corpus / hashlib.sha1(b"0").hexdigest()).write_bytes(b"0")

    def put_aside(self, path):
        """Remember an input that fails, and take it out of the corpus: it would end every launch
        before the first mutation."""
        name = path.name.rpartition("-")[2]
        if (self.corpus / name).exists():
            (self.corpus / name).unlink()
            self.data["aside"].append(name)

    def limit_artifacts(self):
        """Remove the newest artifacts of each kind beyond those that are kept."""
        for kind in KINDS:
            paths = [path for path in self.artifacts() if kind_of(path) == kind]
            if len(paths) > ARTIFACTS_KEPT:
                paths.sort(key=lambda path: path.stat().st_mtime)
                for path in paths[ARTIFACTS_KEPT:]:
                    path.unlink()


def kind_of(path):
    """Return which of KINDS an artifact's name says, or None."""
    kind, dash, rest = path.name.rpartition("-")
    return kind if dash and rest and kind in KINDS else None


def locked(handle, how):
    """Try to lock a file."""
    try:
        fcntl.flock(handle, how | fcntl.LOCK_NB)
        return True
    except BlockingIOError:
        return False


def digest(path):
    """Return the sha1 of a file, libFuzzer's name for it."""
    return hashlib.sha1(path.read_bytes()).hexdigest()


def take(paths, folder, without=(), seen=None, is_find=False):
    """Copy files into a folder under their sha1, unless it or `without` has them already, and
    leave out those that were `seen`. What is no find gets a time that none has."""
    for path in paths:
        if seen is not None and path in seen:
            continue
        try:
            if path.stat().st_size > common.INPUT_MAX:
                continue
            name = digest(path)
            if name not in without and not (folder / name).exists():
                copy = folder / ("." + name)
                shutil.copyfile(path, copy)
                if not is_find:
                    os.utime(copy, (0, 0))
                copy.rename(folder / name)
        except FileNotFoundError:
            # Fuzzers replace inputs by shorter ones while we look.
            continue
        if seen is not None:
            seen.add(path)


def visible(folder):
    """Return the inputs in a corpus or a queue: no file that is being written, none of AFL++'s
    own."""
    return sorted(path for path in folder.glob("*")
                  if not path.name.startswith(".") and path.is_file())


def read_meter(path):
    """Return the number in a meter; one that is gone counted nothing."""
    try:
        return struct.unpack("=Q", path.read_bytes())[0]
    except (FileNotFoundError, struct.error):
        return 0


def found(base):
    """Return the campaigns below a folder, in the order of their harnesses."""
    base = Path(base)
    if not base.is_dir():
        return []
    known = set(common.harnesses())
    campaigns = [Campaign(base, path.parent.name) for path in sorted(base.glob("*/campaign.json"))]
    return [campaign.load() for campaign in campaigns if campaign.unit in known]


def select(base, names):
    """Return the campaigns that `names` means, all of them without names."""
    there = {campaign.unit: campaign for campaign in found(base)}
    if not names or "all" in names:
        return list(there.values())
    chosen = []
    for unit in common.choose(names):
        if unit not in there:
            raise common.UsageError("there is no campaign over '%s' in '%s'; 'fuzz start' begins "
                                    "one" % (unit, base))
        chosen.append(there[unit])
    return chosen


def add_dir(parser):
    """Add the option --dir."""
    parser.add_argument("--dir", metavar="DIR", type=Path, default=common.CAMPAIGNS,
                        help="where campaigns are kept, a folder a harness (build/campaigns)")


def revision():
    """Return the commit of the tree, and whether anything in it differs from that."""
    def git(*arguments):
        done = subprocess.run(["git", "-C", str(common.ROOT), *arguments], text=True,
                              capture_output=True, check=False)
        return done.stdout.strip() if done.returncode == 0 else None
    return git("rev-parse", "HEAD"), bool(git("status", "--porcelain"))
