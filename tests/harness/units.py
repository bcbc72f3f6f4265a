#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""units.py: the parts of scripts/fuzzing that need no fuzzer."""

import argparse
import os
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from fuzzing import campaign, common, crashes, describe, features, processes  # noqa: E402
from fuzzing import shrink  # noqa: E402

STACK = """
/elsewhere/build/fuzz/../../harness/oracle_hello.c:40: CHECK failed: a == b
==1==ERROR: AddressSanitizer: ILL on unknown address 0x55
    #0 0x55ded6b14909 in harness_check_failed /elsewhere/x/../../harness/check.c:12:2
    #1 0x55ded6b15b99 in oracle_hello_adds_up /elsewhere/x/../../harness/oracle_hello.c:40:2
    #2 0x55ded6b141f0 in harness_run /elsewhere/x/../../harness/fuzz_client_hello.c:19:3
    #3 0x55ded6b14fd6 in run /elsewhere/x/../../harness/harness.c:96:2
    #4 0x55ded6a3c7a3 in fuzzer::Fuzzer::ExecuteCallback(unsigned char) (/x/planted+0xaa7a3)

    #0 0x55ded6b14909 in cursor_u16 /elsewhere/src/base/arena.c:3:2
"""


def client_hello(suites=b"\x13\x01\x13\x02", extensions=b""):
    """Return the body of a ClientHello."""
    return b"\3\3" + bytes(32) + b"\0" + shrink.prefixed(2, suites) + b"\1\0" \
        + shrink.prefixed(2, extensions)


class Judging(unittest.TestCase):
    """What a replay printed becomes an oracle and frames."""

    def test_check(self):
        """A CHECK is named by its condition, its place below the root, and our frames only."""
        finding = crashes.judge(STACK, 1)
        self.assertEqual(str(finding), "CHECK failed: a == b (harness/oracle_hello.c:40)")
        self.assertEqual(finding.frames, ("oracle_hello_adds_up of harness/oracle_hello.c",
                                          "harness_run of harness/fuzz_client_hello.c"))

    def test_oracles(self):
        """Each oracle is told by its words."""
        for text, status, oracle in (
                ("x/harness/memory.c:2: CHECK failed: live <= most", 1, "memory ceiling"),
                ("x/harness/harness.c:2: CHECK failed: memory_end() == 0", 1, "leak"),
                ("x/harness/harness.c:2: CHECK failed: run(input) == first", 1, "two runs differ"),
                ("==1==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x1", 1,
                 "AddressSanitizer: heap-buffer-overflow"),
                ("==1==ERROR: LeakSanitizer: detected memory leaks", 1, "leak"),
                ("==1== ERROR: libFuzzer: timeout after 20 seconds", 70, "timeout"),
                ("p: /x/src/a.c:3: f: Assertion `x > 0' failed.", 1, "assert failed: x > 0"),
                ("", -signal.SIGSEGV, "SIGSEGV"), ("", 0, "not reproduced")):
            self.assertEqual(crashes.judge(text, status).oracle, oracle)

    def test_undefined(self):
        """Two values of one overflow are one group, two places are not named the same."""
        one, two = (crashes.judge("/x/src/base/arena.c:7:3: runtime error: %d + 1 cannot be "
                                  "represented" % number, 1) for number in (1, 2))
        self.assertNotEqual(one.oracle, two.oracle)
        self.assertEqual(one.key(), two.key())
        self.assertEqual(one.place, "src/base/arena.c:7")


class Describing(unittest.TestCase):
    """An input becomes a sentence."""

    def test_twice(self):
        """An extension that is there twice is named, with its second length."""
        block = b"\0\x0d\0\2\0\0" + b"\0\x0d\0\0"
        body = client_hello(extensions=block)
        record = b"\x16\3\1" + shrink.prefixed(2, b"\1" + shrink.prefixed(3, body))
        self.assertEqual(describe.describe("stream", record + b"\x15\3\3\0\2\2\x28"),
                         "2 records: ClientHello (version 0303, 2 suites, 2 extensions (13 13), "
                         "extension 13 again, with length 0); alert 40 of level 2")

    def test_cut(self):
        """What is cut off is named."""
        self.assertEqual(describe.describe("client_hello", bytes(9) + client_hello()[:37]),
                         "ClientHello: version 0303, 0 suites, cut off in the cipher suites")
        self.assertIn("cut off after 1 of 9 bytes", describe.describe("stream", b"\x17\3\3\0\x09a"))

    def test_others(self):
        """Text and bytes are shown."""
        self.assertEqual(describe.describe("policy", b"policy a\nb\n"),
                         "2 lines of text, the first 'policy a'")
        self.assertEqual(describe.describe("der", b"\1\2"), "2 bytes: 01 02")


class Shrinking(unittest.TestCase):
    """Smaller inputs keep their lengths right."""

    def test_extension(self):
        """Among what is tried is the hello without its first extension, and every length fits."""
        body = client_hello(extensions=b"\0\1\0\0\0\2\0\1a")
        tried = list(shrink.smaller("client_hello", bytes(9) + body))
        self.assertIn(bytes(9) + client_hello(extensions=b"\0\2\0\1a"), tried)
        self.assertIn(bytes(9) + client_hello(suites=b"\x13\x01", extensions=b"\0\1\0\0\0\2\0\1a"),
                      tried)
        self.assertEqual(len(tried), len(set(tried)))
        self.assertTrue(all(len(other) < 9 + len(body) for other in tried))


class Covering(unittest.TestCase):
    """Few and small inputs cover all features."""

    def test_cover(self):
        """The small one that adds the most comes first; what adds nothing is left out."""
        has = {"all": {1, 2, 3, 4}, "half": {1, 2}, "other": {3}, "same": {1, 2}, "known": {9}}
        sizes = {"all": 4000, "half": 10, "other": 10, "same": 20, "known": 1}
        self.assertEqual(features.cover(sizes, has, {9}), ["half", "other", "all"])
        self.assertEqual(features.cover(sizes, has, {9}, 1), ["half"])
        again = {name: has[name] for name in ("half", "other", "all")}
        self.assertEqual(features.cover(sizes, again, {9}), ["half", "other", "all"])


class Processes(unittest.TestCase):
    """A pid is not a process."""

    def test_recycled(self):
        """A process that began at another time is not believed, and not ended."""
        child = subprocess.Popen(["sleep", "60"], env={**os.environ, processes.MARK: "here"})
        try:
            who = processes.identity(child.pid)
            self.assertTrue(processes.is_alive(who))
            # The kernel shows the new environment only some time after exec was reported.
            deadline = time.monotonic() + 10
            while who not in processes.marked("here") and time.monotonic() < deadline:
                pass
            self.assertIn(who, processes.marked("here"))
            other = {**who, "start": who["start"] - 1}
            self.assertFalse(processes.is_alive(other))
            self.assertFalse(processes.is_alive({**who, "boot": "another"}))
            processes.send(other, signal.SIGKILL)
            self.assertIsNone(child.poll())
            processes.end(lambda: processes.marked("here"), 5)
            self.assertFalse(processes.is_alive(who))
        finally:
            child.kill()
            child.wait()


class Books(unittest.TestCase):
    """What campaign.json says."""

    def test_fold(self):
        """A launch is counted once, with what its meter says."""
        with tempfile.TemporaryDirectory() as base:
            one = campaign.Campaign(base, "lexer")
            one.create({"aside": []})
            one.data["launches"] = [{"serial": 1, "role": "job1", "started": 0, "seconds": 2.0,
                                     "cpu": 1.5, "who": {"pid": 1, "start": -1, "boot": ""}}]
            one.meter(1).write_bytes(struct.pack("=Q", 77))
            self.assertEqual(one.now()["executions"], 77)
            one.fold(one.data["launches"][0], "killed")
            again = campaign.Campaign(base, "lexer").load()
            self.assertEqual((again.now()["executions"], again.now()["cpu"]), (77, 1.5))
            self.assertEqual((again.data["launches"], again.meter(1).exists()), ([], False))

    def test_lock(self):
        """Who holds the lock runs, and nobody else can."""
        with tempfile.TemporaryDirectory() as base:
            one, two = campaign.Campaign(base, "lexer"), campaign.Campaign(base, "lexer")
            one.create({})
            one.data["state"] = "running"
            self.assertEqual(one.state(), "killed")
            self.assertTrue(one.hold(0))
            self.assertFalse(two.hold(0))
            self.assertTrue(two.is_held())
            one.let_go()
            self.assertFalse(two.is_held())

    def test_durations(self):
        """Lengths of time are read as people write them."""
        self.assertEqual([common.duration(text) for text in ("90", "5m", "1.5h", "2d")],
                         [90, 300, 5400, 172800])
        for text in ("", "0", "h", "5 m", "-1"):
            with self.assertRaises(argparse.ArgumentTypeError):
                common.duration(text)


if __name__ == "__main__":
    unittest.main()
