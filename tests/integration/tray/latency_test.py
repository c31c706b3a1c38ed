# SPDX-License-Identifier: MIT
"""How soon the icon follows the agent: within 100 ms of its snapshot, nine times of ten, and never a second.
Run by hand: see CMakeLists.txt."""
import time

from desktop import TrayCase, main
from fakeagent import FakeAgent
from lab import HANG

ROUNDS = 30
LIMIT = 0.100


class Latency(TrayCase):
    def test_the_icon_follows_a_snapshot_within_100_ms(self):
        fake = FakeAgent(self)
        _, _, item = self.on_sni()
        fake.wait_subscribed()
        item.wait_state("WAKE")
        self.settle(item)
        taken = []
        for number in range(ROUNDS):
            del item.signals[:]
            told = fake.tell(("DROWSY", "SLEEP", "HIBERNATION", "WAKE")[number % 4])
            taken.append(self.first(item, "NewIcon") - told)
            item.bus.turn(0.05)
        taken.sort()
        p50, p90, worst = taken[ROUNDS // 2], taken[ROUNDS * 9 // 10 - 1], taken[-1]
        print(f"snapshot to NewIcon on the bus, {ROUNDS} rounds: p50 {p50 * 1000:.1f} ms, p90 {p90 * 1000:.1f} ms, worst {worst * 1000:.1f} ms")
        self.assertLess(p90, LIMIT)
        self.assertLess(worst, 1.0)

    @staticmethod
    def settle(item):
        """What a start brings with it is not measured."""
        quiet_since = time.monotonic()
        count = len(item.signals)
        while time.monotonic() - quiet_since < 0.5:
            item.bus.turn()
            if len(item.signals) != count:
                count, quiet_since = len(item.signals), time.monotonic()

    @staticmethod
    def first(item, name):
        deadline = time.monotonic() + HANG
        while time.monotonic() < deadline:
            for at, member in item.signals:
                if member == name:
                    return at
            item.bus.turn(0.2)
        raise AssertionError(f"no {name}")


if __name__ == "__main__":
    main()
