# SPDX-License-Identifier: Apache-2.0
"""options: what a harness is run with, from harness/options.tsv.

Printed as OSS-Fuzz reads it from the file beside a fuzzer, or written there with --out.
"""

import dataclasses
import shutil
from pathlib import Path

from fuzzing import common

TABLE = common.ROOT / "harness" / "options.tsv"
COLUMNS = ["unit", "max_len", "timeout", "rss_limit_mb", "dict"]
NO_DICTIONARY = "-"
DEFAULT = "*"


@dataclasses.dataclass(frozen=True)
class Options:
    """The options of one harness; `dictionary` is a file, or None."""

    max_len: int
    timeout: int
    rss_limit_mb: int
    dictionary: Path

    def libfuzzer(self):
        """The same for libFuzzer's command line."""
        words = [f"-max_len={self.max_len}", f"-timeout={self.timeout}",
                 f"-rss_limit_mb={self.rss_limit_mb}"]
        return words + ([f"-dict={self.dictionary}"] if self.dictionary else [])

    def text(self, dictionary):
        """The same as a file for OSS-Fuzz, with this name for the dictionary."""
        lines = ["[libfuzzer]", f"max_len = {self.max_len}", f"timeout = {self.timeout}",
                 f"rss_limit_mb = {self.rss_limit_mb}"]
        return "\n".join(lines + ([f"dict = {dictionary}"] if self.dictionary else [])) + "\n"


def add_parser(subparsers):
    """Adds the verb and its options."""
    parser = subparsers.add_parser(
        "options", help="what a harness is run with", description=__doc__)
    parser.add_argument("units", nargs="*", metavar="HARNESS", default=["all"],
                        help="the name behind fuzz_, or 'all' (the default)")
    parser.add_argument("--out", type=Path, metavar="DIR",
                        help="write DIR/fuzz_HARNESS.options and .dict")
    parser.set_defaults(run=run)


def run(args):
    """Prints or writes the options of each harness."""
    if args.out and not args.out.is_dir():
        raise common.UsageError(f"'--out' needs a folder, and '{args.out}' is none")
    for unit in common.choose(args.units):
        name, asked = f"fuzz_{unit}", of(unit)
        text = asked.text(f"{name}.dict")
        if not args.out:
            print(f"# {name}\n{text}")
            continue
        (args.out / f"{name}.options").write_text(text)
        if asked.dictionary:
            shutil.copyfile(asked.dictionary, args.out / f"{name}.dict")
    return 0


def of(unit):
    """The options of one harness: its own line, or the one of every harness without."""
    lines = read(TABLE)
    return lines.get(unit, lines[DEFAULT])


def read(path):
    """The table by unit; Failed with file and line of the first mistake."""
    lines = {}
    for number, line in enumerate(path.read_text().splitlines(), 1):
        words = line.partition("#")[0].split()
        if not words or words == COLUMNS:
            continue
        where = f"{path}:{number}"
        if len(words) != len(COLUMNS):
            raise common.Fault(f"{where}: {len(words)} columns, not {len(COLUMNS)}")
        if words[0] in lines:
            raise common.Fault(f"{where}: '{words[0]}' has a line already")
        lines[words[0]] = parse(words, where)
    if DEFAULT not in lines:
        raise common.Fault(f"{path}: there is no line '{DEFAULT}'")
    return lines


def parse(words, where):
    """One line's words as options."""
    if not all(word.isdigit() and int(word) > 0 for word in words[1:4]):
        raise common.Fault(f"{where}: {COLUMNS[1]}, {COLUMNS[2]} and {COLUMNS[3]} are numbers")
    dictionary = None
    if words[4] != NO_DICTIONARY:
        dictionary = common.ROOT / "harness" / words[4]
        if not dictionary.is_file():
            raise common.Fault(f"{where}: there is no dictionary '{words[4]}' in harness/")
    return Options(int(words[1]), int(words[2]), int(words[3]), dictionary)
