# SPDX-License-Identifier: MIT
"""Stands in for systemctl and launchctl, by whose name it is called: keeps one unit in the folder STANDIN, as a real process, and notes each call in STANDIN/calls.

Files that a test puts there: `absent` (no such unit), `mute` (never answers), `slow` (starting takes so many seconds), `stubborn` (does not end when asked),
`restart` (the manager starts it again by itself), `on-demand` (loading does not start it)."""
import json
import os
import signal
import subprocess
import sys
import time

FOLDER = os.environ["STANDIN"]


def at(name):
    return os.path.join(FOLDER, name)


def has(name):
    return os.path.exists(at(name))


def note(words):
    with open(at("calls"), "a", encoding="utf-8") as file:
        file.write(json.dumps(words) + "\n")


def read(name):
    try:
        with open(at(name), encoding="utf-8") as file:
            return file.read().strip()
    except FileNotFoundError:
        return ""


def write(name, text):
    with open(at(name), "w", encoding="utf-8") as file:
        file.write(text)


def remove(name):
    if has(name):
        os.unlink(at(name))


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return file.read().rpartition(b") ")[2][:1] not in b"ZX"
    except OSError:
        return False


def pid():
    number = int(read("pid") or 0)
    return number if number and alive(number) else 0


def spawn():
    if pid():
        return
    child = subprocess.Popen(["sleep", "3600"], start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    write("pid", str(child.pid))
    with open(at("spawned"), "a", encoding="utf-8") as file:
        file.write(f"{child.pid}\n")


def end(number):
    if pid():
        os.kill(pid(), number)


def is_activating():
    since = float(read("activating") or 0)
    return bool(since) and time.time() < since + float(read("slow") or 0)


def systemctl(words):
    assert words[0] == "--user", words
    verb, unit = next(word for word in words[1:] if not word.startswith("-")), words[-1]
    if has("absent"):
        if verb == "show":
            print("LoadState=not-found\nActiveState=inactive\nSubState=dead\nResult=success\nMainPID=0\nMemoryCurrent=[not set]")
            return 0
        print(f"Failed to {verb} {unit}: Unit {unit} not found.", file=sys.stderr)
        return 5
    if verb == "show":
        if has("wanted") and not is_activating() and not pid() and (has("activating") or has("restart")):
            remove("activating")
            spawn()
        active = "activating" if is_activating() else "active" if pid() else "failed" if has("failed") else "inactive"
        memory = 123456789 if pid() else "[not set]"
        result = "exit-code" if has("failed") else "success"
        print(f"LoadState=loaded\nActiveState={active}\nSubState=x\nResult={result}\nMainPID={pid()}\nMemoryCurrent={memory}")
    elif verb == "start":
        assert "--no-block" in words, words
        write("wanted", "")
        if has("slow"):
            write("activating", str(time.time()))
        else:
            spawn()
    elif verb == "stop":
        assert "--no-block" in words, words
        remove("wanted")
        remove("activating")
        if not has("stubborn"):
            end(signal.SIGTERM)
    elif verb == "kill":
        assert "--signal=SIGKILL" in words, words
        end(signal.SIGKILL)
    return 0


def launchctl(words):
    domain = f"gui/{os.getuid()}"
    verb, target = words[0], words[2 if words[0] == "kill" else 1]
    assert target.split("/")[:2] == domain.split("/"), words
    label = target.split("/")[2] if target.count("/") == 2 else None
    if verb == "bootstrap":
        assert label is None and len(words) == 3, words
        if has("loaded"):
            print("Bootstrap failed: 5: Input/output error", file=sys.stderr)
            return 5
        write("loaded", words[2])
        if not has("on-demand"):
            spawn()
        return 0
    if not has("loaded"):
        print(f"Could not find service \"{label}\" in domain for user gui", file=sys.stderr)
        return 113 if verb == "print" else 3
    if verb == "print":
        state = f"\tstate = running\n\n\tprogram = /bin/sleep\n\tpid = {pid()}\n" if pid() else "\tstate = not running\n\tlast exit code = 1\n"
        print(f"{target} = {{\n\tactive count = 1\n\tpath = {read('loaded')}\n\ttype = LaunchAgent\n{state}\tendpoints = {{\n\t\tpid = 1\n\t\tstate = running\n\t}}\n}}")
    elif verb == "kickstart":
        assert "-k" not in words, words
        spawn()
    elif verb == "bootout":
        if has("stubborn"):
            return 36
        end(signal.SIGTERM)
        remove("loaded")
    elif verb == "kill":
        end(signal.SIGKILL)
        remove("stubborn")
    return 0


def main():
    name = os.path.basename(sys.argv[0])
    note([name, *sys.argv[1:]])
    if has("mute"):
        time.sleep(3600)
    return systemctl(sys.argv[1:]) if name == "systemctl" else launchctl(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
