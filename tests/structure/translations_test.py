# SPDX-License-Identifier: MIT
"""Every text of the tray is translated: nobody gets half a menu in a language that is not theirs.
Run by hand: LUPDATE=/usr/lib/qt6/bin/lupdate python3 tests/structure/translations_test.py"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FOLDER = os.path.join(TOP, "resources", "translations")
PLACEHOLDER = re.compile(r"%(?:L?\d|L?n)")


def complaints(name, folder):
    """What is wrong with one language, measured against the sources as they are now."""
    copy = os.path.join(folder, name)
    shutil.copy(os.path.join(FOLDER, name), copy)
    subprocess.run([os.environ["LUPDATE"], "-silent", "-I", ".", "-recursive", "tray", "macos", "-extensions", "cpp,h,mm", "-locations", "none",
                    "-ts", copy], cwd=TOP, check=True)
    for context in xml.etree.ElementTree.parse(copy).getroot().iter("context"):
        for message in context.iter("message"):
            source = message.findtext("source")
            translation = message.find("translation")
            where = f"{name}: {context.findtext('name')}: {source!r}"
            if translation.get("type") in ("vanished", "obsolete"):
                yield f"{where} is used no more"
                continue
            texts = [form.text or "" for form in translation.iter("numerusform")] or [translation.text or ""]
            if translation.get("type") == "unfinished" or not all(texts):
                yield f"{where} is not translated"
                continue
            for text in texts:
                # A form for one may leave the number out.
                if set(PLACEHOLDER.findall(text)) - {"%n", "%Ln"} != set(PLACEHOLDER.findall(source)) - {"%n", "%Ln"}:
                    yield f"{where} has other placeholders: {text!r}"
                if len(re.findall("&(?!&)", text.replace("&&", ""))) != len(re.findall("&(?!&)", source.replace("&&", ""))):
                    yield f"{where} has other mnemonics: {text!r}"


def main():
    names = sorted(name for name in os.listdir(FOLDER) if name.endswith(".ts"))
    with tempfile.TemporaryDirectory() as folder:
        found = [complaint for name in names for complaint in complaints(name, folder)]
    print("\n".join(found))
    print(f"translations: {len(names)} languages, {len(found)} complaints")
    if found:
        print("Remedy: ./dev translate, then fill in resources/translations/*.ts")
    return 1 if found or not names else 0


if __name__ == "__main__":
    sys.exit(main())
