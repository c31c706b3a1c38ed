# SPDX-License-Identifier: MIT
"""The start-up files as the program writes them."""
import os
import subprocess

FACTS = {"agent": "/opt/dormouse/bin/dormouse-agent", "tray": "/opt/dormouse/bin/dormouse-tray", "root": "/home/u/.iai-mcp",
         "socket": "/home/u/.iai-mcp/agent.sock", "path": "/home/u/bin:/usr/bin:/bin", "logs": "/home/u/Library/Logs"}
# What a shell, systemd, XML or a desktop entry would read as something else.
NASTY = {"agent": "/opt/a b/50% \"of\" $HOME \\ 'x' <&> @ROOT@/dormouse-agent", "tray": "/opt/a b/50% \"of\" $HOME \\ `x` <&>/dormouse-tray",
         "root": "/home/u/my $root %h \"q\" & <r> @PATH@", "socket": "/run/s p/%t $x.sock", "path": "/a b:/50%:/q\"u:/<&>:/usr/bin",
         "logs": "/home/u & <v>/Library/Logs"}


def text(name, **facts):
    values = {**FACTS, **facts}
    run = subprocess.run([os.environ["DORMOUSE_INSTALLPROBE"], "text", name, *(values[key] for key in ("agent", "tray", "root", "socket", "path", "logs"))],
                         capture_output=True, check=True, timeout=60)
    return run.stdout
