#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes a believable month of event log into ROOT/logs: a person who works on weekdays, with breaks and lunch, and whose machine is mostly off at weekends.

usage: month.py ROOT [--days 30] [--now 2026-05-29T16:20:00+02:00] [--seed 7] [--pad LINES]

The story is told up to --now (default: now; with an offset, days are those of that offset, else those of this machine's zone) and breaks off there, in whatever
state that hour finds it. The same --now and --seed write the same bytes.
--pad adds that many lines that say nothing of the states, spread over the month: a log as long as a busy one."""

import argparse
import datetime
import gzip
import json
import os
import random

UTC = datetime.timezone.utc
GIGABYTE = 1_000_000_000
SERVICES = (("ollama", 2.2, 1.4), ("llama-server", 4.1, 2.5), ("iai-mcp", 1.3, 0.6))  # name, seconds to ready, gigabytes
DROWSY_AFTER = datetime.timedelta(minutes=5)
SLEEP_AFTER = datetime.timedelta(minutes=30)


class Month:
    """Tells a story and keeps the lines it makes, as the agent would write them."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines = []  # (instant, object)
        self.state = None  # nothing: the agent does not run
        self.record = "WAKE"  # what the record on disk says; it outlives the agent
        self.pid = 1200

    def write(self, when, kind, **fields):
        self.lines.append((when, {"event": kind, **fields}))

    def minutes(self, low, high):
        return datetime.timedelta(minutes=self.random.uniform(low, high))

    def start(self, when):
        self.pid += self.random.randrange(300, 4000)
        last = self.lines[-1][0] if self.lines else when
        self.state = self.record
        self.write(when, "agent_started", pid=self.pid, version="0.1.0", state=self.state, last_seen_ts=stamp(last))

    def stop(self, when):
        if self.state is not None:
            self.write(when, "agent_stopped", state=self.state)
        self.state = None

    def move(self, when, to, trigger):
        self.write(when, "state_transition", **{"from": self.state, "to": to, "trigger": trigger})
        self.state = self.record = to

    def wake(self, when, trigger="heartbeat_refresh"):
        came_from = self.state
        if came_from == "HIBERNATION":
            trigger = "wake_signal"
        elif came_from == "SLEEP":
            trigger = "request_arrived"
        if came_from == "WAKE":
            return
        self.move(when, "WAKE", trigger)
        if came_from == "DROWSY":
            return
        for name, ready, _ in SERVICES:
            took = ready * self.random.uniform(0.7, 1.7) * (1.5 if came_from == "HIBERNATION" else 1)
            self.write(when + datetime.timedelta(seconds=took), "service_ready", service=name, ready_sec=round(took, 3))

    def rest(self, last_use, until):
        """What comes of it when nobody uses anything from `last_use` to `until`."""
        if self.state == "WAKE" and last_use + DROWSY_AFTER < until:
            self.move(last_use + DROWSY_AFTER, "DROWSY", "idle_5min")
        asleep = last_use + SLEEP_AFTER
        if self.state != "DROWSY" or asleep >= until:
            return
        self.move(asleep, "SLEEP", "idle_30min")
        self.sleep(asleep, until)

    def sleep(self, since, until):
        done = since + self.minutes(4, 14)
        if done < until:
            self.write(done, "sleep_cycle_completed", duration_sec=round((done - since).total_seconds(), 3))
        away = done + self.minutes(45, 80)
        if away >= until:
            return
        self.move(away, "HIBERNATION", "sleep_cycle_done")
        freed = int(sum(size for _, _, size in SERVICES) * GIGABYTE * self.random.uniform(0.9, 1.1))
        self.write(away + datetime.timedelta(seconds=3), "lifecycle_hibernation_exit", mode="linger", freed_bytes=freed)

    def work(self, begin, end):
        """Uses of half an hour to one and a half with breaks between them; returns the last use."""
        at = begin
        while at < end:
            self.wake(at)
            stop = min(at + self.minutes(25, 100), end)
            pause = self.minutes(6, 26) if self.random.random() < 0.85 else self.minutes(32, 55)
            if stop + pause >= end:
                return stop
            self.rest(stop, stop + pause)
            at = stop + pause
        return end

    def suspend(self, begin, end):
        self.write(end, "system_resumed", slept_sec=round((end - begin).total_seconds(), 3))


def stamp(when):
    return when.astimezone(UTC).isoformat(timespec="milliseconds")


def at(day, hours, zone):
    """`hours` o'clock by the clock on the wall; more than 24 is the next day."""
    naive = datetime.datetime.combine(day, datetime.time()) + datetime.timedelta(hours=hours)
    return naive.replace(tzinfo=zone) if zone else naive.astimezone()


def weekday(month, day, zone, last_use):
    luck = month.random
    morning = at(day, luck.uniform(8.4, 9.4), zone)
    lunch = at(day, luck.uniform(12.0, 12.6), zone)
    afternoon = lunch + month.minutes(40, 75)
    evening = at(day, luck.uniform(17.2, 18.6), zone)
    if last_use:
        month.rest(last_use, morning)
        if luck.random() < 0.5:  # the lid was closed overnight
            month.suspend(at(day, luck.uniform(0.2, 1.2), zone), at(day, luck.uniform(6.6, 7.8), zone))
    if month.state is None:
        month.start(morning - month.minutes(1, 3))
    use = month.work(morning, lunch)
    month.rest(use, afternoon)
    if luck.random() < 0.3:
        month.suspend(lunch + month.minutes(8, 12), afternoon - month.minutes(2, 4))
    use = month.work(afternoon, evening)
    if luck.random() < 0.4:
        begin = at(day, luck.uniform(20.2, 21.3), zone)
        month.rest(use, begin)
        use = month.work(begin, begin + month.minutes(30, 100))
    if day.weekday() == 4 and luck.random() < 0.85:  # off for the weekend
        off = use + month.minutes(6, 50)
        month.rest(use, off)
        month.stop(off)
        return None
    return use


def weekend(month, day, zone, last_use):
    luck = month.random
    if month.state is None and luck.random() < 0.4:
        begin = at(day, luck.uniform(14.0, 16.5), zone)
        month.start(begin - month.minutes(1, 2))
        use = month.work(begin, begin + month.minutes(50, 150))
        end = use + month.minutes(10, 60)
        month.rest(use, end)
        month.stop(end)
    return last_use


def tell(days, now, zone, seed):
    month = Month(seed)
    last_use = None
    today = now.date()
    for ago in range(days, -1, -1):
        day = today - datetime.timedelta(days=ago)
        last_use = (weekday if day.weekday() < 5 else weekend)(month, day, zone, last_use)
    # What lies behind now is not written; what began before it is not over.
    return sorted((line for line in month.lines if line[0] <= now), key=lambda line: line[0])


def padded(lines, count, seed):
    luck = random.Random(seed + 1)
    begin, end = lines[0][0], lines[-1][0]
    extra = [(begin + (end - begin) * luck.random(), {"event": "wrapper_event", "name": f"wrapper-{i % 7}", "age_sec": i % 300})
             for i in range(count)]
    return sorted(lines + extra, key=lambda line: line[0])


def save(lines, root, today):
    logs = os.path.join(root, "logs")
    for folder in (root, logs):
        os.makedirs(folder, mode=0o700, exist_ok=True)
    files = {}
    for when, fields in lines:
        text = json.dumps({"ts": stamp(when), **fields}, separators=(",", ":"), ensure_ascii=False)
        files.setdefault(when.astimezone(UTC).date(), []).append(text + "\n")
    for day, content in files.items():
        path = os.path.join(logs, f"lifecycle-events-{day}.jsonl")
        data = "".join(content).encode()
        if (today - day).days > 30:  # as the agent archives them
            path, data = path + ".gz", gzip.compress(data, mtime=0)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root")
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--now", type=datetime.datetime.fromisoformat, default=datetime.datetime.now())
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--pad", type=int, default=0)
    options = parser.parse_args()
    # A time with an offset brings its zone along; without one the days are the machine's, with its summer time.
    now = options.now if options.now.tzinfo else options.now.astimezone()
    lines = tell(options.days, now, options.now.tzinfo, options.seed)
    if options.pad:
        lines = padded(lines, options.pad, options.seed)
    save(lines, options.root, now.astimezone(UTC).date())


if __name__ == "__main__":
    main()
