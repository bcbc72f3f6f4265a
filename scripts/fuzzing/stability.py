# SPDX-License-Identifier: Apache-2.0
"""stability: how many of a harness's edges behave the same whenever an input is run again.

Each harness runs under afl-fuzz from its committed corpus. AFL++ runs what it keeps eight times,
and counts the edges that differ: state that one input leaves to the next.
"""

import concurrent.futures
import dataclasses
import os
import shutil
import subprocess

from fuzzing import common, options

FOLDER = common.ROOT / "build" / "stability"
START_SECONDS = 60
EXEC_TIMEOUT_MS = 2000
ENVIRONMENT = {
    "AFL_SKIP_CPUFREQ": "1",
    "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES": "1",
    "AFL_NO_UI": "1",
    "AFL_NO_AFFINITY": "1",
    "AFL_NO_COLOR": "1",
}


@dataclasses.dataclass
class Measured:
    """What afl-fuzz said of one harness."""

    unit: str
    stability: float
    rate: float
    edges: int
    varying: int
    crashes: int

    def complaint(self, floor):
        """What is wrong with it, in one sentence; nothing where all is well."""
        if self.crashes:
            where = FOLDER / self.unit / "default" / "crashes"
            return f"fuzz_{self.unit} crashed: the inputs are in {where}"
        if self.stability < floor:
            return (f"fuzz_{self.unit} is stable in {self.stability:.2f} % of its edges, "
                    f"less than {floor:g} %")
        return None


def add_parser(subparsers):
    """Adds the verb and its options."""
    parser = subparsers.add_parser(
        "stability", help="edges that behave the same each time, under AFL++", description=__doc__)
    parser.add_argument("units", nargs="*", metavar="HARNESS", default=["all"],
                        help="the name behind fuzz_, or 'all' (the default)")
    parser.add_argument("--seconds", type=common.count, default=20, metavar="N",
                        help="how long each harness runs (20)")
    parser.add_argument("--jobs", type=common.count, default=os.cpu_count(), metavar="N",
                        help="harnesses at the same time (one for each processor)")
    parser.add_argument("--floor", type=float, default=99, metavar="PERCENT",
                        help="fail below this (99)")
    parser.set_defaults(run=run)


def run(args):
    """Builds, runs every harness, prints the table; status 1 where one is below the floor."""
    units = common.choose(args.units)
    common.build_harnesses(units, "afl")
    print(f"{'harness':<22}{'stability':>10}{'exec/s':>9}{'edges':>7}{'varying':>9}", flush=True)
    complaints = []
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for measured in pool.map(lambda unit: measure(unit, args.seconds), units):
            print(f"{measured.unit:<22}{measured.stability:>8.2f} %{measured.rate:>9,.0f}"
                  f"{measured.edges:>7}{measured.varying:>9}", flush=True)
            complaints.append(measured.complaint(args.floor))
    complaints = [complaint for complaint in complaints if complaint]
    for complaint in complaints:
        print(complaint)
    if not complaints:
        print(f"every harness is stable in at least {args.floor:g} % of its edges")
    return 1 if complaints else 0


def measure(unit, seconds):
    """Runs afl-fuzz over one harness; what its statistics say."""
    folder = FOLDER / unit
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    asked = options.of(unit)
    command = ["afl-fuzz", "-V", str(seconds), "-G", str(asked.max_len), "-t",
               str(EXEC_TIMEOUT_MS), "-i", common.CORPUS / unit, "-o", folder,
               *(["-x", asked.dictionary] if asked.dictionary else []), "--",
               common.program(unit, "afl")]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False,
                              errors="replace", timeout=seconds + START_SECONDS,
                              stdin=subprocess.DEVNULL, env={**os.environ, **ENVIRONMENT})
    except subprocess.TimeoutExpired as late:
        raise common.Fault(f"afl-fuzz over fuzz_{unit} did not end in time") from late
    (folder / "log").write_text(done.stdout + done.stderr)
    statistics = folder / "default" / "fuzzer_stats"
    if done.returncode != 0 or not statistics.exists():
        raise common.Fault(f"afl-fuzz over fuzz_{unit} failed with status {done.returncode}: "
                            f"see {folder / 'log'}")
    return read(unit, statistics.read_text())


def read(unit, text):
    """The statistics that AFL++ wrote: a line is NAME : VALUE."""
    values = {}
    for line in text.splitlines():
        name, _, value = line.partition(":")
        values[name.strip()] = value.strip()
    try:
        return Measured(unit=unit,
                        stability=float(values["stability"].rstrip("%")),
                        rate=float(values["execs_per_sec"]),
                        edges=int(values["edges_found"]),
                        varying=int(values["var_byte_count"]),
                        crashes=int(values["saved_crashes"]))
    except (KeyError, ValueError) as missing:
        raise common.Fault(f"AFL++'s statistics of fuzz_{unit} cannot be read: {missing}"
                           ) from missing
