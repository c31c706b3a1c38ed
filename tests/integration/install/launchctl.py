# SPDX-License-Identifier: MIT
"""A stand-in for launchctl: notes what it is told, loads property lists as strictly as launchd, and runs their programs. Its memory is the folder $STANDIN."""
import json
import os
import plistlib
import signal
import subprocess
import sys
import time

HERE = os.environ["STANDIN"]
DOMAIN = "gui/501"


def at(*names):
    return os.path.join(HERE, *names)


def said(name):
    try:
        with open(at(name), encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def note(name, text, mode="w"):
    with open(at(name), mode, encoding="utf-8") as file:
        file.write(text)


def refuse(code, text):
    print(text, file=sys.stderr)
    sys.exit(code)


def supervise(label):
    """What launchd does with a job that has RunAtLoad, as far as a test sees it."""
    with open(said(label + ".path"), "rb") as file:
        job = plistlib.load(file)
    environment = {**os.environ, **job.get("EnvironmentVariables", {})}
    child = subprocess.Popen(job["ProgramArguments"], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    note(label + ".pid", str(child.pid))
    code = child.wait()
    note(label + ".exit", str(code))
    os.unlink(at(label + ".pid"))


def printed(label):
    if not said(label + ".path"):
        refuse(113, f'Could not find service "{label}" in domain for user gui: 501')
    pid, code = said(label + ".pid"), said(label + ".exit")
    print(f"{DOMAIN}/{label} = {{\n\tactive count = 1\n\tpath = {said(label + '.path')}\n\tstate = {'running' if pid else 'not running'}")
    if pid:
        print(f"\tpid = {pid}")
    print(f"\tlast exit code = {code or '(never exited)'}\n\tendpoints = {{\n\t\tpid = 1\n\t}}\n}}")


def bootstrap(domain, path):
    with open(path, "rb") as file:
        job = plistlib.load(file, fmt=plistlib.FMT_XML)
    label = job["Label"]
    if domain != DOMAIN or label in said("disabled").split() or said(label + ".path"):
        refuse(5, "Bootstrap failed: 5: Input/output error")
    if said("refusals"):
        note("refusals", said("refusals")[1:])
        refuse(37, "Bootstrap failed: 37: Operation already in progress")
    note(label + ".path", path)
    if job.get("RunAtLoad") and not said("idle"):
        subprocess.Popen([sys.executable, os.path.abspath(__file__), "--supervise", label], start_new_session=True, stdin=subprocess.DEVNULL,
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def bootout(label):
    if not said(label + ".path"):
        refuse(3, "Boot-out failed: 3: No such process")
    while said(label + ".pid"):
        try:
            os.kill(int(said(label + ".pid")), signal.SIGTERM)
        except (ProcessLookupError, ValueError):
            pass
        time.sleep(0.05)
    os.unlink(at(label + ".path"))


def main(words):
    if words[0] == "--supervise":
        return supervise(words[1])
    note("calls", json.dumps(words) + "\n", "a")
    if said("hang"):
        time.sleep(3600)
    verb, target = words[0], words[-1]
    label = target.rpartition("/")[2]
    if verb == "print" and target == DOMAIN:
        if said("no-domain"):
            refuse(125, "Domain does not support specified action")
        print(f"{DOMAIN} = {{\n}}")
    elif verb == "print":
        printed(label)
    elif verb == "print-disabled":
        print("disabled services = {")
        for name in said("disabled").split():
            print(f'\t"{name}" => disabled')
        print("}")
    elif verb == "enable":
        note("disabled", said("disabled").replace(label, ""))
    elif verb == "bootstrap":
        bootstrap(words[1], words[2])
    elif verb == "bootout":
        bootout(label)
    else:
        refuse(64, f"Unrecognized subcommand: {verb}")
    return None


main(sys.argv[1:])
