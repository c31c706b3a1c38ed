#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Shows that the structure test can fail: each violation is planted alone in a temporary tree and must be found there,
and a tree without any must stay silent."""

import contextlib
import io
import os
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
import cpptext  # noqa: E402
import structure_test  # noqa: E402

SPDX = "// SPDX-License-Identifier: MIT\n"


def body(lines):
    return "".join(f"    value += {i};\n" for i in range(lines))


class PlantedTree(unittest.TestCase):
    def found(self, path, text, others=None):
        with tempfile.TemporaryDirectory() as root:
            for name, content in {path: text, **(others or {})}.items():
                os.makedirs(os.path.dirname(os.path.join(root, name)) or root, exist_ok=True)
                with open(os.path.join(root, name), "w", encoding="utf-8") as file:
                    file.write(content)
            return structure_test.violations(root)[0]

    def assert_found(self, path, text, *parts):
        found = self.found(path, text)
        self.assertEqual(len(found), 1, found)
        for part in (path, *parts):
            self.assertIn(part, found[0])

    def assert_silent(self, path, text):
        self.assertEqual(self.found(path, text), [])

    def include(self, path, target):
        return path, f'{SPDX}#include "{target}"\n'


class Arrows(PlantedTree):
    def test_forbidden(self):
        for path, target in (
                ("shared/base/a.h", "shared/lifecycle/lifecycle.h"),
                ("shared/lifecycle/a.h", "shared/records/json.h"),
                ("shared/records/a.cpp", "shared/storage/file.h"),
                ("shared/records/a.cpp", "shared/presence/processtable.h"),
                ("shared/storage/a.cpp", "shared/presence/processtable.h"),
                ("shared/storage/a.cpp", "shared/control/snapshot.h"),
                ("shared/presence/a.cpp", "shared/storage/file.h"),
                ("shared/presence/a.cpp", "shared/control/snapshot.h"),
                ("shared/control/a.cpp", "shared/presence/processtable.h"),
                ("shared/control/a.cpp", "agent/serve/controlserver.h"),
                ("shared/storage/a.cpp", "cli/options.h"),
                ("shared/storage/a.cpp", "tray/menu.h"),
                ("agent/decide/a.h", "shared/idle/idlesource.h"),
                ("agent/decide/a.h", "agent/sense/powersource.h"),
                ("agent/decide/a.h", "agent/act/dispatcher.h"),
                ("agent/decide/a.h", "agent/serve/controlserver.h"),
                ("agent/decide/a.h", "agent/agent.h"),
                ("agent/sense/a.h", "agent/decide/driver.h"),
                ("agent/act/a.h", "shared/idle/idlesource.h"),
                ("agent/act/a.h", "agent/sense/powersource.h"),
                ("shared/idle/a.cpp", "shared/records/json.h"),
                ("shared/idle/a.cpp", "agent/decide/observations.h"),
                ("shared/control/a.cpp", "shared/idle/idlesource.h"),
                ("agent/serve/a.h", "shared/idle/idlesource.h"),
                ("cli/a.cpp", "shared/idle/makeidlesource.h"),
                ("agent/act/a.h", "agent/serve/controlserver.h"),
                ("agent/serve/a.h", "agent/decide/driver.h"),
                ("agent/agent.cpp", "cli/options.h"),
                ("cli/a.cpp", "agent/decide/driver.h"),
                ("cli/a.cpp", "tray/menu.h"),
                ("tray/a.cpp", "agent/serve/controlserver.h"),
                ("linux/a.cpp", "agent/decide/driver.h")):
            with self.subTest(f"{path} includes {target}"):
                self.assert_found(*self.include(path, target), "may not include")

    def test_allowed(self):
        for path, target in (
                ("shared/control/a.cpp", "shared/storage/rootpaths.h"),
                ("shared/presence/a.cpp", "shared/records/heartbeat.h"),
                ("agent/decide/a.h", "shared/idle/useridleness.h"),
                ("agent/sense/a.h", "shared/idle/idlebackend.h"),
                ("agent/agent.h", "shared/idle/makeidlesource.h"),
                ("tray/a.cpp", "shared/idle/makeidlesource.h"),
                ("agent/act/a.h", "agent/decide/driver.h"),
                ("agent/agent.cpp", "agent/serve/controlserver.h"),
                ("cli/a.cpp", "shared/presence/heartbeatscanner.h"),
                ("tests/unit/a.cpp", "agent/decide/driver.h"),
                ("tests/unit/tst_a.cpp", "tst_a.moc")):
            with self.subTest(f"{path} includes {target}"):
                self.assert_silent(*self.include(path, target))

    def test_not_rooted(self):
        self.assert_found(*self.include("shared/base/a.cpp", "clock.h"), "rooted")

    def test_no_room(self):
        self.assert_found("lib/a.cpp", SPDX, "no room")

    def test_commented_out(self):
        self.assert_silent("shared/base/a.h", SPDX + '/*\n#include "agent/agent.h"\n*/\n// #include "agent/agent.h"\n')

    def test_the_line_is_told(self):
        self.assertIn("shared/base/a.h:3:", self.found("shared/base/a.h", SPDX + '\n#include "cli/a.h"\n')[0])


class Lengths(PlantedTree):
    def test_limits(self):
        for path, limit in (("cli/a.cpp", 400), ("cli/a.h", 150), ("tests/unit/a.cpp", 600), ("tests/unit/a.h", 600)):
            with self.subTest(path):
                self.assert_silent(path, SPDX + "int a;\n" * (limit - 1))
                self.assert_found(path, SPDX + "int a;\n" * limit, f"{limit + 1} lines")

    def test_functions(self):
        for opening in ("void f()\n", "A::A(int b) : m_b{b}, m_c(2)\n", "namespace x {\nclass A {\n    bool g() const override\n",
                        "template<class T>\nauto f(T t = {1, 2}) -> int\n", "bool operator==(const A &, const B &)\n",
                        "extern \"C\" {\nvoid f(int)\n", "const auto f = [](int a)\n", "struct A {\n    Q_OBJECT\npublic:\n    A()\n"):
            closing = "}\n" * opening.count("{\n")
            with self.subTest(opening):
                self.assert_silent("cli/a.cpp", SPDX + opening + "{\n" + body(58) + "}\n" + closing)
                self.assert_found("cli/a.cpp", SPDX + opening + "{\n" + body(59) + "}\n" + closing, "function of 61 lines")

    def test_braces_in_literals_and_comments(self):
        tricky = 'const char *a = "}{{";\nchar b = \'{\';\nauto c = R"x(}}}{ )" )x";\nint d = 10\'000; // {{{\n/* {{{ */\n#define E {{{\n'
        self.assert_silent("cli/a.cpp", SPDX + "void f()\n{\n" + tricky + "}\n" + "int a;\n" * 100)
        self.assert_found("cli/a.cpp", SPDX + "void f()\n{\n" + tricky + body(60) + "}\n", "function of")

    def test_tables_are_no_functions(self):
        rows = "    {1, f(2)},\n" * 80
        self.assert_silent("cli/a.cpp", SPDX + "const Row kRows[] = {\n" + rows + "};\nconst std::map<int, int> kMap{\n" + rows + "};\n")

    def test_a_class_behind_a_macro_is_no_function(self):
        for opening in ("Q_DECLARE_METATYPE(Change)\n\nclass Test : public QObject\n{\n", "Q_LOGGING(a, b)\nnamespace {\n"):
            self.assert_silent("cli/a.cpp", SPDX + opening + "    int f();\n" * 80 + "}\n")

    def test_each_function_is_found(self):
        code = cpptext.stripped("void f()\n{\n    if (a) {\n    }\n}\n\nstruct S {\n    int g() { return 1; }\n    int h = 2;\n};\n")
        self.assertEqual(cpptext.functions(code), [(2, 4), (8, 1)])


class Words(PlantedTree):
    def test_unfinished(self):
        for word in ("TO" "DO", "FIX" "ME", "XX" "X"):
            self.assert_found("cli/a.cpp", SPDX + f"// {word}: later\n", word)

    def test_waiting(self):
        for word in ("process.waitForFinished();", "app->processEvents();", "QEventLoop loop;"):
            for room in ("agent/act", "tray", "shared/idle"):
                with self.subTest(f"{word} in {room}"):
                    self.assert_found(f"{room}/a.cpp", SPDX + word + "\n", "never wait")
            self.assert_silent("cli/a.cpp", SPDX + word + "\n")
            self.assert_silent("agent/act/a.cpp", SPDX + "// unlike " + word + "\n")

    def test_vague_names(self):
        for name in ("class StateManager {};", "struct FileHelper : A {};", "class FileUtils final {};"):
            self.assert_found("cli/a.h", SPDX + name + "\n", "noun")
        self.assert_silent("cli/a.h", SPDX + "class QNetworkAccessManager;\n")
        self.assert_found("cli/fileutils.h", SPDX, "name does not say")

    def test_spdx(self):
        for path in ("cli/a.cpp", "cli/a.h", "cli/CMakeLists.txt", "tests/a.py", "dev"):
            self.assert_found(path, "\n\n\n\n", "SPDX")


class Documents(PlantedTree):
    def test_links(self):
        self.assert_found("docs/a.md", "see [b](b.md)\n", "leads nowhere")
        self.assertEqual(self.found("docs/a.md", "[b](b.md#x) [c](https://example.org) [d](#e)\n", {"docs/b.md": "\n"}), [])


class Tree(PlantedTree):
    def test_build_output_is_not_looked_at(self):
        self.assertEqual(self.found("build/a.cpp", "no licence\n", {"cli/a.cpp": SPDX}), [])

    def test_an_empty_tree_fails(self):
        with tempfile.TemporaryDirectory() as root, contextlib.redirect_stdout(io.StringIO()) as said:
            self.assertEqual(structure_test.main([root]), 1)
        self.assertIn("nothing was checked", said.getvalue())

    def test_a_violation_makes_the_exit_code(self):
        for text, code in ((SPDX, 0), ("\n", 1)):
            with tempfile.TemporaryDirectory() as root, contextlib.redirect_stdout(io.StringIO()):
                os.mkdir(os.path.join(root, "cli"))
                with open(os.path.join(root, "cli", "a.cpp"), "w", encoding="utf-8") as file:
                    file.write(text)
                self.assertEqual(structure_test.main([root]), code)


if __name__ == "__main__":
    unittest.main()
