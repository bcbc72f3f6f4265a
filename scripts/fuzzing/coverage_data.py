# SPDX-License-Identifier: Apache-2.0
"""What was reached, file by file, and what harness/coverage.tsv demands of it."""

import os
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from fuzzing import common

HEAD = """\
# The floors of the parser files, and what the corpora reached when that was last recorded.
# floor FILES PERCENT: of these files that many lines of a hundred, and every function. 0: none.
# except FILE TEXT REASON: lines of that text cannot be reached, for that reason; not counted.
# reached FILE LINES FUNCTIONS: as scripts/fuzz coverage --record wrote it.
"""


@dataclass
class Reached:
    """The lines and functions of one file, each with how often it was reached.

    `named` is the path as the compiler wrote it down.
    """
    path: str
    named: str = ""
    lines: dict = field(default_factory=dict)
    functions: dict = field(default_factory=dict)
    at: dict = field(default_factory=dict)

    @property
    def lines_reached(self):
        """The number of lines that were reached at least once."""
        return sum(1 for count in self.lines.values() if count)

    @property
    def percent(self):
        """Lines of a hundred."""
        return 100.0 * self.lines_reached / len(self.lines) if self.lines else 100.0

    @property
    def functions_missed(self):
        """Names of functions that were never called."""
        return sorted(name for name, count in self.functions.items() if not count)

    @staticmethod
    def total(files):
        """Several files as one."""
        whole = Reached("")
        for one in files:
            whole.lines.update({(one.path, line): n for line, n in one.lines.items()})
            whole.functions.update({(one.path, name): n for name, n in one.functions.items()})
        return whole


def read_lcov(text, root):
    """The files of an lcov trace, by path relative to root; headers are left out."""
    files, current = {}, None
    for line in text.splitlines():
        word, _, rest = line.partition(":")
        if word == "SF":
            path = os.path.relpath(os.path.join(root, rest), root)
            current = files.setdefault(path, Reached(path, named=rest))
        elif word == "DA":
            number, count = rest.split(",")[:2]
            current.lines[int(number)] = max(int(count), current.lines.get(int(number), 0))
        elif word == "FN":
            number, name = rest.split(",", 1)
            current.at[name.split(":")[-1]] = int(number)
        elif word == "FNDA":
            count, name = rest.split(",", 1)
            name = name.split(":")[-1]
            current.functions[name] = max(int(count), current.functions.get(name, 0))
    return {path: reached for path, reached in files.items() if path.endswith(".c")}


class Floors:
    """harness/coverage.tsv."""

    def __init__(self, path, root):
        """Reads it; a line that cannot be understood is the caller's mistake."""
        self.path, self.root = path, root
        self.floors, self.exceptions = [], []
        for number, line in enumerate(path.read_text().splitlines(), 1):
            words = line.split("\t")
            if not line or line.startswith("#"):
                continue
            if words[0] == "floor" and len(words) == 3:
                self.floors.append((words[1], float(words[2])))
            elif words[0] == "except" and len(words) == 4:
                self.exceptions.append(words[1:])
            elif words[0] != "reached":
                raise common.UsageError(f"{path.name}:{number}: neither a floor nor an exception")

    def floor(self, path):
        """The floor of one file, None where there is none; the last line that fits counts."""
        fitting = [percent for files, percent in self.floors if PurePosixPath(path).match(files)]
        return fitting[-1] if fitting else None

    def apply(self, reached):
        """The files that have a floor, in order, each with it, without what is excepted."""
        listed = [(one, self.floor(path)) for path, one in sorted(reached.items())
                  if self.floor(path) is not None]
        for one, _ in listed:
            for number in self.excepted(one):
                if not one.lines.get(number):
                    one.lines.pop(number, None)
            self.forgive(one)
        return listed

    def excepted(self, one):
        """The numbers of the lines of a file that are excepted."""
        texts = [text for path, text, _ in self.exceptions if path == one.path]
        source = (self.root / one.path).read_text().splitlines()
        # A line of the preprocessor inside a function is no code.
        return [n for n, line in enumerate(source, 1)
                if line.strip() in texts or line.startswith("#")]

    def forgive(self, one):
        """Takes out the functions whose first line is excepted."""
        texts = [text for path, text, _ in self.exceptions if path == one.path]
        for name in one.functions_missed:
            if any(f"{name}(" in text for text in texts):
                del one.functions[name]

    def misses(self, listed):
        """A sentence for each floor that is not met."""
        sentences = []
        for one, floor in listed:
            if one.percent < floor:
                sentences.append(f"{one.path}: {one.percent:.1f} % of the lines are reached, "
                                 f"the floor is {floor:g} %")
            for name in one.functions_missed:
                sentences.append(f"{one.path}: no harness reaches {name}()")
        return sentences

    def faults(self, reached):
        """A sentence for each line of the list itself that fits nothing."""
        sentences = []
        for files, _ in self.floors:
            on_disk = [path.relative_to(self.root).as_posix() for path in self.root.glob(files)]
            if not on_disk:
                sentences.append(f"{self.path.name}: there is no file '{files}'")
            sentences += [f"{path}: no harness is linked with it"
                          for path in on_disk if path not in reached and self.floor(path)]
        for path, text, _ in self.exceptions:
            source = self.root / path
            if not source.exists() or text not in (x.strip() for x in source.open()):
                sentences.append(f"{self.path.name}: '{path}' has no line '{text}' any more")
        return sentences

    def record(self, listed):
        """Writes the file again, with what was reached now."""
        lines = [f"floor\t{files}\t{percent:g}" for files, percent in self.floors]
        lines += ["except\t" + "\t".join(words) for words in self.exceptions]
        lines += [f"reached\t{one.path}\t{one.lines_reached}/{len(one.lines)}\t"
                  f"{len(one.functions) - len(one.functions_missed)}/{len(one.functions)}"
                  for one, _ in listed]
        self.path.write_text(HEAD + "\n".join(lines) + "\n")
