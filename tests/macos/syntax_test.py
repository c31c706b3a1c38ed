#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks the syntax of everything that only macOS compiles (*.mm, *_macos.cpp, *_mac.cpp), where there is no macOS: clang, the
Qt headers of this system with their __APPLE__ branches, and in stubs/ the few declarations of Apple's headers that are used. It finds what
does not parse and names that our own or Qt's headers do not have; it cannot find a wrong use of Apple's API.

usage: syntax_test.py ROOT GENERATED QT_INCLUDE_FOLDER..."""

import os
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77
HERE = os.path.dirname(os.path.abspath(__file__))
SUFFIXES = ("_macos.cpp", "_mac.cpp")
FLAGS = ["-fsyntax-only", "-x", "objective-c++", "-fobjc-arc", "-fblocks", "-fobjc-runtime=macosx-12", "-std=c++20",
         "-D__APPLE__=1", "-D__MACH__=1", "-U__linux__", "-U__linux", "-Ulinux",
         "-DQT_NO_KEYWORDS", "-DQT_NO_CAST_FROM_ASCII", "-DQT_NO_CAST_TO_ASCII", "-DQT_NO_CAST_FROM_BYTEARRAY",
         "-DQT_NO_URL_CAST_FROM_STRING", "-DQT_NO_FOREACH", "-DQT_USE_QSTRINGBUILDER",
         "-Wall", "-Wextra", "-Wshadow", "-Wconversion", "-Wold-style-cast", "-Werror",
         "-include", os.path.join(HERE, "stubs", "darwin.h"), "-isystem", os.path.join(HERE, "stubs")]


def sources(root):
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = [f for f in folders if f not in (".git", "__pycache__") and (f != "build" or folder != root)]
        found += [os.path.join(folder, name) for name in names
                  if name.endswith(SUFFIXES) or (name.endswith(".mm") and os.path.relpath(folder, root).startswith("macos"))]
    return sorted(found)


def refusal(compiler, includes, source):
    """What the compiler says against a source; empty when it is fine."""
    run = subprocess.run([compiler, *FLAGS, *includes, source], capture_output=True, text=True, check=False,
                         env={**os.environ, "LC_ALL": "C"})
    return "" if run.returncode == 0 else run.stderr or f"{source}: the compiler failed with {run.returncode}"


def main(arguments):
    if len(arguments) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    compiler = shutil.which("clang++")
    if not compiler:
        print("SKIPPED: there is no clang++, so nothing that only macOS compiles was checked")
        return SKIPPED
    root, generated, *qt = arguments
    includes = [f"-I{root}", f"-I{generated}"] + [flag for folder in qt for flag in ("-isystem", folder)]
    with tempfile.TemporaryDirectory() as folder:
        def planted(name, text):
            path = os.path.join(folder, name)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            return refusal(compiler, includes, path)

        prologue = "#include <QMenu>\n#import <AppKit/AppKit.h>\n"
        unfit = planted("good.mm", prologue + "NSMenu *native(QMenu &menu) { return menu.toNSMenu(); }\n")
        if unfit:
            print(f"SKIPPED: this clang++ cannot do it, so nothing that only macOS compiles was checked\n{unfit}")
            return SKIPPED
        # The check itself must be able to fail.
        if not planted("bad.mm", prologue + "NSMenu *native(QMenu &menu) { return menu.toNSMenus(); }\n"):
            print("a call of a function that does not exist was taken")
            return 1
    checked = sources(root)
    refusals = [text for text in (refusal(compiler, includes, source) for source in checked) if text]
    print("\n".join(refusals))
    print(f"macos_syntax: {len(checked)} sources, {len(refusals)} refused")
    return 1 if refusals or not checked else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
