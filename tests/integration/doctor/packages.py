# SPDX-License-Identifier: MIT
"""Programs of the distribution's packages, unpacked beside the build and not installed."""
import fcntl
import os
import shutil
import subprocess
import tempfile

from lab import HANG, works


def unpacked(package):
    """The folder with the package's files; None when it cannot be had. Downloaded once; several tests may ask at the same time."""
    cache = os.environ.get("DORMOUSE_TEST_CACHE")
    if not cache or not shutil.which("apt-get") or not shutil.which("dpkg"):
        return None
    target = os.path.join(cache, package)
    os.makedirs(cache, exist_ok=True)
    with open(os.path.join(cache, package + ".lock"), "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if os.path.isdir(target):
            return target
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            os.chmod(folder, 0o755)  # apt downloads as a user of its own
            ran = subprocess.run(["apt-get", "-q", "download", package], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=HANG * 3,
                                 check=False)
            archives = [name for name in os.listdir(folder) if name.endswith(".deb")]
            files = os.path.join(folder, "files")
            if ran.returncode != 0 or not archives or not works("dpkg", "-x", os.path.join(folder, archives[0]), files):
                return None
            os.replace(files, target)
    return target
