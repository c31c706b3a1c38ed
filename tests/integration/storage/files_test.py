# SPDX-License-Identifier: MIT
"""What we write, Python reads; what Python wrote, we keep; and who may not write is told so."""
import gzip
import json
import os
import unittest
from datetime import datetime, timezone

from probe import Case, main, probe

NOW = "2026-05-02T15:14:30.123+00:00"
AS_NOBODY = {"user": 65534, "group": 65534, "extra_groups": []}
need_root = unittest.skipUnless(os.geteuid() == 0, "needs root, to become another user")


class Files(Case):
    def assertTime(self, text):
        """Python 3.10's fromisoformat: an offset with a colon, three or six digits of fraction, never Z."""
        self.assertRegex(text, r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.(\d{3}|\d{6})\+00:00$")
        self.assertEqual(datetime.fromisoformat(text), datetime.fromisoformat(NOW))

    def test_record_and_log(self):
        self.assertOk(probe("prepare", self.root))
        record = {"current_state": "DROWSY", "since_ts": "2026-05-01T00:00:00Z", "last_activity_ts": "x", "wrapper_event_seq": 7,
                  "sleep_cycle_progress": None, "quarantine": None, "shadow_run": False, "from_a_later_version": {"a": [1, None, 2.5]}}
        self.put("lifecycle_state.json", json.dumps(record).encode())
        self.assertOk(probe("dispatch", self.root, NOW))
        written = json.loads(self.content("lifecycle_state.json"))
        self.assertEqual(written["current_state"], "WAKE")
        self.assertEqual(written["wrapper_event_seq"], 8)
        self.assertEqual(written["from_a_later_version"], record["from_a_later_version"])
        self.assertTime(written["since_ts"])
        self.assertTime(written["last_activity_ts"])
        lines = self.content("logs/lifecycle-events-2026-05-02.jsonl").splitlines()
        entry = json.loads(lines[0])
        self.assertEqual((len(lines), list(entry)[0]), (1, "ts"))
        self.assertTime(entry.pop("ts"))
        self.assertEqual(entry, {"event": "state_transition", "from": "DROWSY", "to": "WAKE", "trigger": "request_arrived"})

    def test_daemon_state(self):
        others = {"scheduler_paused": True, "fsm_state": "WAKE", "nested": {"ä": "☃", "list": [1, "2", None]}, "big": 9007199254740993}
        self.put(".daemon-state.json", json.dumps(others).encode(), 0o644)
        self.assertOk(probe("session", self.root, NOW))
        written = json.loads(self.content(".daemon-state.json"))
        self.assertTime(written.pop("first_turn_pending")["session-1"])
        self.assertEqual(written, others)
        self.assertEqual(self.mode(".daemon-state.json"), 0o600)
        self.assertIn(b'\n  "', self.content(".daemon-state.json"))

    def test_archive_is_gzip_for_others_too(self):
        plain = b'{"ts":"2026-01-02T00:00:00+00:00","event":"x"}\n' * 5000
        self.put("lifecycle-events-2026-01-02.jsonl", plain)
        self.assertEqual(probe("archive", self.root, NOW)["archived"], 1)
        with gzip.open(self.at("lifecycle-events-2026-01-02.jsonl.gz")) as file:
            self.assertEqual(file.read(), plain)
        self.assertEqual(probe("count", self.root, "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z")["entries"], 5000)
        # Python's own archives are read as well, several members too.
        self.put("lifecycle-events-2026-01-02.jsonl.gz", gzip.compress(plain) + gzip.compress(plain))
        self.assertEqual(probe("count", self.root, "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z")["entries"], 10000)

    def test_appends_of_two_programs_do_not_mix(self):
        import fcntl
        import threading
        path = self.at(f"lifecycle-events-{datetime.fromisoformat(NOW).astimezone(timezone.utc):%Y-%m-%d}.jsonl")
        def append():
            for number in range(200):
                with open(path, "a") as file:
                    fcntl.flock(file, fcntl.LOCK_EX)
                    line = json.dumps({"ts": NOW, "event": "python", "n": number}) + "\n"
                    for part in (line[:9], line[9:]):
                        file.write(part)
                        file.flush()
        thread = threading.Thread(target=append)
        thread.start()
        for _ in range(20):
            self.assertOk(probe("append", self.root, NOW, data=b"text"))
        thread.join()
        with open(path) as file:
            entries = [json.loads(line) for line in file]
        self.assertEqual(sorted(entry["event"] for entry in entries), ["python"] * 200 + ["test"] * 20)

    @need_root
    def test_root_of_another_user(self):
        os.chmod(self.root, 0o755)
        os.mkdir(self.at("theirs"), 0o777)
        os.chmod(self.at("theirs"), 0o777)
        answer = probe("prepare", self.at("theirs"), **AS_NOBODY)
        self.assertRefused(answer, "Permission")
        for words in ("root (uid 0)", "uid 65534", "--root", "sudo chown", self.at("theirs")):
            self.assertIn(words, answer["text"])

    @need_root
    def test_root_that_cannot_be_made_or_written(self):
        os.chmod(self.root, 0o755)
        answer = probe("prepare", self.at("new"), **AS_NOBODY)
        self.assertRefused(answer, "Permission")
        self.assertIn("cannot be made", answer["text"])
        os.mkdir(self.at("mine"), 0o500)
        os.chown(self.at("mine"), 65534, 65534)
        answer = probe("prepare", self.at("mine"), **AS_NOBODY)
        self.assertRefused(answer, "Permission")
        self.assertIn("chmod 700", answer["text"])
        self.assertEqual(self.mode("mine"), 0o500)

    @need_root
    def test_files_that_cannot_be_written(self):
        os.mkdir(self.at("mine"))
        os.chown(self.at("mine"), 65534, 65534)
        os.chmod(self.root, 0o755)
        for name, owner, mode in (("readonly", 65534, 0o400), ("roots", 0, 0o644)):
            self.put(f"mine/{name}", b"old", mode)
            os.chown(self.at("mine", name), owner, owner)
            answer = probe("write", self.at("mine", name), data=b"new", **AS_NOBODY)
            self.assertRefused(answer, "Io")
            self.assertIn(self.at("mine", name), answer["text"])
            self.assertEqual((self.content(f"mine/{name}"), self.mode(f"mine/{name}")), (b"old", mode))
        os.chmod(self.at("mine"), 0o500)
        self.assertRefused(probe("write", self.at("mine", "new"), data=b"new", **AS_NOBODY), "Io")
        self.assertEqual(sorted(os.listdir(self.at("mine"))), ["readonly", "roots"])
        self.put("mine/.lifecycle.lock", b"", 0o600)
        answer = probe("hold", self.at("mine"), "0", **AS_NOBODY)
        self.assertRefused(answer, "Permission")
        self.assertIn("must belong", answer["text"])


if __name__ == "__main__":
    main()
