# SPDX-License-Identifier: MIT
"""Wake Now, end to end: the real agent, in each state that it can be woken from, by a panel's menu and by hand.
Run by hand: see CMakeLists.txt."""
from desktop import TrayCase, main
from lab import Client, marked, until

EXITS = {"lifecycle.hibernation": "exit"}
# Keeps a sleep from being over at once.
LONG_CYCLE = """[[sleep.step]]
name = "dreams"
command = ["/bin/sleep", "600"]
"""


class WakeCase(TrayCase):
    def drowsy(self):
        agent = self.start(timers={"drowsy_after": 0.5})
        agent.wait_state("DROWSY")
        return agent

    def asleep(self):
        self.configure(LONG_CYCLE)
        agent = self.start()
        agent.ask("user_initiated_sleep")
        agent.wait_state("SLEEP")
        return agent

    def hibernated(self):
        """It has left, as it should."""
        agent = self.start(sets=EXITS)
        agent.ask("hibernate")
        self.assertEqual(agent.wait(), 0)
        self.assertEqual(self.json("lifecycle_state.json")["current_state"], "HIBERNATION")
        return agent

    def killed(self):
        agent = self.start()
        agent.ask("force_wake")  # so that there is a record
        agent.kill()
        return agent

    def end_woken(self):
        """Ends an agent that the tray has started, as a user would."""
        with Client(self.at("agent.sock")) as client:
            pid = client.ask("status")["pid"]
            client.ask("stop")
        until("the woken agent has gone", lambda: pid not in marked("HOME=" + self.environment["HOME"]))

    def assertWoken(self, origin):
        until(lambda: f"{origin} -> WAKE; there was {self.transitions()}", lambda: (origin, "WAKE") in self.transitions())
        until("WAKE in the record", lambda: self.json("lifecycle_state.json")["current_state"] == "WAKE")


class ByMenu(WakeCase):
    def test_a_drowsy_agent(self):
        self.drowsy()
        _, _, item = self.on_sni()
        item.wait_state("DROWSY")
        item.click("Wake Now")
        self.assertWoken("DROWSY")

    def test_a_sleeping_agent(self):
        self.asleep()
        _, _, item = self.on_sni()
        item.wait_state("SLEEP")
        item.click("Wake Now")
        self.assertWoken("SLEEP")
        item.wait_state("WAKE")

    def test_a_hibernated_agent_that_has_exited(self):
        self.hibernated()
        _, _, item = self.on_sni()
        item.wait_tool_tip("HIBERNATION", "no agent is running")
        item.click("Wake Now")
        self.addCleanup(self.end_woken)
        self.assertWoken("HIBERNATION")
        item.wait_state("WAKE")
        item.entry("Sleep Now", is_enabled=True)

    def test_where_no_agent_ever_ran(self):
        _, _, item = self.on_sni()
        item.wait_tool_tip("No agent is running")
        item.click("Wake Now")
        self.addCleanup(self.end_woken)
        item.wait_state("WAKE")

    def test_an_agent_that_died(self):
        self.killed()
        _, _, item = self.on_sni()
        item.wait_tool_tip("No agent is running", "WAKE")
        item.click("Wake Now")
        self.addCleanup(self.end_woken)
        item.entry("Sleep Now", is_enabled=True)


class ByHand(WakeCase):
    """On an XEmbed panel: the right mouse button opens the menu, its letter chooses Wake Now."""

    def wake(self):
        desktop, tray, window = self.on_xembed()
        self.settle(tray)
        window.click(3)
        tray.menu_window()
        desktop.key("w")
        return tray

    def settle(self, tray):
        """The tray has heard of the agent: its menu does not change under the hand."""
        until("the icon is drawn", lambda: len(tray.icon_window().picture().colours()) > 2)

    def test_a_drowsy_agent(self):
        self.drowsy()
        self.wake()
        self.assertWoken("DROWSY")

    def test_a_sleeping_agent(self):
        self.asleep()
        self.wake()
        self.assertWoken("SLEEP")

    def test_a_hibernated_agent_that_has_exited(self):
        self.hibernated()
        self.wake()
        self.addCleanup(self.end_woken)
        self.assertWoken("HIBERNATION")


if __name__ == "__main__":
    main()
