#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: run.sh [--compare REV] [--quick] [--out FILE] [--only WORD...]   (as ./dev bench, which has built build/release with -DDORMOUSE_BENCH=ON)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$here/../../build/release
# One that has the modules that a tray's desktop needs, where there is one.
python=python3
for candidate in python3 /usr/bin/python3; do
    if "$candidate" -c 'import dbus, gi' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ "${1:-}" = --compare ]; then
    [ $# -eq 2 ] || { echo "run.sh: --compare takes a revision" >&2; exit 2; }
    exec "$python" "$here/compare.py" --against "$2" --bin "$build/bin"
fi
mkdir -p "$build/bench"
exec "$python" "$here/table.py" --build "$build" --out "$build/bench/results.json" "$@"
