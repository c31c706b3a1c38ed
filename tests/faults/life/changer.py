# SPDX-License-Identifier: MIT
"""A client that sends changes one after the other to an agent that will be killed, and knows at each moment what must be on the disk."""
import itertools
import os
import threading
import time

from lab import Client
from lifecase import STATES

WAKING = ("force_wake", "request_arrived", "pause", "session_open", "lease", "service_start")
QUIET = ("resume", "consume_first_turn", "release", "leave_alone", "user_idle", "digest")
DOWN = ("user_initiated_sleep", "hibernate")
FIRST_TURNS_MAX = 40
NUMBERS = itertools.count()


def after(kind, before):
    """The states that may stand in the record once `kind` is acknowledged, where `before` might before."""
    if kind in WAKING or kind == "signal":
        return {"WAKE"}
    if kind == "user_initiated_sleep":
        return {"SLEEP", "HIBERNATION"}
    if kind == "hibernate":
        return {"HIBERNATION"}
    if kind == "wrapper_comes":  # it wakes once the agent has seen it, and nobody is told when
        return before | {"WAKE"}
    return before


def grown(states):
    """A sleep cycle that completes leads on by itself, and whoever is there wakes a drowsy one."""
    return states | ({"HIBERNATION"} if "SLEEP" in states else set()) | ({"WAKE"} if "DROWSY" in states else set())


def on_the_way(kind, before):
    """Where a kill may catch it."""
    steps = {"user_initiated_sleep": {"DROWSY"}, "hibernate": {"DROWSY", "SLEEP"}}.get(kind, set())
    return grown(before | after(kind, before) | steps)


class Truth:
    """What has been acknowledged, over all agents of one root. A change under way at the kill may count or not."""

    def __init__(self):
        self.states = {"WAKE"}
        self.held = False          # None: not known
        self.left_alone = False
        self.first_turns = {}      # session id → acknowledged
        self.wakes = []            # (wall time before it was sent, when it was answered)
        self.digests = []
        self.sent = self.answered = 0
        self.under_way = None

    def begin(self, kind):
        self.under_way = kind
        self.sent += 1

    def acknowledge(self, kind):
        self.states = grown(after(kind, self.states))
        if kind == "pause":
            self.held = True
        elif kind == "resume" or kind in DOWN:
            self.held = False
        elif kind in ("leave_alone", "service_start"):
            self.left_alone = kind == "leave_alone"
        self.under_way = None
        self.answered += 1

    def killed(self):
        """From now on the change under way is one that may have happened."""
        kind, self.under_way = self.under_way, None
        if kind is None:
            return
        self.states = on_the_way(kind, self.states)
        if kind in ("pause", "resume", *DOWN):
            self.held = None
        if kind in ("leave_alone", "service_start"):
            self.left_alone = None

    def take_over(self, other):
        """Of those who worked side by side it is not known who was the last; what each was told is."""
        self.sent, self.answered, self.wakes = self.sent + other.sent, self.answered + other.answered, self.wakes + other.wakes
        self.states, self.held = set(STATES), None
        self.first_turns |= other.first_turns


class Changer(threading.Thread):
    """Sends changes until the agent is gone. What it finds wrong is in `faults`."""

    def __init__(self, case, agent, random, truth, is_alone=True):
        super().__init__(daemon=True)
        self.case, self.agent, self.random, self.truth, self.is_alone = case, agent, random, truth, is_alone
        self.faults, self.client = [], Client(agent.path)

    def run(self):
        try:
            while not self.faults:
                kind = self.choose()
                self.truth.begin(kind)
                before = time.time()
                if not self.change(kind, before):
                    return
                self.truth.acknowledge(kind)
        except OSError:
            pass  # killed: what was under way stays so
        except Exception as error:  # a wrong answer must not die with its thread
            self.faults.append(f"{self.truth.under_way}: {error!r}")
        finally:
            self.client.close()

    def choose(self):
        if self.is_alone and self.random.random() < 0.2:
            return self.random.choice(("signal", "wrapper_comes", "wrapper_goes"))
        if len(self.truth.first_turns) >= FIRST_TURNS_MAX:
            return "consume_first_turn"
        weights = {**dict.fromkeys(WAKING, 2), **dict.fromkeys(QUIET, 1), "consume_first_turn": 5, **dict.fromkeys(DOWN, 5)}
        if not self.is_alone:  # others have a say in these
            for kind in ("pause", "resume", "leave_alone", "service_start"):
                del weights[kind]
        return self.random.choices(list(weights), weights.values())[0]

    def change(self, kind, before):
        """False when the agent has gone without answering."""
        if kind in ("signal", "wrapper_comes", "wrapper_goes"):
            return getattr(self, kind)()
        answer = self.ask(kind)
        if answer is None:
            return False
        if not answer["ok"]:
            if kind == "user_initiated_sleep" and answer["reason"] == "already_sleeping":
                self.expect(kind, answer, {"SLEEP", "HIBERNATION"} & self.truth.states if self.is_alone else {"SLEEP", "HIBERNATION"})
            elif not (kind == "release" and answer["reason"] == "not_found"):
                self.faults.append(f"{kind}: {answer}")
        elif "state" in answer and self.is_alone:
            self.expect(kind, answer, grown(after(kind, self.truth.states)))
        if kind in WAKING and answer["ok"] and answer.get("reason") != "wake_queued":
            self.truth.wakes.append((before, time.time(), kind))
        return True

    def expect(self, kind, answer, states):
        if answer["state"] not in states:
            self.faults.append(f"{kind} answered {answer}, possible was {sorted(states)}")

    def ask(self, kind):
        turns = self.truth.first_turns
        session = f"session-{next(NUMBERS)}"
        if kind == "consume_first_turn" and turns and self.random.random() < 0.9:
            session = self.random.choice(sorted(turns))
        is_first = turns.pop(session, False)  # killed meanwhile, it may be taken or not
        type_, fields = self.message(kind, session)
        self.client.send(type_, **fields)
        answer = self.client.receive()
        if answer is None:
            return None
        if kind == "session_open":
            turns[session] = True
        elif kind == "consume_first_turn" and answer.get("first_turn") is not is_first:
            self.faults.append(f"first turn of {session}: {answer}, expected {is_first}")
        elif kind == "digest" and answer.get("digest"):
            self.truth.digests.append(answer["digest"])
        return answer

    @staticmethod
    def message(kind, session):
        special = {"session_open": (kind, {"session_id": session}), "consume_first_turn": (kind, {"session_id": session}),
                   "lease": (kind, {"name": "run"}), "release": (kind, {"name": "run"}), "user_idle": (kind, {"seconds": 1}),
                   "leave_alone": ("service", {"name": "spare", "action": kind}), "service_start": ("service", {"name": "spare", "action": "start"}),
                   "user_initiated_sleep": (kind, {"force": True}), "hibernate": (kind, {"force": True})}
        return special.get(kind, (kind, {}))

    def signal(self):
        """As a client wakes an agent it cannot reach. Acknowledged by its disappearance."""
        before = time.time()
        self.case.drop_signal()
        while os.path.lexists(self.case.at("wake.signal")):
            if self.agent.process.poll() is not None:
                return False
            time.sleep(0.002)
        self.truth.wakes.append((before, time.time(), "signal"))
        return True

    def wrapper_comes(self):
        wrapper = self.case.wrapper()
        wrapper.beat()
        self.case.attached.append(wrapper)
        return True

    def wrapper_goes(self):
        if self.case.attached:
            wrapper = self.case.attached.pop(self.random.randrange(len(self.case.attached)))
            wrapper.die() if self.random.random() < 0.5 else wrapper.leave()
            wrapper.die()
        return True
