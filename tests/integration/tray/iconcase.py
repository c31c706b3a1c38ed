# SPDX-License-Identifier: MIT
"""What an icon should look like: drawn from the SVG files by icon_reference, compared with what a panel gets."""
import itertools
import os
import subprocess

from desktop import TrayCase
from lab import HANG
from picture import Picture, Stencil

ROUNDING = 12  # of 255: blending and premultiplication, in whichever order a panel does them
DISTINCT = 30  # pixels of 22×22 that differ clearly: one in sixteen


class IconCase(TrayCase):
    def references(self, side, ink):
        """name → Stencil, freshly drawn from the SVG files."""
        folder = os.path.join(self.folder, f"reference-{side}-{ink}")
        os.makedirs(folder, exist_ok=True)
        subprocess.run([os.environ["ICON_REFERENCE"], folder, str(side)], check=True, timeout=HANG, stdin=subprocess.DEVNULL,
                       env={**self.environment, "QT_QPA_PLATFORM": "offscreen", "DORMOUSE_TRAY_INK": ink})
        result = {}
        for name in os.listdir(folder):
            with open(os.path.join(folder, name), "rb") as file:
                result[name.removesuffix(f"-{side}.rgba")] = Stencil(side, side, file.read())
        return result

    def assertAllDiffer(self, pictures):
        alike = [(a, b) for a, b in itertools.combinations(sorted(pictures), 2) if pictures[a].difference(pictures[b])[0] < DISTINCT]
        self.assertEqual(alike, [], "looks that nobody can tell apart")

    def assertLook(self, item, name, ink="dark"):
        """Waits until the biggest image of the item is that look."""
        side = max(item.images())
        grey = Picture.plain(side, side, (128, 128, 128))
        reference = self.references(side, ink)[name].over(grey)
        item.bus.until(f"the look {name}", lambda: max(item.images()[side].over(grey).distances(reference)) <= ROUNDING, timeout=15)
