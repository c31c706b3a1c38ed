# SPDX-License-Identifier: MIT
"""The menu by hand: with the mouse on an XEmbed panel, and with nothing but the keyboard.
Run by hand: see CMakeLists.txt."""
from desktop import TrayCase, main
from fakeagent import FakeAgent
from lab import now, until

# path of labels → what the agent is asked for
ASKED = {
    ("Wake Now",): {"type": "force_wake"},
    ("Sleep Now",): {"type": "user_initiated_sleep"},
    ("Keep Services Awake", "15 Minutes"): {"type": "pause", "seconds": 900},
    ("Keep Services Awake", "1 Hour"): {"type": "pause", "seconds": 3600},
    ("Keep Services Awake", "4 Hours"): {"type": "pause", "seconds": 14400},
    ("Keep Services Awake", "Turned Off"): {"type": "pause"},
    ("Keep Services Awake", "End Now"): {"type": "resume"},
    ("Last Digest",): {"type": "digest", "peek": True},
    ("Run Maintenance Now",): {"type": "force_rem"},
    ("Reset Quarantine",): {"type": "sleep_cycle", "action": "reset_quarantine"},
}
WINDOWS = {"History": "History", "Settings": "Settings", "About": "About"}
HELD = {"scheduler_paused": True, "paused_until": now(1800), "quarantine": {"reason": "it failed", "since_ts": now(-60), "until_ts": now(3600)}}


def mnemonic(entry):
    """The letter that chooses it; None without one."""
    raw = entry.raw.replace("__", "")
    at = raw.find("_")
    return raw[at + 1].lower() if 0 <= at < len(raw) - 1 else None


class ByMouse(TrayCase):
    def test_right_click_opens_the_menu_and_a_click_chooses(self):
        fake = FakeAgent(self, "DROWSY")
        desktop, tray, window = self.on_xembed()
        fake.wait_subscribed()
        # The head of the menu says the state, and shows more of it when clicked. The first row below it is Wake Now.
        for number in range(8):
            window.click(3)
            x, y, width, _ = tray.menu_window().geometry()
            desktop.click(x + width // 2, y + 12 + 22 * number)
            if until("something happens", lambda: self.asked(fake) or desktop.titled("^Dormouse$")) == "force_wake":
                return
            desktop.titled("^Dormouse$")[-1].focus()
            desktop.key("Escape")
            desktop.gone("^Dormouse$")
        self.fail("no row of the menu is Wake Now")

    @staticmethod
    def asked(fake):
        """What was asked first, beside what it takes to look."""
        with fake.changed:
            return next((message["type"] for message in fake.requests if message["type"] not in ("subscribe", "status", "wrappers")), None)

    def test_a_plain_click_shows_the_state(self):
        FakeAgent(self, "DROWSY")
        desktop, _, window = self.on_xembed()
        window.click(1)
        desktop.window("^Dormouse$")

    def test_escape_closes_the_menu(self):
        fake = FakeAgent(self)
        desktop, tray, window = self.on_xembed()
        fake.wait_subscribed()
        window.click(3)
        tray.menu_window()
        desktop.key("Escape")
        tray.wait_menu_closed()
        self.assertTrue(tray.lives())


class ByKeyboard(TrayCase):
    def open(self, **fields):
        fake = FakeAgent(self, "DROWSY", **fields)
        desktop, tray, item = self.on_sni()
        fake.wait_subscribed()
        item.wait_state("DROWSY")
        item.bus.until("the wrappers are known", lambda: item.find("Wrappers (none)"))
        return fake, desktop, tray, item

    def open_menu(self, desktop, tray):
        """As somebody without a mouse: a shortcut of the desktop's starts the program once more."""
        until("the menu is closed", lambda: not tray.popups())
        self.assertEqual(self.tray(desktop, "--show", "menu").wait(), 0)
        tray.menu_window()

    def letters(self, item, path):
        """The mnemonics that lead there; each is the only one of its menu."""
        parents, result = item.entries(), []
        for part in path:
            chosen = next(entry for entry in parents.children if part in entry.label)
            letter = mnemonic(chosen)
            self.assertIsNotNone(letter, f"{chosen.label} has no mnemonic")
            self.assertEqual([entry.label for entry in parents.children if mnemonic(entry) == letter], [chosen.label])
            result.append(letter)
            parents = chosen
        return result

    def test_every_request_by_mnemonics(self):
        fake, desktop, tray, item = self.open(**HELD)
        for path, asked in ASKED.items():
            letters = self.letters(item, path)
            self.forget(fake)
            self.open_menu(desktop, tray)
            desktop.key(*letters)
            with self.subTest(path=path):
                asked = dict(asked)
                fake.wait_request(asked.pop("type"), timeout=10, **asked)

    @staticmethod
    def forget(fake):
        with fake.changed:
            del fake.requests[:]

    def test_every_window_by_mnemonics(self):
        _, desktop, tray, item = self.open()
        for label, title in WINDOWS.items():
            letters = self.letters(item, (label,))
            self.open_menu(desktop, tray)
            desktop.key(*letters)
            window = desktop.window(title)
            window.focus()
            desktop.key("Escape")
            desktop.gone(title)

    @staticmethod
    def downs(item, *path):
        """How often Down is pressed to come there: a list for each level."""
        parents, result = item.entries(), []
        for part in path:
            rows = [entry for entry in parents.children if entry.is_enabled and not entry.is_separator]
            parents = next(entry for entry in rows if part in entry.label)
            result.append(["Down"] * (rows.index(parents) + (0 if result else 1)))  # a submenu opens with its first row chosen
        return result

    def test_arrows_reach_submenus(self):
        fake, desktop, tray, item = self.open()
        to_keep, to_hour = self.downs(item, "Keep Services Awake", "1 Hour")
        self.open_menu(desktop, tray)
        desktop.key(*to_keep, "Right", *to_hour, "Return")
        fake.wait_request("pause", seconds=3600)

    def test_arrows_choose_entries(self):
        fake, desktop, tray, item = self.open()
        (to_wake,) = self.downs(item, "Wake Now")
        self.open_menu(desktop, tray)
        desktop.key(*to_wake, "Return")
        fake.wait_request("force_wake")

    def test_quit(self):
        _, desktop, tray, item = self.open()
        letters = self.letters(item, ("Quit Tray",))
        self.open_menu(desktop, tray)
        desktop.key(*letters)
        self.assertEqual(tray.wait(), 0)


if __name__ == "__main__":
    main()
