#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Prints the Homebrew formula of a release.
#   macos/formula.sh VERSION HOMEPAGE URL ARCHIVE > dormouse.rb
# ARCHIVE is the file that URL leads to; its checksum is what Homebrew compares. Works with bash 3.2.
set -euo pipefail

if [ $# -ne 4 ]; then
    sed -n '4,5s/^# *//p' "$0" >&2
    exit 2
fi
if command -v shasum >/dev/null 2>&1; then
    sum=$(shasum -a 256 "$4")
else
    sum=$(sha256sum "$4")
fi
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
escaped() { printf '%s' "$1" | sed 's/[&|\\]/\\&/g'; }
sed -e "s|@VERSION@|$(escaped "$1")|" -e "s|@HOMEPAGE@|$(escaped "$2")|" -e "s|@URL@|$(escaped "$3")|" -e "s|@SHA256@|${sum%% *}|" "$here/dormouse.rb.in"
