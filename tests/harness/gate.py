#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""gate.py: scripts/fuzz gate with a fuzzer that does as it is told."""

import contextlib
import io
import shutil
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from fuzzing import common, floors, gate, measure  # noqa: E402

# Says what libFuzzer would, and fails in the part of the gate that the file `fails` names.
FUZZER = """#!/bin/sh
part=fixed executed=1000
for word; do
	case $word in
	-runs=0) part=replay ;;
	-runs=500000) part=empty executed=500000 ;;
	-runs=*) executed=${word#-runs=} ;;
	-max_total_time=*) part=rest ;;
	-artifact_prefix=*) prefix=${word#-artifact_prefix=} ;;
	esac
done
echo "#$executed	DONE   cov: 40 ft: 100 corp: 1/1b exec/s: 0 rss: 30Mb"
echo "stat::number_of_executed_units: $executed"
[ "$(cat "$(dirname "$0")/fails")" = "$part" ] || exit 0
echo "harness/some.c:7: CHECK failed: it is so"
echo "==1== ERROR: libFuzzer: deadly signal"
echo "artifact_prefix='$prefix'; Test unit written to ${prefix}crash-1"
exit 77
"""
EASY = floors.Floor(2000, 100, 1e-9)


class Gate(unittest.TestCase):
    """What the gate says of a harness."""

    def setUp(self):
        """Put a fuzzer, a corpus and the gate's folder into an empty one."""
        self.enterContext(contextlib.redirect_stdout(io.StringIO()))
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        fuzzer = self.folder / "fuzzer"
        fuzzer.write_text(FUZZER)
        fuzzer.chmod(0o755)
        for unit in ("some", "empty"):
            (self.folder / "corpus" / unit).mkdir(parents=True)
            (self.folder / "corpus" / unit / "seed").write_bytes(b"x")
        (self.folder / "room").mkdir()
        for target, name, value in (
                (common, "program", lambda unit: fuzzer),
                (common, "CORPUS", self.folder / "corpus"),
                (gate, "ROOM", self.folder / "room"),
                (floors, "FILE", self.folder / "floors.tsv")):
            self.enterContext(mock.patch.object(target, name, value))

    def hold(self, floor, fails="nothing"):
        """Return what a harness misses whose fuzzer fails in one part."""
        (self.folder / "fails").write_text(fails)
        return gate.hold("some", floor, 3)

    def test_nothing_is_missed(self):
        """A harness that does what it did is not spoken of."""
        self.assertEqual(self.hold(EASY), [])

    def test_failures_name_reason_and_input(self):
        """Whatever part an input fails in, the sentence has the condition and the file."""
        for part in ("replay", "fixed", "rest"):
            with self.subTest(part):
                shutil.rmtree(self.folder / "room" / "some", ignore_errors=True)
                missed = self.hold(EASY, part)
                self.assertEqual(len(missed), 1)
                self.assertIn("some: CHECK failed: it is so", missed[0])
                self.assertIn(str(self.folder / "room" / "some" / "crash-1"), missed[0])
                self.assertEqual("comes from corpus/some" in missed[0], part == "replay")

    def test_features(self):
        """104 recorded features ask for the 100 that there are, 105 for one more."""
        self.assertEqual(self.hold(floors.Floor(2000, 104, 1e-9)), [])
        missed = floors.misses("some", floors.Floor(2000, 105, 1e-9), 100, 1)
        self.assertIn("100 features after 2000 executions, and 101 are asked", missed[0])

    def test_speed(self):
        """A ratio below 70 % of the recorded one is missed, one at it is not."""
        self.assertEqual(floors.misses("some", floors.Floor(1, 1, 0.2), 1, 0.1401), [])
        missed = floors.misses("some", floors.Floor(1, 1, 0.2), 1, 0.1399)
        self.assertIn("its speed is 0.1399", missed[0])
        self.assertIn("its speed is", self.hold(floors.Floor(2000, 100, 1e6))[0])

    def test_no_floor(self):
        """A harness that nobody recorded is a miss, not a pass."""
        self.assertIn("has no line for it", self.hold(None)[0])

    def test_file(self):
        """What is written is read again; a wrong line is named; so is a harness that is gone."""
        floors.write({"some": floors.Floor(4200, 12, 0.25)})
        self.assertEqual(floors.read(), {"some": floors.Floor(4200, 12, 0.25)})
        self.assertIn("some: ", floors.strangers(floors.read())[0])
        floors.FILE.write_text("# a\nsome\tmany\t12\t0.25\n")
        with self.assertRaisesRegex(common.UsageError, "floors.tsv:2: "):
            floors.read()

    def test_recording(self):
        """A harness that fails is not recorded; else executions have two digits and zeros."""
        (self.folder / "fails").write_text("fixed")
        with self.assertRaises(common.Fault):
            gate.floor_of("some", 3)
        self.assertEqual([floors.rounded(number) for number in (7, 129.5, 98765)],
                         [100, 120, 98000])


class Measure(unittest.TestCase):
    """What a run costs."""

    def test_processor_time(self):
        """Sleep is no time, work is."""
        sleeps = measure.run(["sleep", "0.3"], 10)
        works = measure.run([sys.executable, "-c", "sum(range(10 ** 7))"], 60)
        self.assertLess(sleeps.cpu, 0.1)
        self.assertGreater(works.cpu, sleeps.cpu)

    def test_time_limit(self):
        """What goes on for ever is killed."""
        self.assertEqual(measure.run(["sleep", "60"], 0.2).status, -9)


if __name__ == "__main__":
    unittest.main()
