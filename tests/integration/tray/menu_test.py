# SPDX-License-Identifier: MIT
"""The menu as a panel shows it, by com.canonical.dbusmenu: what it says, and what choosing an entry asks of the agent.
Run by hand: see CMakeLists.txt."""
from desktop import TrayCase, main
from fakeagent import FakeAgent
from lab import now

SERVICES = [{"name": "ollama", "state": "ready", "pid": 4711, "rss_bytes": 4_800_000_000, "restarts": 0, "ready_in_sec": 2.5},
            {"name": "iai-mcp & co", "state": "stopped", "pid": None, "rss_bytes": None, "restarts": 2, "ready_in_sec": None}]
UUID = "0b5c0c2e-6d58-4a43-9a0d-0a9e6f8d3b11"
WRAPPERS = [{"name": "claude", "path": f"/x/heartbeat-812-{UUID}.json", "pid": 812, "uuid": UUID, "status": "fresh", "age_sec": 3.0,
             "active_ago_sec": 3.0, "leaked": False, "counts": True, "why_not": None},
            {"name": "nightly", "path": None, "pid": 900, "uuid": None, "status": "lease", "age_sec": 60.0, "active_ago_sec": 1.0,
             "leaked": False, "counts": True, "why_not": None}]


class Chosen(TrayCase):
    def open(self, state="WAKE", **fields):
        """(fake agent, tray, its icon), connected."""
        fake = FakeAgent(self, state, **fields)
        _, tray, item = self.on_sni()
        fake.wait_subscribed()
        item.wait_tool_tip(state)
        return fake, tray, item

    def test_the_menu_says_the_state_and_why(self):
        fake, _, item = self.open("DROWSY", why="drowsy: nobody for 5 min")
        item.entry("Drowsy for")
        item.entry("drowsy: nobody for 5 min")
        fake.tell(next={"state": "SLEEP", "at": now(600)})
        item.entry("sleeps at")

    def test_wake_now(self):
        fake, _, item = self.open("SLEEP")
        item.click("Wake Now")
        fake.wait_request("force_wake")

    def test_sleep_now_can_be_taken_back(self):
        fake, _, item = self.open()
        item.click("Sleep Now")
        fake.wait_request("user_initiated_sleep")
        self.assertNotIn("force", fake.requests[-1])
        item.click("Undo")
        fake.wait_request("force_wake")
        item.bus.until("Undo goes with it", lambda: not item.find("Undo"))

    def test_sleep_now_asks_first_when_clients_use_what_would_stop(self):
        fake, tray, item = self.open(services=SERVICES, wrappers={"fresh": 1, "stale": 0, "orphan": 0, "leaked": 0, "leases": 0, "overflow": 0})
        item.click("Sleep Now")
        window = tray.desktop.window("^Dormouse$")
        window.focus()
        tray.desktop.key("Escape")
        tray.desktop.gone("^Dormouse$")
        self.assertFalse([asked for asked in fake.requests if asked["type"] == "user_initiated_sleep"], "asked for in spite of Cancel")
        item.click("Sleep Now")
        tray.desktop.window("^Dormouse$").focus()
        tray.desktop.key("Return")
        fake.wait_request("user_initiated_sleep")

    def test_a_busy_agent_is_forced_only_when_the_user_says_so(self):
        fake, tray, item = self.open()
        fake.replies["user_initiated_sleep"] = lambda message: {} if message.get("force") else {
            "ok": False, "reason": "busy", "error": "the lease nightly is held", "leases": ["nightly"]}
        item.click("Sleep Now")
        window = tray.desktop.window("^Dormouse$")
        self.assertFalse([asked for asked in fake.requests if asked.get("force")])
        window.focus()
        tray.desktop.key("Return")
        fake.wait_request("user_initiated_sleep", force=True)

    def test_keep_services_awake(self):
        fake, _, item = self.open()
        for label, seconds in (("15 Minutes", 900), ("1 Hour", 3600), ("4 Hours", 14400)):
            item.click("Keep Services Awake", label)
            fake.wait_request("pause", seconds=seconds)
        item.click("Keep Services Awake", "Until Turned Off")
        self.assertFalse("seconds" in self.wait_last(fake, "pause", 4))
        self.assertIsNone(item.find("End Now"), "nothing to end")
        fake.tell(scheduler_paused=True, paused_until=now(1800))
        item.entry("Keep Services Awake", "left")
        item.click("Keep Services Awake", "End Now")
        fake.wait_request("resume")

    @staticmethod
    def wait_last(fake, type_, count):
        with fake.changed:
            fake.changed.wait_for(lambda: len([asked for asked in fake.requests if asked["type"] == type_]) >= count, 30)
            return [asked for asked in fake.requests if asked["type"] == type_][count - 1]

    def test_services(self):
        fake, _, item = self.open(services=SERVICES)
        item.entry("Services", "ollama", is_enabled=True)
        self.assertIn("4.8 GB", item.find("Services", "ollama").label)
        self.assertFalse(item.find("ollama", "Start").is_enabled, "it runs")
        for label, action in (("Stop", "stop"), ("Restart", "restart"), ("Leave Alone", "leave_alone")):
            item.click("ollama", label)
            fake.wait_request("service", name="ollama", action=action)
        item.click("iai-mcp & co", "Start")
        fake.wait_request("service", name="iai-mcp & co", action="start")

    def test_wrappers_and_leases(self):
        fake, _, item = self.open()
        fake.replies["wrappers"] = {"total": 2, "wrappers": WRAPPERS}
        item.click("claude", "Ignore")
        fake.wait_request("release", name=f"heartbeat {UUID}")
        item.click("nightly", "Ignore")
        fake.wait_request("release", name="nightly")

    def test_attention_says_its_cause_and_can_be_dismissed(self):
        cause = "the sleep cycle failed three times: no space left"
        fake, _, item = self.open(attention=[{"what": "quarantine", "text": cause, "since": now(-60)}])
        item.entry(cause)
        item.click("Attention", "Dismiss")
        fake.wait_request("acknowledge", what="quarantine")
        fake.tell(attention=[])
        item.bus.until("the mark goes", lambda: not item.find("Attention"))

    def test_maintenance_and_quarantine(self):
        fake, _, item = self.open()
        self.assertIsNone(item.find("Reset Quarantine"), "there is none")
        item.click("Run Maintenance Now")
        fake.wait_request("force_rem")
        fake.tell(quarantine={"reason": "it failed", "since_ts": now(-60), "until_ts": now(3600), "strikes": 3})
        item.click("Reset Quarantine")
        fake.wait_request("sleep_cycle", action="reset_quarantine")

    def test_the_last_digest_is_looked_at_without_using_it_up(self):
        fake, tray, item = self.open("DROWSY")
        item.click("Last Digest")
        fake.wait_request("digest", peek=True)
        tray.desktop.window("Digest")
        self.assertFalse([asked for asked in fake.requests if asked["type"] == "digest" and not asked.get("peek")])

    def test_windows_open(self):
        _, tray, item = self.open()
        for label, title in (("History", "History"), ("Settings", "Settings"), ("About", "About")):
            item.click(label)
            tray.desktop.window(title)

    def test_what_the_agent_refuses_is_told(self):
        fake, tray, item = self.open()
        fake.replies["force_rem"] = {"ok": False, "reason": "busy", "error": "another cycle runs already"}
        notified = tray.desktop.notifications()
        item.click("Run Maintenance Now")
        item.bus.until("a notification", lambda: any("another cycle runs already" in text for _, text in notified))

    def test_without_an_agent_only_what_works_can_be_chosen(self):
        _, _, item = self.on_sni()
        item.wait_tool_tip("No agent")
        item.entry("Wake Now", is_enabled=True)
        for label in ("Sleep Now", "Keep Services Awake", "Services (", "Wrappers", "Last Digest", "Run Maintenance Now", "Quit and Stop Agent"):
            self.assertFalse(item.entry(label).is_enabled, label)
        for label in ("History", "Settings", "Open Configuration", "Open Logs", "About", "Quit Tray"):
            self.assertTrue(item.entry(label).is_enabled, label)

    def test_a_menu_that_is_open_follows_the_agent(self):
        """Panels keep the layout that they have read: what changes is signalled."""
        fake, _, item = self.open("DROWSY")
        item.entries()
        revisions = item.menu_changes()
        fake.tell("SLEEP")
        item.bus.until("the menu tells that it changed", lambda: revisions)
        item.entry("Asleep for")

    def test_quit_leaves_the_agent_alone(self):
        fake, tray, item = self.open()
        item.click("Quit Tray")
        self.assertEqual(tray.wait(), 0)
        self.assertFalse([asked for asked in fake.requests if asked["type"] == "stop"])
        item.bus.until("the icon goes", lambda: not item.bus.items())

    def test_quit_and_stop_agent(self):
        fake, tray, item = self.open()
        item.click("Quit and Stop Agent")
        fake.wait_request("stop")
        self.assertEqual(tray.wait(), 0)


if __name__ == "__main__":
    main()
