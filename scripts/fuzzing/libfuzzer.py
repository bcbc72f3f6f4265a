# SPDX-License-Identifier: Apache-2.0
"""The engine libFuzzer: one process a job over one corpus folder, which all of them reload."""

import re

from fuzzing import campaign as campaigns
from fuzzing import common

TIMEOUT_S = 20
RSS_MB = 2048
STATUS = re.compile(rb"^#\d+\s+\w+\s+cov: (\d+) ft: (\d+)", re.M)
LOG_TAIL = 1 << 14


def roles(data):
    """Return the names of the jobs."""
    return ["job%d" % number for number in range(1, data["run"]["jobs"] + 1)]


def command(campaign, role, serial, seconds):
    """Return the command of a launch, and what its environment has beside ours."""
    seed = (campaign.data["seed"] + serial) % (1 << 31) or 1
    words = [str(campaign.program()), "-dict=%s" % common.DICTIONARY, "-reload=1",
             "-timeout=%d" % TIMEOUT_S, "-rss_limit_mb=%d" % RSS_MB,
             "-max_len=%d" % campaign.data["max_len"], "-report_slow_units=3600",
             "-print_final_stats=1", "-seed=%d" % seed, "-artifact_prefix=%s/" % campaign.crashes]
    if seconds:
        words.append("-max_total_time=%d" % max(1, seconds))
    # Symbolising takes longer than a short slice; triage does it.
    return words + [str(campaign.corpus)], {"ASAN_OPTIONS": "symbolize=0",
                                            "UBSAN_OPTIONS": "symbolize=0:print_stacktrace=1"}


def tail(path, size=LOG_TAIL):
    """Return the end of a file, or nothing."""
    try:
        with open(path, "rb") as file:
            file.seek(max(0, file.seek(0, 2) - size))
            return file.read()
    except OSError:
        return b""


def look(campaign):
    """Read from the logs how far the launches are, and keep the most."""
    coverage = campaign.data["coverage"]
    for launch in campaign.data["launches"]:
        lines = STATUS.findall(tail(campaign.log(launch["serial"])))
        if lines:
            edges, features = map(int, lines[-1])
            coverage["edges"] = max(coverage["edges"], edges)
            coverage["features"] = max(coverage["features"], features)


def inputs(campaign):
    """Return the files of the corpus."""
    return campaigns.visible(campaign.corpus)


def collect(campaign):
    """Artifacts are written where they belong; those from the corpus itself leave it."""
    for path in campaign.artifacts():
        campaign.put_aside(path)
