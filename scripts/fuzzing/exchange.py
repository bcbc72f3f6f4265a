# SPDX-License-Identifier: Apache-2.0
"""The folder that machines share, as far as libFuzzer goes: a corpus a machine.

AFL++ synchronises its own instances there; its first instance reads our corpora with -F."""

from fuzzing import campaign as campaigns


def exchange(campaign):
    """Copy what is new out to our own corpus in the shared folder, and in from all others."""
    if not campaign.data["sync"]:
        return
    shared = campaign.afl()
    own = shared / ("corpus-" + campaign.data["host"])
    if campaign.data["engine"] == "libfuzzer":
        own.mkdir(parents=True, exist_ok=True)
        campaigns.take(campaigns.visible(campaign.corpus), own, (), campaign.seen, True)
        for folder in [*shared.glob("corpus-*"), *shared.glob("*/queue")]:
            if folder != own:
                campaigns.take(campaigns.visible(folder), campaign.corpus, campaign.data["aside"],
                               campaign.seen)
