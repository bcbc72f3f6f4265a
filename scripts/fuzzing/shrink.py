# SPDX-License-Identifier: Apache-2.0
"""Makes a failing input smaller: parts of a hello with their lengths repaired, records, and bytes.

libFuzzer's own minimising tries at random; this tries in order, hundreds of inputs a process."""

import re
import subprocess
import tempfile
import time
from pathlib import Path

from fuzzing import common, crashes, describe, libfuzzer

BATCH = 400
RUNNING = re.compile(r"^Running: .*/(\d+)$", re.M)


def shrink(program, unit, data, key, seconds):
    """Return the smallest input that still is the finding of this key, in so many seconds."""
    until = time.monotonic() + seconds
    refused = set()
    while time.monotonic() < until:
        tried = [other for other in smaller(unit, data) if other not in refused][:BATCH]
        number, finding = first_failure(program, tried, until - time.monotonic())
        if number is None:
            return data
        refused.update(tried[:number + 1])
        if finding.key() == key:
            data = tried[number]
    return data


def first_failure(program, tried, seconds):
    """Run inputs in one process, and return the number and finding of the first that fails."""
    if not tried or seconds <= 0:
        return None, None
    with tempfile.TemporaryDirectory() as scratch:
        paths = [Path(scratch) / str(number) for number in range(len(tried))]
        for path, data in zip(paths, tried):
            path.write_bytes(data)
        try:
            done = subprocess.run(
                [str(program), *crashes.flags(), "-artifact_prefix=%s/" % scratch,
                 *map(str, paths)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE, env=crashes.environment(), check=False,
                timeout=seconds + libfuzzer.TIMEOUT_S)
        except subprocess.TimeoutExpired:
            return None, None
    said = done.stderr.decode(errors="replace")
    running = RUNNING.findall(said)
    if not done.returncode or not running:
        return None, None
    return int(running[-1]), crashes.judge(said, done.returncode)


def smaller(unit, data):
    """Yield smaller inputs, each once: without parts of its structure, then without bytes."""
    seen = {data}
    for other in [*structured(unit, data), *without_bytes(data)]:
        if other and len(other) < len(data) and other not in seen:
            seen.add(other)
            yield other


def without_bytes(data):
    """Yield the input without a half, a quarter, ..., a byte of it."""
    size = max(1, len(data) // 2)
    while True:
        for at in range(0, len(data), size):
            yield data[:at] + data[at + size:]
        if size == 1:
            return
        size //= 2


def structured(unit, data):
    """Yield the input without parts of what it says, where that is a hello or records."""
    form, skip = common.mutated().get(unit, (None, 0))
    if form == "MUTATE_BODY":
        for body in hellos(data[skip:]):
            yield data[:skip] + body
    elif form == "MUTATE_RECORDS":
        for stream in streams(data[skip:]):
            yield data[:skip] + stream


def streams(data):
    """Yield a stream of records without one of them, and with one that has less in it."""
    records, at = [], 0
    while describe.is_record(data[at:]):
        end = at + 5 + int.from_bytes(data[at + 3:at + 5], "big")
        records.append(data[at:end])
        at = end
    for number, record in enumerate(records):
        before, after = b"".join(records[:number]), b"".join(records[number + 1:]) + data[at:]
        yield before + after
        length = int.from_bytes(record[6:9], "big")
        if record[0] == 22 and record[5:6] == b"\1" and len(record) == 9 + length:
            for body in hellos(record[9:]):
                message = b"\1" + len(body).to_bytes(3, "big") + body
                yield before + record[:3] + prefixed(2, message) + after


def prefixed(width, body):
    """Return bytes behind their length."""
    return len(body).to_bytes(width, "big") + body


def hellos(body):
    """Yield a ClientHello's body without parts of it, the lengths repaired."""
    reader = describe.Reader(body)
    head, identity = reader.take(34, "random"), reader.vector(1, "session id")
    suites, methods = reader.vector(2, "suites"), reader.vector(1, "methods")
    extensions = list(split(reader.vector(2, "extensions"))) if reader.left() else []
    if reader.cut:
        return

    def written(identity, suites, methods, extensions):
        block = prefixed(2, b"".join(extensions)) if extensions else b""
        return head + prefixed(1, identity) + prefixed(2, suites) + prefixed(1, methods) + block

    yield written(identity, suites, methods, [])
    yield written(b"", suites, methods, extensions)
    yield written(identity, suites, b"\0", extensions)
    for number in range(len(extensions)):
        yield written(identity, suites, methods, extensions[:number] + extensions[number + 1:])
        if len(extensions[number]) > 4:
            empty = extensions[number][:2] + b"\0\0"
            yield written(identity, suites, methods,
                          extensions[:number] + [empty] + extensions[number + 1:])
    for fewer in without_bytes(suites):
        yield written(identity, fewer, methods, extensions)


def split(block):
    """Yield the extensions of a block with their headers."""
    reader = describe.Reader(block)
    while reader.left():
        kind = reader.take(2, "extension")
        yield kind + prefixed(2, reader.vector(2, "extension"))
