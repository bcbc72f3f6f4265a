#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""campaign.py: campaigns over a planted bug, as scripts/fuzz runs them: killed, resumed, triaged,
merged, stopped. Needs planted_client_hello of build/fuzz and build/afl, and fuzz_lexer."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from fuzzing import processes  # noqa: E402  (the path comes first)

UNIT = "client_hello"
FUZZ, AFL = ROOT / "build/fuzz/harness", ROOT / "build/afl/harness"
PATIENCE_S = 40


def fuzz(*words, status=0):
    """Run scripts/fuzz and return what it printed."""
    done = subprocess.run([str(ROOT / "scripts/fuzz"), *map(str, words)], text=True,
                          stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode != status:
        raise AssertionError("fuzz %s: status %d\n%s%s" % (
            " ".join(map(str, words)), done.returncode, done.stdout, done.stderr))
    return done.stdout + done.stderr


def replay(program, path):
    """Run one input and return the exit status."""
    return subprocess.run([str(program), str(path)], stdin=subprocess.DEVNULL, check=False,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode


def features(*folders):
    """Return libFuzzer's own count for these inputs."""
    done = subprocess.run([str(FUZZ / ("fuzz_" + UNIT)), "-runs=0", *map(str, folders)],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)
    return int(re.findall(r"DONE .* ft: (\d+)", done.stderr)[-1])


class CampaignTest(unittest.TestCase):
    """A folder for campaigns and one for a corpus; whatever a test leaves running is ended."""

    def setUp(self):
        """Copy the seeds, for merge and triage write there."""
        self.scratch = Path(tempfile.mkdtemp())
        self.base, self.corpus = self.scratch / "campaigns", self.scratch / "corpus"
        shutil.copytree(ROOT / "corpus" / UNIT, self.corpus / UNIT)

    def tearDown(self):
        """End what still runs."""
        for file in self.scratch.glob("**/campaign.json"):
            subprocess.run([str(ROOT / "scripts/fuzz"), "stop", "--dir", str(file.parents[1])],
                           capture_output=True, check=False)
        shutil.rmtree(self.scratch)

    def row(self, base, unit=UNIT):
        """Return what status says about one campaign."""
        return json.loads(fuzz("status", unit, "--json", "--dir", base))["campaigns"][0]

    def record(self, base, unit=UNIT):
        """Return campaign.json."""
        return json.loads((base / unit / "campaign.json").read_text())

    def wait_for(self, condition, what):
        """Fail when something does not become true in time."""
        self.assertTrue(processes.wait_for(condition, PATIENCE_S, 0.5), what)

    def wait_for_find(self, base):
        """Wait for the planted bug, and for numbers that are worth comparing."""
        self.wait_for(lambda: sum(self.row(base)["artifacts"].values()) > 0
                      and self.row(base)["executions"] > 10000, "the bug is not found")

    def kill(self, base):
        """Kill supervisor and fuzzers at once, and return what status said before."""
        row, record = self.row(base), self.record(base)
        for who in [record["supervisor"]] + [launch["who"] for launch in record["launches"]]:
            os.kill(who["pid"], signal.SIGKILL)
        self.wait_for(lambda: self.row(base)["state"] == "killed", "killed is not seen")
        return row

    def goes_on(self, base, before):
        """Resume; the numbers of `before` are all there, but for the last seconds."""
        fuzz("resume", UNIT, "--dir", base)
        after = self.row(base)
        self.assertEqual(after["state"], "running")
        self.assertGreaterEqual(after["executions"], before["executions"])
        self.assertGreaterEqual(after["seconds"], before["seconds"] - 2 * 10)
        self.assertGreaterEqual(after["corpus"], 0.9 * before["corpus"])
        self.assertGreaterEqual(after["artifacts"].keys(), before["artifacts"].keys())
        self.wait_for(lambda: self.row(base)["executions"] > after["executions"], "it stands still")

    def nothing_is_left(self, base):
        """Stop; no process of the campaign runs any more."""
        fuzz("stop", "--dir", base)
        self.assertEqual(processes.marked(base / UNIT), [])
        record = self.record(base)
        self.assertEqual((record["state"], record["launches"], record["supervisor"]),
                         ("stopped", [], None))
        return self.row(base)

    def one_group(self, *words, status=1):
        """Triage; every artifact is the planted bug."""
        said = json.loads(fuzz("triage", UNIT, "--json", "--seconds", 4, *words, status=status))
        groups = said["harnesses"][0]["groups"]
        self.assertEqual(len(groups), 1, groups)
        self.assertRegex(groups[0]["oracle"], r"^CHECK failed: .*suites")
        self.assertRegex(groups[0]["place"], r"^harness/oracle_hello\.c:\d+$")
        self.assertTrue(groups[0]["minimised"] or groups[0]["bytes"] < 60)
        return groups[0]

    def test_libfuzzer(self):
        """A campaign of two jobs is killed, resumed, triaged, merged and stopped."""
        fuzz("start", UNIT, "--jobs", 2, "--seed", 1, "--dir", self.base, "--program",
             FUZZ / ("planted_" + UNIT))
        self.wait_for_find(self.base)
        self.goes_on(self.base, self.kill(self.base))
        row = self.nothing_is_left(self.base)
        self.assertGreater(row["features"], features(ROOT / "corpus" / UNIT))
        self.regression_file()
        self.merged()

    def regression_file(self):
        """One group becomes one file that fails with the bug and passes without."""
        group = self.one_group("--dir", self.base, "--corpus", self.corpus,
                               "--write", "suites-cut", status=0)
        self.assertIn("oracle_hello_adds_up of harness/oracle_hello.c", group["frames"])
        file = self.corpus / UNIT / "fixed-suites-cut"
        self.assertEqual(group["written"], str(file))
        self.assertLess(file.stat().st_size, 60)
        self.assertNotEqual(replay(FUZZ / ("planted_" + UNIT), file), 0)
        self.assertEqual(replay(FUZZ / ("fuzz_" + UNIT), file), 0)
        lines = (self.corpus / "REGRESSIONS.tsv").read_text().splitlines()[1:]
        self.assertEqual(len(lines), 1)
        self.assertRegex(lines[0], r"^client_hello/fixed-suites-cut\tCHECK failed: .*\t"
                                   r"ClientHello: version [0-9a-f]{4}, \d+ suites")

    def merged(self):
        """Merging adds features with every file, keeps what has a name, and ends."""
        folder, words = self.corpus / UNIT, ("--dir", self.base, "--corpus", self.corpus)
        seeds = {path.name for path in folder.iterdir()}
        before = features(folder)
        seeds_only = shutil.copytree(folder, self.scratch / "seeds")
        fuzz("merge", UNIT, "--max-files", 12, *words)
        added = {path.name for path in folder.iterdir()} - seeds
        self.assertTrue(seeds <= {path.name for path in folder.iterdir()})
        self.assertTrue(0 < len(added) <= 12 and all(name.startswith("min-") for name in added))
        times = {name: (folder / name).stat().st_mtime_ns for name in added}
        for name in added:
            alone = self.scratch / "alone" / name
            alone.mkdir(parents=True)
            shutil.copyfile(folder / name, alone / name)
            self.assertGreater(features(seeds_only, alone), before)
        (folder / "min-000000000000").write_bytes(next(iter(folder.glob("d12-*"))).read_bytes())
        fuzz("merge", UNIT, "--max-files", 12, *words)
        self.assertEqual({path.name: path.stat().st_mtime_ns for path in folder.glob("min-*")},
                         times)

    def test_afl(self):
        """Two machines share a folder; both are killed and resumed."""
        shared, bases = self.scratch / "shared", [self.base / "one", self.base / "two"]
        shared.mkdir()
        for base in bases:
            fuzz("start", UNIT, "--engine", "afl", "--dir", base, "--host", base.name, "--sync",
                 shared, "--program", AFL / ("planted_" + UNIT),
                 *(["--main"] if base.name == "one" else []))
        for base in bases:
            self.wait_for_find(base)
        for base in bases:
            self.goes_on(base, self.kill(base))
        folders = {path.name for path in (shared / UNIT).iterdir()}
        self.assertEqual(folders, {"main-one", "s0-two"})
        self.wait_for(lambda: (shared / UNIT / "s0-two/.synced/main-one").exists(), "no exchange")
        for base in bases:
            self.assertGreaterEqual(self.nothing_is_left(base)["stability"], 99)
        self.assertRegex(self.one_group("--dir", bases[1])["oracle"], "without sanitizers only$")

    def test_equal_shares(self):
        """Two harnesses share one job for a time, and it ends by itself."""
        fuzz("start", UNIT, "lexer", "--jobs", 1, "--time", 20, "--dir", self.base)
        began = time.monotonic()
        self.wait_for(lambda: self.row(self.base)["state"] == "finished", "it goes on")
        self.assertLess(time.monotonic() - began, 30)
        rows = [self.row(self.base, unit) for unit in (UNIT, "lexer")]
        self.assertEqual([row["state"] for row in rows], ["finished"] * 2)
        self.assertLess(abs(rows[0]["cpu_seconds"] - rows[1]["cpu_seconds"]), 6)
        self.assertTrue(all(row["executions"] > 0 for row in rows), rows)
        self.assertGreater(sum(row["launches"] for row in rows), 2)
        self.assertIn("had the 20s", fuzz("resume", "all", "--dir", self.base, status=2))

    def test_usage(self):
        """A mistake is one sentence, and status 2."""
        for words, says in ((("start", "client_helo"), "near are: client_hello"),
                            (("start", UNIT, "--time", "soon"), "'soon' is no length of time"),
                            (("start", UNIT, "--cmplog"), "--cmplog is an option of --engine afl"),
                            (("status", UNIT, "--dir", self.base), "no campaign over"),
                            (("resume", "all", "--dir", self.base), "no campaign in"),
                            (("fly",), "invalid choice: 'fly'")):
            said = fuzz(*words, status=2)
            self.assertIn(says, said)
            self.assertEqual(said.count("\n"), 1)


def side_by_side():
    """Run every test in a process of its own, for they mostly wait; return the exit status."""
    names = unittest.defaultTestLoader.getTestCaseNames(CampaignTest)
    tests = {name: subprocess.Popen([sys.executable, __file__, "CampaignTest." + name], text=True,
                                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
             for name in names}
    for name, test in tests.items():
        said = test.communicate()[0]
        print("ok: " + name if test.returncode == 0 else "FAILED: %s\n%s" % (name, said))
    return int(any(test.returncode for test in tests.values()))


if __name__ == "__main__":
    if len(sys.argv) == 1:
        sys.exit(side_by_side())
    unittest.main(verbosity=2)
