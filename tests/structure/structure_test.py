#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks the rules of the house (docs/architecture.md, CONTRIBUTING.md) that no compiler checks: which room includes which,
how long files, headers and functions may be, and words that must not land. Reads the files that git knows; without git, all.

usage: structure_test.py [ROOT]"""

import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True
import cpptext  # noqa: E402

SHARED = ("shared/base", "shared/lifecycle", "shared/records", "shared/presence", "shared/storage", "shared/control",
          "shared/config", "shared/startup")
IDLE = "shared/idle"  # touches display and buses: only for who asks it
IDLENESS = IDLE + "/useridleness.h"  # the value alone

# room → the rooms it may include beside itself. A whole path names that one header.
ARROWS = {
    "shared/base": (),
    "shared/lifecycle": ("shared/base",),
    "shared/records": ("shared/lifecycle", "shared/base"),
    "shared/presence": ("shared/records", "shared/lifecycle", "shared/base"),
    "shared/storage": ("shared/records", "shared/lifecycle", "shared/base"),
    "shared/config": ("shared/lifecycle", "shared/base"),
    IDLE: ("shared/base",),
    "shared/startup": ("shared/storage", "shared/base"),
    "shared/control": ("shared/storage", "shared/records", "shared/lifecycle", "shared/base"),
    "agent/decide": SHARED + (IDLENESS,),
    "agent/sense": SHARED + (IDLE,),
    "agent/act": SHARED + ("agent/decide",),
    "agent/serve": SHARED,
    "agent": SHARED + (IDLE, "agent/decide", "agent/sense", "agent/act", "agent/serve"),
    "cli": SHARED,
    "tray": SHARED + (IDLE,),
    "macos": SHARED + (IDLE, "agent/sense", "tray"),
    "linux": SHARED + (IDLE, "agent/sense", "tray"),
    "tests": None,  # may include everything
}

SOURCE_LINES, HEADER_LINES, TEST_LINES, FUNCTION_LINES = 400, 150, 600, 60
SOURCES = (".cpp", ".h", ".mm")
NEEDS_SPDX = SOURCES + (".py", ".sh", ".cmake", ".h.in")
NEEDS_SPDX_NAMES = ("CMakeLists.txt", "dev", ".ci/run")

# (pattern, in code only, rooms, why)
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX)\b")
BLOCKING = re.compile(r"\b(waitFor\w*|processEvents|QEventLoop)\b")
VAGUE_TYPE = re.compile(r"\b(?:class|struct)\s+(?:\[\[[^\]]*\]\]\s*)?(\w*(?:Manager|Helpers?|Utils?))\b\s*(?:final\b\s*)?[:{]")
VAGUE_FILE = re.compile(r"(?:manager|helpers?|utils?)\.\w+$", re.IGNORECASE)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"]+)"', re.MULTILINE)
LINK = re.compile(r"\]\((?!\w+:|#)([^)\s#]+)(?:#[^)\s]*)?\)")
GENERATED = re.compile(r"(^|/)(moc_\w+\.cpp|ui_\w+\.h|\w+\.moc)$")


def room_of(path):
    """The room a path belongs to, longest name first; None when it is in no room."""
    return next((room for room in sorted(ARROWS, key=len, reverse=True) if path.startswith(room + "/")), None)


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def project_files(root):
    """Paths relative to `root`: tracked and new ones where git knows the folder, else all but build output."""
    def git(*arguments):
        return subprocess.run(["git", "-C", root, *arguments], capture_output=True, check=True).stdout

    try:
        if os.path.realpath(os.fsdecode(git("rev-parse", "--show-toplevel")).rstrip("\n")) == os.path.realpath(root):
            names = git("ls-files", "-z", "--cached", "--others", "--exclude-standard").split(b"\0")
            return sorted({n for n in map(os.fsdecode, names) if n and os.path.isfile(os.path.join(root, n))})
    except (OSError, subprocess.CalledProcessError):
        pass
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = [f for f in folders if f not in (".git", "__pycache__") and (f != "build" or folder != root)]
        found += [os.path.relpath(os.path.join(folder, name), root) for name in names]
    return sorted(found)


def check_includes(path, text):
    room = room_of(path)
    if room is None:
        yield 1, "is in no room of the house (docs/architecture.md)"
        return
    # An include stands outside comments; literals are blanked in stripped text, so comments are taken out by themselves here.
    for match in INCLUDE.finditer(re.sub(r"/\*.*?\*/", lambda m: re.sub(r"[^\n]", " ", m.group()), text, flags=re.S)):
        target = match.group(1)
        line = line_of(text, match.start())
        if GENERATED.search(target):
            continue
        other = room_of(target)
        if other is None:
            yield line, f'"{target}": includes are rooted at the project'
        elif ARROWS[room] is not None and other != room and other not in ARROWS[room] and target not in ARROWS[room]:
            yield line, f'"{target}": {room} may not include {other}'


def check_lengths(path, text, code):
    lines = text.count("\n") + (not text.endswith("\n"))
    limit = TEST_LINES if path.startswith("tests/") else HEADER_LINES if path.endswith(".h") else SOURCE_LINES
    if lines > limit:
        yield 1, f"{lines} lines, {limit} are allowed: split it along its meaning"
    for line, length in cpptext.functions(code):
        if length > FUNCTION_LINES:
            yield line, f"a function of {length} lines, {FUNCTION_LINES} are allowed"


def check_words(path, text, code):
    if path.startswith("tests/"):
        return
    for match in UNFINISHED.finditer(text):
        yield line_of(text, match.start()), f"{match.group()}: unfinished work does not land"
    if path.startswith(("agent/", "tray/", IDLE + "/")):
        for match in BLOCKING.finditer(code):
            yield line_of(code, match.start()), f"{match.group()}: agent and tray never wait or run a nested event loop"
    for match in VAGUE_TYPE.finditer(code):
        yield line_of(code, match.start()), f"{match.group(1)}: a noun says what it is"
    if VAGUE_FILE.search(path):
        yield 1, "the file's name does not say what is in it"


def check_links(root, path, text):
    for match in LINK.finditer(text):
        if not os.path.exists(os.path.join(root, os.path.dirname(path), match.group(1))):
            yield line_of(text, match.start()), f"the link to {match.group(1)} leads nowhere"


def check_file(root, path):
    """(line, what is wrong) for each violation in one file."""
    is_source = path.endswith(SOURCES)
    needs_spdx = path.endswith(NEEDS_SPDX) or os.path.basename(path) in NEEDS_SPDX_NAMES or path in NEEDS_SPDX_NAMES
    if not (is_source or needs_spdx or path.endswith(".md")):
        return
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
        text = file.read()
    if needs_spdx and "SPDX-License-Identifier: " not in "\n".join(text.split("\n")[:3]):
        yield 1, "no SPDX-License-Identifier in the first three lines"
    if path.endswith(".md"):
        yield from check_links(root, path, text)
    elif is_source:
        code = cpptext.stripped(text)
        yield from check_includes(path, text)
        yield from check_lengths(path, text, code)
        yield from check_words(path, text, code)
    elif path.startswith("tests/"):
        yield from check_lengths(path, text, "")


def violations(root):
    """("path:line: what is wrong", …) of a whole tree, and how many sources were looked at."""
    found, sources = [], 0
    for path in project_files(root):
        sources += path.endswith(SOURCES)
        found += [f"{path}:{line}: {what}" for line, what in check_file(root, path)]
    return found, sources


def main(arguments):
    if len(arguments) > 1:
        print(__doc__, file=sys.stderr)
        return 2
    here = os.path.dirname(os.path.abspath(__file__))
    root = os.path.abspath(arguments[0]) if arguments else os.path.dirname(os.path.dirname(here))
    found, sources = violations(root)
    for line in found:
        print(line)
    if not sources:
        print(f"{root}: no sources found, so nothing was checked")
        return 1
    print(f"structure: {sources} sources, {len(found)} violations")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
