# SPDX-License-Identifier: Apache-2.0
"""What the verbs of scripts/fuzz share: the tree, its harnesses, builds and programs."""

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Wrong(Exception):
    """Wrong usage, or a file of the user's that cannot be used: exit status 2."""


class Failed(Exception):
    """Something of ours that did not work: exit status 4."""


def units(names):
    """The harnesses of these names, in order; all of them for 'all'."""
    known = sorted(path.stem.removeprefix("fuzz_") for path in ROOT.glob("harness/fuzz_*.c"))
    if list(names) == ["all"]:
        return known
    for name in names:
        if name not in known:
            raise Wrong(f"there is no harness '{name}'")
    return list(names)


def run(command):
    """What a program prints; Failed with its complaint where it fails."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                          check=False)
    if done.returncode != 0:
        raise Failed(f"'{command[0]}' failed: {done.stderr.strip()}")
    return done.stdout


def tool(name):
    """A program of LLVM, also under Debian's name for version 14."""
    for word in (name, f"{name}-14"):
        if shutil.which(word):
            return word
    raise Failed(f"'{name}' is not installed")


def build(preset, folder, targets):
    """Configures the preset where that was not done yet, and builds the targets."""
    if not (folder / "build.ninja").exists():
        cache = ["-DCMAKE_C_COMPILER_LAUNCHER=ccache"] if shutil.which("ccache") else []
        run(["cmake", "--preset", preset, "-S", ROOT, "-B", folder, *cache])
    run(["nice", "-n", "5", "cmake", "--build", folder, "-j", os.cpu_count(), "--target",
         *targets])
