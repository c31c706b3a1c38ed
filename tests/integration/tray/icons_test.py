# SPDX-License-Identifier: MIT
"""The icon that a panel shows: the right drawing for each state and mark, none like another, legible, and never flickering.
Run by hand: see CMakeLists.txt."""
import os

from desktop import main
from fakeagent import FakeAgent
from iconcase import ROUNDING, IconCase
from lab import now, until
from picture import Picture

STATES = {"WAKE": "awake", "DROWSY": "drowsy", "SLEEP": "asleep", "HIBERNATION": "hibernating"}
MARK = [{"what": "quarantine", "text": "the sleep cycle failed three times", "since": now()}]
# name → what the agent says of itself
LOOKS = {name: {"state": state, "attention": [], "scheduler_paused": False} for state, name in STATES.items()} | {
    "awake-attention": {"state": "WAKE", "attention": MARK, "scheduler_paused": False},
    "awake-hold": {"state": "WAKE", "attention": [], "scheduler_paused": True},
    "awake-attention-hold": {"state": "WAKE", "attention": MARK, "scheduler_paused": True},
    "asleep-attention": {"state": "SLEEP", "attention": MARK, "scheduler_paused": False},
    "hibernating-attention": {"state": "HIBERNATION", "attention": MARK, "scheduler_paused": False},
}


class OnXEmbed(IconCase):
    def shown(self, window, expected, message):
        """Waits until the panel shows `expected`, and answers with what it shows."""
        last = []

        def fits():
            last[:] = [window.picture()]
            return (last[0].width, last[0].height) == (expected.width, expected.height) and max(last[0].distances(expected)) <= ROUNDING

        def what():
            kept = os.environ.get("DORMOUSE_LAB_KEEP")  # a folder, for a person to look into
            for name, picture in (("expected", expected), ("shown", last[0])) if kept else ():
                picture.save_png(os.path.join(kept, f"{message}-{name}.png"))
            return f"{message} in the panel; {last[0].width}x{last[0].height}, (pixels off, mean) {last[0].difference(expected)}"
        until(what, fits, timeout=15, period=0.02)
        return last[0]

    def walk(self, scheme, ink, panel_flags=()):
        fake = FakeAgent(self)
        _, tray, window = self.on_xembed(scheme=scheme, panel_flags=panel_flags)
        fake.wait_subscribed()
        _, _, width, height = window.geometry()
        references = self.references(min(width, height), ink)
        background = window.picture().at(0, 0)
        pictures = {}
        for name, said in LOOKS.items():
            fake.tell(**said)
            pictures[name] = self.shown(window, references[name].over(Picture.plain(width, height, background)), f"{name} {scheme}")
        fake.stop()  # no record: nobody knows anything
        pictures["noagent"] = self.shown(window, references["noagent"].over(Picture.plain(width, height, background)), f"noagent {scheme}")
        self.assertAllDiffer(pictures)
        self.assertLegible(pictures, background)
        self.assertEqual(tray.stop(), 0)

    def assertLegible(self, pictures, background):
        """On this panel, each drawing stands out: a tenth of the pixels at least is far from the background."""
        for name, picture in pictures.items():
            strong = sum(1 for distance in picture.distances(Picture.plain(picture.width, picture.height, background)) if distance > 96)
            self.assertGreater(strong, picture.width * picture.width // 10, name)

    def test_each_look_is_the_drawing_of_its_state_on_a_light_panel(self):
        self.walk("light", "dark")

    def test_each_look_is_the_drawing_of_its_state_on_a_dark_panel(self):
        self.walk("dark", "light", panel_flags=("--transparent", "true", "--alpha", "0", "--tint", "0x202226"))


class OnStatusNotifier(IconCase):
    def test_each_look_is_the_drawing_of_its_state_in_every_size(self):
        fake = FakeAgent(self)
        _, _, item = self.on_sni()
        fake.wait_subscribed()
        sides = sorted(item.images())
        self.assertTrue({16, 22, 24, 32, 48, 64} & set(sides), sides)
        self.assertGreaterEqual(max(sides), 44, "nothing crisp for panels of double density")
        references = {side: self.references(side, "dark") for side in sides}

        def equals(name):
            images = item.images()
            return sorted(images) == sides and all(
                max(images[side].over(grey(side)).distances(references[side][name].over(grey(side)))) <= ROUNDING for side in sides)

        def grey(side):
            return Picture.plain(side, side, (128, 128, 128))

        for name, said in LOOKS.items():
            fake.tell(**said)
            item.bus.until(f"{name} in {sides}", lambda: equals(name), timeout=15)
        fake.stop()
        item.bus.until("the icon without an agent", lambda: equals("noagent"), timeout=15)

    def test_light_ink_when_the_user_asks_for_it(self):
        FakeAgent(self)
        _, _, item = self.on_sni(env={"DORMOUSE_TRAY_INK": "light"})
        image = max(item.images().items())[1]
        self.assertGreater(min(image.ink()), 200, "the ink of a dark panel is light")

    def test_nothing_is_drawn_anew_while_the_look_stays(self):
        fake = FakeAgent(self, "DROWSY")
        _, _, item = self.on_sni()
        fake.wait_subscribed()
        item.wait_state("DROWSY")
        item.bus.turn(0.3)
        del item.signals[:]
        for number in range(20):
            fake.tell(why=f"fake: reason number {number}", wrappers={**fake.snapshot["wrappers"], "fresh": number + 1})
        item.wait_tool_tip("reason number 19")
        fake.tell("SLEEP")
        item.bus.until("the next look", lambda: any(name == "NewIcon" for _, name in item.signals))
        item.wait_state("SLEEP")
        self.assertEqual([name for _, name in item.signals].count("NewIcon"), 1, "a flickering icon")

    def test_an_absent_agent_that_hibernates_looks_like_hibernation(self):
        self.put_record("HIBERNATION")
        _, _, item = self.on_sni()
        item.wait_tool_tip("HIBERNATION")
        self.assertLook(item, "hibernating")


if __name__ == "__main__":
    main()
