#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the benchmarks and prints one table: what, ours, its floor, their ratio, the bound, met or not, hoped for.

usage: table.py --build DIR [--out FILE.json] [--only WORD...] [--quick]
DIR was built with -DDORMOUSE_BENCH=ON. --quick watches wake-ups for one minute and the processor for one, instead of three and ten: rough. --only takes words of the
first column. Ends with 1 when a bound is not met or could not be measured."""
import argparse
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))


class Line:
    """One figure of a row. `value` is what the bounds are about."""

    def __init__(self, label, value, text, ours="", floor="", bound=None, hoped=None):
        self.label, self.value, self.text, self.ours, self.floor, self.bound, self.hoped = label, value, text, ours, floor, bound, hoped

    def is_met(self):
        return self.bound is None or (self.value is not None and self.value <= self.bound)

    def is_hoped(self):
        return self.hoped is None or (self.value is not None and self.value <= self.hoped)


def time_text(nanoseconds):
    for unit, size in (("s", 1e9), ("ms", 1e6), ("µs", 1e3)):
        if nanoseconds >= size:
            return f"{nanoseconds / size:.3g} {unit}"
    return f"{nanoseconds:.0f} ns"


class Results:
    """What the programs have measured."""

    def __init__(self, pairs, processes, day):
        self.pairs, self.processes, self.day = pairs, processes, day

    def pair(self, label, name, bound, hoped):
        found = self.pairs.get(name)
        if found is None or found.get("error_occurred"):
            return Line(label, None, f"not measured: {(found or {}).get('error_message', 'did not run')}", bound=bound, hoped=hoped)
        return Line(label, found["ratio"], f"{found['ratio']:.2f} ×", time_text(found["ours_ns"]), time_text(found["floor_ns"]), bound, hoped)

    def figure(self, label, row, key, form, bound, hoped, ours="", floor=""):
        found = self.processes.get(row, {"skipped": "did not run"})
        if "skipped" in found:
            return Line(label, None, f"not measured: {found['skipped']}", bound=bound, hoped=hoped)
        return Line(label, found[key], form.format(found[key]), ours.format(**found), floor.format(**found), bound, hoped)


def growth(results, label, name):
    """The ratio at 10 000 over the ratio at 1 000."""
    few, many = (results.pairs.get(f"{name}/N:{count}", {}).get("ratio") for count in (1000, 10000))
    if few is None or many is None:
        return Line(label, None, "not measured", bound=1.15)
    return Line(label, many / few, f"{many / few:.2f}", f"{many:.2f} ×", f"{few:.2f} ×", 1.15)


def rows(results):
    """(row of quality.md, its lines)"""
    pair, figure = results.pair, results.figure
    wakes = lambda label, row, bound, hoped: figure(label, row, "per_minute", "{:.1f} a minute", bound, hoped)  # noqa: E731
    return [
        ("cold scan", [pair(f"cold scan, {n} heartbeats", f"coldScan/N:{n}", 1.6, 1.3) for n in (10, 100, 1000, 10000)]),
        ("tick's scan", [pair(f"tick's scan of {n}, nothing changed", f"tickScan/N:{n}", 0.7, 0.5) for n in (1000, 10000)]),
        ("watcher's scan", [pair(f"watcher's scan of {n}, one changed", f"watcherScan/N:{n}", 0.35, 0.22) for n in (1000, 10000)]),
        ("dispatch", [pair("dispatch with a transition, durable", "dispatch", 1.3, 1.1)]),
        ("wake latency", [figure("heartbeat → subscriber told WAKE, p99", "wake_latency", "p99_ms", "{:.1f} ms", 15, 5, "median {median_ms:.1f} ms",
                                 "p99 {floor_p99_ms:.1f} ms")]),
        ("status", [pair(f"status, {n} client{'s' if n > 1 else ''}", f"statusRoundTrip/clients:{n}", 3, 2) for n in (1, 64)]),
        ("start", [pair("exec → first status", "start", 4, 2.5)]),
        ("memory", [figure("private dirty memory, 100 wrappers, 100 000 requests", "memory", "ratio", "{:.2f} ×", 3, 2, "{ours_bytes} B", "{floor_bytes} B"),
                    figure("its growth in the second 50 000 requests", "memory", "grown_bytes", "{} B", 65536, 65536)]),
        ("agent's wake-ups", [wakes("agent's wake-ups, nothing changing", "agent_wakeups_quiet", 3, 2),
                              wakes("agent's wake-ups, one wrapper", "agent_wakeups_wrapper", 12, 9),
                              wakes("agent's wake-ups, lingering", "agent_wakeups_lingering", 0, 0)]),
        ("tray's wake-ups", [wakes("tray's wake-ups, nothing changing", "tray_wakeups", 1, 0)]),
        ("history", [pair("history of 30 days, 50 000 lines", "history", 10, 4)]),
    ]


def beyond(results):
    """What else is promised."""
    figure, day = results.figure, results.day
    return [
        growth(results, "growth per file, cold scan", "coldScan"),
        growth(results, "growth per file, tick's scan", "tickScan"),
        growth(results, "growth per file, watcher's scan", "watcherScan"),
        figure("processor, 10 000 wrappers (333 renames/s)", "cpu_10000_wrappers", "percent", "{:.1f} %", 12, None, "{renames_per_second:.0f} renames/s"),
        figure("status meanwhile, p99", "cpu_10000_wrappers", "status_p99_ms", "{:.1f} ms", 10, None, "median {status_median_ms:.2f} ms"),
        figure("processor, one wrapper", "cpu_one_wrapper", "percent", "{:.3f} %", 0.03, None, "over {seconds:.0f} s"),
        Line("writes of the record in a day, one active wrapper", day.get("writes"), str(day.get("writes", "not measured")), f"{day.get('refreshes')} refreshes",
             bound=3000),
        results.pair("for comparison: cold scan, 10 live processes", "coldScanProcesses/N:10", None, None),
        results.pair("for comparison: cold scan, 1000 live processes", "coldScanProcesses/N:1000", None, None),
        results.pair("for comparison: tick's scan of 10", "tickScan/N:10", None, None),
        results.pair("for comparison: watcher's scan of 10, one changed", "watcherScan/N:10", None, None),
    ]


def printed(line):
    bound = "" if line.bound is None else f"≤ {line.bound:g}"
    hoped = "" if line.hoped is None else f"≤ {line.hoped:g}"
    met = "" if line.bound is None else "met" if line.is_met() else "NOT MET"
    reached = "" if line.hoped is None else "reached" if line.is_hoped() else "-"
    print(f"{line.label:54} {line.ours:>18} {line.floor:>14} {line.text:>14}  {bound:>8} {met:8} {hoped:>8} {reached}")


def show(results):
    """Prints the table. True when every bound is met."""
    table, others = rows(results), beyond(results)
    print(f"{'what':54} {'ours':>18} {'floor':>14} {'':>14}  {'must be':>8} {'':8} {'hoped':>8}")
    for _, lines in table:
        for line in lines:
            printed(line)
    print()
    for line in others:
        printed(line)
    met = sum(all(line.is_met() for line in lines) for _, lines in table)
    hoped = sum(all(line.is_met() and line.is_hoped() for line in lines) for _, lines in table)
    also = sum(line.is_met() for line in others if line.bound is not None)
    bounded = sum(line.bound is not None for line in others)
    print(f"\nmust be: {met} of {len(table)} rows, and {also} of {bounded} others; hoped for: {hoped} of {len(table)}")
    return met == len(table) and also == bounded


def wanted(words, *texts):
    return not words or any(word in text for word in words for text in texts)


def run_pairs(build, environment, words):
    """Name → counters."""
    names = {"coldScan": "cold scan growth", "tickScan": "tick's scan growth", "watcherScan": "watcher's scan growth", "dispatch": "dispatch", "statusRoundTrip": "status",
             "start": "start exec", "history": "history"}
    chosen = [name for name, text in names.items() if wanted(words, name, text)]
    if not chosen:
        return {}
    with tempfile.TemporaryDirectory(prefix="dm-bench-") as folder:
        out = os.path.join(folder, "pairs.json")
        subprocess.run([os.path.join(build, "bench", "bench_pairs"), f"--benchmark_filter=^({'|'.join(chosen)})", f"--benchmark_out={out}", "--benchmark_out_format=json"],
                       env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        with open(out, encoding="utf-8") as file:
            benchmarks = json.load(file)["benchmarks"]
    return {benchmark["run_name"].split("/iterations")[0]: benchmark for benchmark in benchmarks}


def run_processes(environment, words):
    names = {"wake_latency": "wake latency", "memory": "memory", "agent_wakeups_quiet": "agent's wake-ups", "agent_wakeups_wrapper": "agent's wake-ups",
             "agent_wakeups_lingering": "agent's wake-ups", "tray_wakeups": "tray's wake-ups", "cpu_10000_wrappers": "processor", "cpu_one_wrapper": "processor"}
    chosen = [name for name, text in names.items() if wanted(words, name, text)]
    if not chosen:
        return {}
    with tempfile.TemporaryDirectory(prefix="dm-bench-") as folder:
        out = os.path.join(folder, "processes.json")
        subprocess.run([sys.executable, os.path.join(HERE, "processes.py"), out, *chosen], env=environment, stdin=subprocess.DEVNULL, check=True)
        with open(out, encoding="utf-8") as file:
            return json.load(file)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=os.path.join(TOP, "build", "release"))
    parser.add_argument("--out")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    build = os.path.abspath(options.build)
    hidden = ("DORMOUSE_", "IAI_MCP_", "LIFECYCLE_", "DBUS_", "DISPLAY", "WAYLAND_DISPLAY", "LISTEN_", "NOTIFY_")
    environment = {key: value for key, value in os.environ.items() if not key.startswith(hidden) or key.startswith("DORMOUSE_BENCH")}
    support = os.path.join(TOP, "tests", "support")
    environment.update(DORMOUSE_BIN=os.path.join(build, "bin"), DORMOUSE_BENCH_BIN=os.path.join(build, "bench"), PYTHONPATH=support, PYTHONDONTWRITEBYTECODE="1",
                       LC_ALL="C.UTF-8", DBUS_SYSTEM_BUS_ADDRESS="unix:path=/nonexistent")
    if options.quick:
        environment.update(DORMOUSE_BENCH_MINUTES="1", DORMOUSE_BENCH_CPU_MINUTES="1")
    pairs = run_pairs(build, environment, options.only)
    day = json.loads(subprocess.run([os.path.join(build, "bench", "bench_day")], check=True, capture_output=True, text=True).stdout)
    results = Results(pairs, run_processes(environment, options.only), day)
    if options.out:
        with open(options.out, "w", encoding="utf-8") as file:
            json.dump({"pairs": results.pairs, "processes": results.processes, "day": day, "load": os.getloadavg()}, file, indent=2)
    sys.exit(not show(results))


if __name__ == "__main__":
    main()
