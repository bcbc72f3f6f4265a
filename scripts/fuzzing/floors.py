# SPDX-License-Identifier: Apache-2.0
"""harness/floors.tsv: what every harness once did, and what is asked of it since."""

from dataclasses import dataclass

from fuzzing import common

FILE = common.ROOT / "harness" / "floors.tsv"
HEADER = """\
# What 'scripts/fuzz gate --record' measured, and what the gate asks a part of: executions from the
# committed corpus, features after them (the worst of three seeds), and executions per CPU-second
# as a ratio to those of the empty harness.
# harness\texecutions\tfeatures\tspeed
"""
FEATURES_PART = 0.97
SPEED_PART = 0.70


@dataclass
class Floor:
    """What was recorded of one harness."""

    executions: int
    features: int
    speed: float

    def least_features(self):
        """Return the features that are enough."""
        return int(FEATURES_PART * self.features)

    def least_speed(self):
        """Return the ratio that is enough."""
        return SPEED_PART * self.speed

    def __str__(self):
        """Return the three numbers as they stand in the file."""
        return "%d\t%d\t%.4g" % (self.executions, self.features, self.speed)


def read():
    """Return {unit: Floor}; nothing where there is no file yet."""
    if not FILE.exists():
        return {}
    found = {}
    for number, line in enumerate(FILE.read_text().splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        try:
            unit, executions, features, speed = line.split("\t")
            found[unit] = Floor(int(executions), int(features), float(speed))
        except ValueError:
            raise common.UsageError("%s:%d: not four fields: harness, executions, features, speed"
                                    % (FILE, number)) from None
    return found


def write(recorded):
    """Write the file anew."""
    lines = ["%s\t%s\n" % (unit, recorded[unit]) for unit in sorted(recorded)]
    common.write_atomically(FILE, HEADER + "".join(lines))


def strangers(recorded):
    """Return a sentence for each line about a harness that there is not."""
    return ["%s: harness/floors.tsv has a line for it, and there is no such harness" % unit
            for unit in sorted(recorded) if unit not in common.harnesses()]


def misses(unit, floor, features, speed):
    """Return a sentence for each floor that was missed."""
    found = []
    if features < floor.least_features():
        found.append("%s: %d features after %d executions, and %d are asked (97 %% of %d): has the "
                     "corpus lost something, or does the harness reach less?"
                     % (unit, features, floor.executions, floor.least_features(), floor.features))
    if speed < floor.least_speed():
        found.append("%s: its speed is %.4f of the empty harness's, and %.4f is asked (70 %% of "
                     "%.4f): what became slower?" % (unit, speed, floor.least_speed(), floor.speed))
    return found


def rounded(executions):
    """Return two digits and zeros, at least 100."""
    number = max(100, int(executions))
    zeros = 10 ** (len(str(number)) - 2)
    return number // zeros * zeros
