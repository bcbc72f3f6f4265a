# SPDX-License-Identifier: Apache-2.0
"""Processes by identity: a pid with the time it began at, so that a recycled pid is nobody's."""

import os
import signal
import time
from pathlib import Path

# The environment of every process of a campaign says which folder it works for.
MARK = "TLSGAUGE_CAMPAIGN"
TICKS = os.sysconf("SC_CLK_TCK")
# Fields of /proc/PID/stat behind the name, from the state on.
STATE, PARENT, TIMES, START = 0, 1, slice(11, 15), 19


def stat(pid):
    """Return the fields of /proc/PID/stat behind the name, or None."""
    try:
        text = Path("/proc/%d/stat" % pid).read_text(errors="replace")
    except OSError:
        return None
    return text[text.rindex(")") + 2:].split()


def boot():
    """Return the id of this boot: start times count from it."""
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def identity(pid):
    """Return what tells this process from a later one of the same pid, or None."""
    fields = stat(pid)
    return fields and {"pid": pid, "start": int(fields[START]), "boot": boot()}


def is_alive(who):
    """Say whether the process of this identity still runs; a zombie does not."""
    fields = stat(who["pid"]) if who else None
    return bool(fields) and fields[STATE] not in "ZX" and int(fields[START]) == who["start"] \
        and who["boot"] == boot()


def send(who, number):
    """Send a signal to the process of this identity and to no other."""
    if not is_alive(who):
        return
    try:
        handle = os.pidfd_open(who["pid"])
    except OSError:
        return
    try:
        # The descriptor holds the pid: what is alive now is what the signal reaches.
        if is_alive(who):
            signal.pidfd_send_signal(handle, number)
    except ProcessLookupError:
        pass
    finally:
        os.close(handle)


def pids():
    """Return every pid there is."""
    return [int(name) for name in os.listdir("/proc") if name.isdecimal()]


def marked(folder):
    """Return the identities of the processes that work for a campaign's folder."""
    mark = ("%s=%s" % (MARK, folder)).encode()
    found = []
    for pid in pids():
        try:
            words = Path("/proc/%d/environ" % pid).read_bytes().split(b"\0")
        except OSError:
            continue
        if mark in words and pid != os.getpid():
            found.append(identity(pid))
    return [who for who in found if who and is_alive(who)]


def cpu_by_tree(roots):
    """Return {root: CPU seconds of it, of what descends from it and of what those waited for}."""
    table = {pid: fields for pid in pids() if (fields := stat(pid))}
    children = {}
    for pid, fields in table.items():
        children.setdefault(int(fields[PARENT]), []).append(pid)
    return {root: sum(sum(map(int, table[pid][TIMES])) for pid in tree(root, children)
                      if pid in table) / TICKS for root in roots}


def tree(root, children):
    """Return a process and everything below it."""
    found = [root]
    for pid in found:
        found += children.get(pid, [])
    return found


def wait_for(condition, seconds, interval=0.1):
    """Wait until the condition holds, and say whether it does."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(interval)
    return True


def end(find, patience):
    """End the processes that `find` returns: asked first, killed when patience is over."""
    for who in find():
        send(who, signal.SIGTERM)
        send(who, signal.SIGCONT)
    if wait_for(lambda: not find(), patience):
        return
    for who in find():
        send(who, signal.SIGKILL)
    wait_for(lambda: not find(), 5)
