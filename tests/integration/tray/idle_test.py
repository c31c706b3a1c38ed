# SPDX-License-Identifier: MIT
"""What the tray costs while nothing changes: strace counts how often it is woken.
Run by hand: see CMakeLists.txt."""
import collections
import os
import re
import shutil
import signal
import subprocess
import time
import unittest

from desktop import TrayCase, main
from lab import HANG, until, works

WATCHED = 70  # seconds
WAITS = "poll,ppoll,select,pselect6,epoll_wait,epoll_pwait,epoll_pwait2,futex,clock_nanosleep,nanosleep,read,recvmsg,restart_syscall"
# "812 16:02:11.123456 poll(...) = 1 <3.200112>": a wait that was over; one that took under a millisecond waited for nothing.
OVER = re.compile(r"^(\d+) +(\d+\.\d+) .* = .*<(\d+\.\d+)>$")


@unittest.skipUnless(shutil.which("strace") and works("strace", "-o", "/dev/null", "true"), "needs strace, and the right to use it")
class Idle(TrayCase):
    def wakeups(self, pids):
        """pid → instants of WATCHED seconds at which one of its threads was woken."""
        logs, tracers = {}, []
        for pid in pids:
            logs[pid] = os.path.join(self.folder, f"strace-{pid}")
            tracers.append(subprocess.Popen(["strace", "-f", "-ttt", "-T", "-e", f"trace={WAITS}", "-o", logs[pid], "-p", str(pid)], env=self.environment,
                                            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        try:
            until("strace is attached", lambda: all(self.is_traced(pid) for pid in pids))
            start = time.time() + 1  # to attach wakes
            until("a minute", lambda: time.time() - start > WATCHED, timeout=WATCHED + HANG, period=0.5)
        finally:
            for tracer in tracers:
                tracer.send_signal(signal.SIGINT)
                tracer.wait(HANG)
        return {pid: self.ended_waits(log, start) for pid, log in logs.items()}

    @staticmethod
    def is_traced(pid):
        threads = os.listdir(f"/proc/{pid}/task")
        for thread in threads:
            with open(f"/proc/{pid}/task/{thread}/status", encoding="ascii") as file:
                if "TracerPid:\t0\n" in file.read():
                    return False
        return True

    @staticmethod
    def ended_waits(path, start):
        result = []
        with open(path, encoding="utf-8", errors="replace") as file:
            for line in file:
                match = OVER.match(line)
                if match and float(match[3]) > 0.001:
                    ended = float(match[2]) + (0 if "resumed>" in line else float(match[3]))
                    if start <= ended <= start + WATCHED:
                        result.append((round(ended - start, 3), line.strip()[:160]))
        return result

    def settle(self, pids):
        """Until nothing that belongs to the start is left to do."""
        def switches():
            total = 0
            for pid in pids:
                for thread in os.listdir(f"/proc/{pid}/task"):
                    with open(f"/proc/{pid}/task/{thread}/status", encoding="ascii") as file:
                        total += sum(int(line.split()[1]) for line in file if line.startswith("voluntary"))
            return total
        last, since = switches(), time.monotonic()

        def is_quiet():
            nonlocal last, since
            present = switches()
            if present != last:
                last, since = present, time.monotonic()
            return time.monotonic() - since > 4
        until("quiet", is_quiet, period=0.25)

    def assertQuiet(self, wakeups, most):
        for pid, ended in wakeups.items():
            per_second = collections.Counter(int(at) for at, _ in ended)
            print(f"pid {pid}: {len(ended)} waits ended within {WATCHED} s, in {len(per_second)} different seconds", *ended[:5], sep="\n  ")
        for pid, ended in wakeups.items():
            self.assertLessEqual(len({int(at * 10) for at, _ in ended}), most[pid], "\n".join(str(wait) for wait in ended))

    def test_a_hibernating_agent_and_its_tray_on_a_status_notifier_panel(self):
        agent = self.start(timers={"tick": 30}, sets={"lifecycle.hibernation": "linger"})
        agent.ask("hibernate")
        agent.wait_state("HIBERNATION")
        _, tray, item = self.on_sni()
        item.wait_tool_tip("HIBERNATION")
        self.settle([tray.pid, agent.pid])
        self.assertQuiet(self.wakeups([tray.pid, agent.pid]), {tray.pid: 1, agent.pid: 1})

    def test_without_an_agent_on_an_xembed_panel(self):
        _, tray, _ = self.on_xembed()
        self.settle([tray.pid])
        self.assertQuiet(self.wakeups([tray.pid]), {tray.pid: 1})


if __name__ == "__main__":
    main()
