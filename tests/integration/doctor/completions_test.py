# SPDX-License-Identifier: MIT
"""The completions, tried in the shells themselves: Tab must offer what the command takes, and nothing else."""
import json
import os
import re
import shutil
import subprocess
import unittest

from lab import HANG, Case, main, marked, program, until
from packages import unpacked

COMMANDS = ["scan", "service", "services", "sleep", "status", "stop"]  # with s

# COMPREPLY as readline would fill it; the words come split as in COMP_WORDS.
BASH = r'''
source "$1"; shift
complete -p dormouse >/dev/null || exit 9
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
[[ $(complete -p dormouse) == *"-F _dormouse "* ]] || exit 8
_dormouse
((${#COMPREPLY[@]})) && printf '%s\n' "${COMPREPLY[@]}"
exit 0
'''

# A real zsh on a terminal of its own, with Tab pressed; what compsys would insert is caught where it adds matches.
ZSH = r'''
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "PROMPT= PS2= RPROMPT=; stty -echo 2>/dev/null; fpath=($1 \$fpath); autoload -Uz compinit; compinit -u -d $2"
zpty -w z 'compadd () { local -a found a; builtin compadd -O found "$@"; (( $argv[(I)-O] || $argv[(I)-A] || $argv[(I)-D] )) || print -rl -- "<"${^found}">"; builtin compadd "$@" }'
zpty -w z 'zstyle ":completion:*" list-grouped no; bindkey "^I" complete-word; zle -C only complete-word only; only () { compstate[insert]=; compstate[list]=; _main_complete; compstate[insert]=; compstate[list]=; print -r -- "<<end>>" }; bindkey "^X" only; unsetopt zle_bracketed_paste; print -r -- "<<ready>>"'
zpty -r z found "*<<ready>>*<<ready>>*" 2>/dev/null || zpty -r z found "*<<ready>>*"
zpty -n -w z "$3"$'\x18'
zpty -r z found "*<<end>>*"
print -r -- "$found"
zpty -d z
'''


class Completions(Case):
    def setUp(self):
        super().setUp()
        os.makedirs(self.root, 0o700)
        self.environment["PATH"] = os.environ["DORMOUSE_BIN"] + os.pathsep + self.environment["PATH"]
        with open(self.at("dormouse.toml"), "w", encoding="utf-8") as file:
            os.chmod(file.name, 0o600)
            file.write('[[service]]\nname = "embedder"\ncommand = ["sleep", "3600"]\n[[service]]\nname = "web"\ncommand = ["sleep", "3600"]\n')

    def script(self, shell):
        folder = os.path.join(self.folder, "fpath")
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, "_dormouse" if shell == "zsh" else f"dormouse.{shell}")
        ran = self.dormouse("completions", shell)
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))
        with open(path, "w", encoding="utf-8") as file:
            file.write(ran.stdout)
        self.assertEqual(subprocess.run([shell, "-n", path], capture_output=True, text=True, timeout=HANG, check=False).stderr, "")
        return path

    def run_shell(self, *command):
        ran = subprocess.run(command, env=self.environment, cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=HANG,
                             check=False)
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))
        return ran.stdout

    def lease(self):
        """An agent with a lease and a wrapper."""
        agent = self.start()
        client = agent.client()
        client.ask("lease", name="nightly backup")
        wrapper = self.wrapper("claude")
        wrapper.beat()
        until("it is seen", lambda: agent.status()["wrappers"]["fresh"] == 1)
        self.addCleanup(agent.stop)
        return wrapper

    def with_slashes(self, found):
        """Some shells add it only as they insert a folder's name."""
        return [word + "/" if os.path.isdir(os.path.join(self.folder, word)) else word for word in sorted(set(found))]

    def check_all(self, offers):
        """`offers(line)` answers with the words offered at the end of a line."""
        self.assertEqual(offers("dormouse s"), COMMANDS)
        self.assertIn("doctor", offers("dormouse "))
        self.assertEqual(offers("dormouse completions "), ["bash", "fish", "zsh"])
        self.assertEqual(offers("dormouse scan --s"), ["--socket", "--stale-after"])
        self.assertEqual(offers("dormouse config ch"), ["check"])
        self.assertEqual(offers("dormouse service "), ["embedder", "web"])
        self.assertEqual(offers("dormouse service web st"), ["start", "stop"])
        self.assertEqual(offers("dormouse service web stop "), [])
        self.assertEqual(offers("dormouse help hib"), ["hibernate"])
        self.assertEqual(offers("dormouse run --name x -- mkfi"), ["mkfifo"])
        self.assertEqual(offers("dormouse run mkfifo --na"), [])  # an option of the user's program, not of ours
        self.assertEqual(offers("dormouse completions --words ma"), ["marks"])
        self.assertEqual(offers("dormouse --root /nowhere service "), [])  # the root on the line is the one asked
        self.assertEqual(offers(f"dormouse --root {self.root} service w"), ["web"])
        self.assertEqual(offers("dormouse --root /nowhere stat"), ["status"])
        self.assertEqual(offers("dormouse metrics --output fpa"), ["fpath/"])

    def check_dynamic(self, offers, quoted):
        wrapper = self.lease()
        self.assertEqual(offers("dormouse release "), sorted([quoted, "heartbeat"]))
        self.assertEqual(offers("dormouse release heartbeat "), [wrapper.uuid])


@unittest.skipUnless(shutil.which("bash"), "needs bash")
class Bash(Completions):
    def offers(self, line, before=""):
        words = line.split(" ")
        out = self.run_shell("bash", "--norc", "--noprofile", "-c", before + BASH, "bash", self.script("bash"), *words)
        return self.with_slashes(out.splitlines())

    def test_without_bash_completion(self):
        self.check_all(self.offers)

    def test_with_bash_completion(self):
        path = "/usr/share/bash-completion/bash_completion"
        folder = None if os.path.exists(path) else unpacked("bash-completion")
        if folder:
            path = folder + path
        elif not os.path.exists(path):
            self.skipTest("bash-completion is not here, and apt-get cannot download it")
        before = f"BASH_COMPLETION_VERSINFO=; source {path}; "
        self.check_all(lambda line: self.offers(line, before))

    def test_what_an_agent_knows(self):
        self.check_dynamic(self.offers, "nightly\\ backup")

    def test_a_value_behind_an_equals_sign(self):
        """Readline hands it over in three words."""
        out = self.run_shell("bash", "--norc", "-c", BASH, "bash", self.script("bash"), "dormouse", "scan", "--stale-after", "=", "1")
        self.assertEqual(sorted(out.split()), ["15m", "1h"])
        out = self.run_shell("bash", "--norc", "-c", BASH, "bash", self.script("bash"), "dormouse", "--root", "=", "/nowhere", "service", "")
        self.assertEqual(out, "")

    def test_by_a_path_with_a_tilde(self):
        os.symlink(program("dormouse"), os.path.join(self.environment["HOME"], "dm"))
        out = self.run_shell("bash", "--norc", "-c", BASH, "bash", self.script("bash"), "~/dm", "service", "")
        self.assertEqual(out.split(), ["embedder", "web"])


@unittest.skipUnless(shutil.which("fish"), "needs fish")
class Fish(Completions):
    def offers(self, line):
        out = self.run_shell("fish", "--no-config", "-c", f"source {self.script('fish')}; complete -C {json.dumps(line)}")
        words = sorted({offered.split("\t")[0] for offered in out.splitlines()})
        return [word for word in words if not (word.startswith("-") and line.endswith(" "))]  # fish 3.6 offers options behind a blank, too

    def test_all(self):
        self.check_all(self.offers)

    def test_what_an_agent_knows(self):
        self.check_dynamic(self.offers, "nightly backup")

    def test_descriptions(self):
        out = self.run_shell("fish", "--no-config", "-c", f"source {self.script('fish')}; complete -C 'dormouse doc'")
        self.assertEqual(out, "doctor\tlooks for what is wrong, and says what to do\n")


@unittest.skipUnless(shutil.which("zsh"), "needs zsh")
class Zsh(Completions):
    def offers(self, line):
        folder = os.path.dirname(self.script("zsh"))
        before = marked("HOME=" + self.environment["HOME"])
        out = self.run_shell("zsh", "-f", "-c", ZSH, "zsh", folder, os.path.join(self.folder, "zcompdump"), line)
        until("the inner shell has gone, too", lambda: set(marked("HOME=" + self.environment["HOME"])) <= set(before))
        return self.with_slashes(re.findall(r"(?<!<)<([^<>\n]+)>(?!>)", out))

    def test_all(self):
        self.check_all(self.offers)

    def test_what_an_agent_knows(self):
        self.check_dynamic(self.offers, "nightly backup")

    def test_sourced(self):
        out = self.run_shell("zsh", "-f", "-c", f"autoload -Uz compinit; compinit -u -d {self.folder}/dump; source {self.script('zsh')}; print $_comps[dormouse]")
        self.assertEqual(out.strip(), "_dormouse")


class Words(Completions):
    def test_words(self):
        self.assertEqual(self.dormouse("completions", "--words", "services").stdout, "embedder\tstopped\nweb\tstopped\n")
        self.assertEqual(self.dormouse("completions", "--words", "leases").stdout, "")
        self.assertEqual(self.dormouse("completions", "--words", "x").returncode, 2)
        self.assertEqual(self.dormouse("completions").returncode, 2)
        self.assertEqual(self.dormouse("completions", "tcsh").returncode, 2)
        self.assertFalse(os.path.exists(self.at("agent.sock")))


if __name__ == "__main__":
    main()
