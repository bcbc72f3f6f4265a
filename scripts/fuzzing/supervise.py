# SPDX-License-Identifier: Apache-2.0
"""fuzz supervise: the process in the background that keeps the jobs of its campaigns running."""

import os
import signal
import struct
import subprocess
import time
import traceback

from fuzzing import afl, campaign as campaigns, exchange, libfuzzer, processes

ENGINES = {"libfuzzer": libfuzzer, "afl": afl}
TICK_S = 0.25
SAMPLE_S = 5
EXCHANGE_S = 30
# Every slice reads the corpus anew, which must not be the most of it.
SLICE_MIN_S, SLICE_MAX_S = 5, 60
# How long a fuzzer may take to end when it is asked to, and beyond the slice that it was given.
PATIENCE_S = 10
# A harness that cannot be started so often in a row is given up.
FAILURES_MAX = 5
# No launch costs less than this, however soon it failed: its harness would always be next.
CHARGE_MIN_S = 0.5


def add_parser(subparsers):
    """Add the verb; start and resume call it, so --help does not name it."""
    parser = subparsers.add_parser("supervise")
    parser.add_argument("harness", nargs="+")
    campaigns.add_dir(parser)


def run(args):
    """Supervise these campaigns until they are stopped, their time is over, or all have failed."""
    chosen = [campaigns.Campaign(args.dir, unit).load() for unit in args.harness]
    supervisor = Supervisor(chosen)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, supervisor.ask_to_stop)
    try:
        return supervisor.run()
    except Exception:
        traceback.print_exc()
        supervisor.give_up()
        return 4


class Launch:
    """A fuzzer that runs: its process, its record in campaign.json, and when it must be over."""

    def __init__(self, campaign, record, process, seconds):
        """Note when it began; the record is the one in campaign.json."""
        self.campaign = campaign
        self.record = record
        self.process = process
        self.began = time.monotonic()
        self.seconds = seconds
        self.asked = None
        self.why = ""

    def age(self):
        """Return the seconds since it began."""
        return time.monotonic() - self.began

    def ask_to_end(self, why):
        """Send SIGTERM once, and SIGKILL when that was long ago."""
        if self.asked is None:
            self.asked, self.why = time.monotonic(), why
            self.process.terminate()
        elif time.monotonic() - self.asked > PATIENCE_S:
            self.process.kill()


class Supervisor:
    """All jobs of some campaigns: which harness is next, and what is written down when."""

    def __init__(self, chosen):
        """Take over these campaigns; nothing is started yet."""
        self.campaigns = chosen
        self.active = []
        self.launches = []
        self.stopping = False
        self.jobs = chosen[0].data["run"]["jobs"]
        self.limit = chosen[0].data["run"]["time"]
        self.elapsed = max(campaign.data["run"]["elapsed"] for campaign in chosen)
        self.began = time.monotonic()
        self.sampled = self.exchanged = self.began
        self.failures = {}
        self.not_before = {}

    def ask_to_stop(self, *_):
        """Stop everything at the next turn; a signal handler."""
        self.stopping = True

    def time_left(self):
        """Return the seconds until the time that was given is over, or None."""
        if not self.limit:
            return None
        return self.limit - self.elapsed - (time.monotonic() - self.began)

    def run(self):
        """Go on until nothing is left to do."""
        self.adopt()
        while self.active:
            self.reap()
            self.end_what_must_end()
            self.fill()
            if time.monotonic() - self.sampled >= SAMPLE_S:
                self.sample()
            if time.monotonic() - self.exchanged >= EXCHANGE_S:
                self.exchange()
            time.sleep(TICK_S)
        return 0

    def adopt(self):
        """Lock the campaigns, clear up after a supervisor that was killed, and say that we run."""
        who = processes.identity(os.getpid())
        for campaign in self.campaigns:
            if not campaign.hold():
                print("fuzz: '%s' is locked by another process" % campaign.folder, flush=True)
                continue
            campaign.load()
            campaign.clear_leftovers()
            campaign.take_seeds()
            campaign.data.update(state="running", reason="", supervisor=who)
            campaign.save()
            self.active.append(campaign)
        self.exchange()

    def reap(self):
        """Count in what has ended."""
        for launch in list(self.launches):
            pid, status, usage = os.wait4(launch.process.pid, os.WNOHANG)
            if pid == 0:
                continue
            launch.process.returncode = os.waitstatus_to_exitcode(status)
            self.launches.remove(launch)
            self.count_in(launch, usage)

    def count_in(self, launch, usage):
        """Fold an ended launch, keep its finds, and see whether it was of any use."""
        campaign, code = launch.campaign, launch.process.returncode
        engine = ENGINES[campaign.data["engine"]]
        engine.look(campaign)
        engine.collect(campaign)
        finds = len(campaign.artifacts()) - launch.record["artifacts"]
        useless = not campaigns.read_meter(campaign.meter(launch.record["serial"])) and not finds
        why = launch.why or ("find" if finds > 0 else "slice" if code == 0 else
                             "status %d" % code)
        cpu = max(usage.ru_utime + usage.ru_stime, launch.record["cpu"])
        campaign.fold(launch.record, why, seconds=launch.age(), cpu=cpu)
        campaign.limit_artifacts()
        self.judge(campaign, launch, useless and not launch.why)

    def judge(self, campaign, launch, useless):
        """Wait before a harness that fails is started again, and at last give it up."""
        unit = campaign.unit
        if launch.age() > 2 and not useless:
            self.failures[unit] = 0
            return
        self.failures[unit] = self.failures.get(unit, 0) + 1
        if not useless:
            # A shallow bug: the pause is short, and the campaign goes on.
            self.not_before[unit] = time.monotonic() + min(0.05 * self.failures[unit], 0.5)
        elif self.failures[unit] < FAILURES_MAX:
            self.not_before[unit] = time.monotonic() + 2 ** self.failures[unit] / 4
        else:
            log = libfuzzer.tail(campaign.log(launch.record["serial"])).decode(errors="replace")
            lines = [line.strip() for line in log.splitlines() if line.strip()]
            reason = next((line for line in reversed(lines) if "ERROR" in line or "ABORT" in line),
                          lines[-1] if lines else "status %d" % launch.process.returncode)
            self.leave(campaign, "failed", reason)

    def end_what_must_end(self):
        """End what was asked to stop, and what is over its time."""
        left = self.time_left()
        over = left is not None and left <= 0
        for campaign in list(self.active):
            why = "stopped" if self.stopping or campaign.stop_file.exists() else \
                "finished" if over else None
            if not why:
                continue
            own = [launch for launch in self.launches if launch.campaign is campaign]
            for launch in own:
                launch.ask_to_end(why)
            if not own:
                self.leave(campaign, why, "")
        for launch in self.launches:
            # Fuzzers end by themselves after their slice; one that hangs does not.
            if launch.seconds and launch.age() > launch.seconds + PATIENCE_S + libfuzzer.TIMEOUT_S:
                launch.ask_to_end("overdue")

    def leave(self, campaign, state, reason):
        """End a campaign: nothing of it runs any more when its lock is let go."""
        for launch in [launch for launch in self.launches if launch.campaign is campaign]:
            launch.process.kill()
            self.launches.remove(launch)
            _, _, usage = os.wait4(launch.process.pid, 0)
            campaign.fold(launch.record, state, seconds=launch.age(),
                          cpu=usage.ru_utime + usage.ru_stime)
        processes.end(lambda: processes.marked(campaign.folder), 2)
        exchange.exchange(campaign)
        campaign.stop_file.unlink(missing_ok=True)
        campaign.data.update(state=state, reason=reason, supervisor=None)
        self.note_time(campaign)
        campaign.save()
        self.active.remove(campaign)
        campaign.let_go()

    def give_up(self):
        """End every fuzzer after a fault of our own; the campaigns then count as killed."""
        for launch in self.launches:
            launch.process.kill()

    def cost(self, campaign):
        """Return the CPU seconds that a harness has had, with those that it is having."""
        running = [launch for launch in self.launches if launch.campaign is campaign]
        expected = sum(launch.seconds or 1e9 for launch in running)
        totals = campaign.data["totals"]
        return max(totals["cpu"], CHARGE_MIN_S * totals["launches"]) + expected

    def slice_seconds(self):
        """Return how long a launch may last: without end where every harness has its jobs for
        itself, otherwise so that each gets several turns."""
        left = self.time_left()
        if self.jobs % len(self.active) == 0:
            return left
        share = (left if left is not None else 1e9) * self.jobs / len(self.active)
        return max(SLICE_MIN_S, min(SLICE_MAX_S, share / 4, SLICE_MAX_S if left is None else left))

    def fill(self):
        """Give each idle job to the harness that has had the least."""
        while len(self.launches) < self.jobs and not self.stopping:
            left = self.time_left()
            if left is not None and left <= 0:
                return
            ready = [campaign for campaign in self.active
                     if self.not_before.get(campaign.unit, 0) <= time.monotonic()
                     and not campaign.stop_file.exists()]
            if not ready:
                return
            self.launch(min(ready, key=self.cost))

    def role(self, campaign):
        """Return the job of a harness that is idle and has run the least often."""
        busy = [launch.record["role"] for launch in self.launches if launch.campaign is campaign]
        ran = [part["role"] for part in campaign.data["slices"]]
        idle = [role for role in ENGINES[campaign.data["engine"]].roles(campaign.data)
                if role not in busy]
        return min(idle, key=ran.count)

    def launch(self, campaign):
        """Start one fuzzer, and write down that it runs."""
        data = campaign.data
        role, seconds = self.role(campaign), self.slice_seconds()
        data["serial"] += 1
        serial = data["serial"]
        words, environment = ENGINES[data["engine"]].command(campaign, role, serial, seconds)
        campaign.meter(serial).write_bytes(struct.pack("=Q", 0))
        remove_old_logs(campaign, serial)
        environment = {**os.environ, **environment, processes.MARK: str(campaign.folder),
                       "TLSGAUGE_METER": str(campaign.meter(serial))}
        with open(campaign.log(serial), "wb") as log:
            # When we are killed, the kernel ends the fuzzer.
            process = subprocess.Popen(["setpriv", "--pdeathsig", "TERM", *words],
                                       stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                       env=environment, cwd=campaign.logs)
        record = {"serial": serial, "role": role, "who": processes.identity(process.pid),
                  "started": time.time(), "seconds": 0.0, "cpu": 0.0,
                  "artifacts": len(campaign.artifacts())}
        data["launches"].append(record)
        data["flags"] = [word for word in words[1:] if str(campaign.folder) not in word]
        campaign.save()
        self.launches.append(Launch(campaign, record, process, seconds))

    def note_time(self, campaign):
        """Write down how much of the given time is gone."""
        campaign.data["run"]["elapsed"] = self.elapsed + time.monotonic() - self.began

    def sample(self):
        """Write down how far everything is, so that being killed loses no more than this."""
        self.sampled = time.monotonic()
        times = processes.cpu_by_tree([launch.process.pid for launch in self.launches])
        for launch in self.launches:
            launch.record["seconds"] = launch.age()
            launch.record["cpu"] = max(launch.record["cpu"], times[launch.process.pid])
        for campaign in {launch.campaign for launch in self.launches}:
            engine = ENGINES[campaign.data["engine"]]
            engine.look(campaign)
            engine.collect(campaign)
            self.note_time(campaign)
            try:
                campaign.save()
            except OSError as error:
                print("fuzz: cannot write '%s': %s" % (campaign.file, error), flush=True)

    def exchange(self):
        """Give other machines what this one found, and take what they did."""
        self.exchanged = time.monotonic()
        for campaign in self.active:
            exchange.exchange(campaign)


def remove_old_logs(campaign, serial):
    """Keep the logs of the last launches only."""
    for path in campaign.logs.glob("launch-*.log"):
        number = path.stem.rpartition("-")[2]
        if number.isdecimal() and int(number) <= serial - 20:
            path.unlink(missing_ok=True)
