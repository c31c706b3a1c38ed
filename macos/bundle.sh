#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Makes Dormouse.app from built programs, with Qt inside; signs and notarizes it where an identity is given. Runs on macOS; works with bash 3.2.
#
#   macos/bundle.sh BUILD_FOLDER OUTPUT_FOLDER
#
# Environment:
#   DORMOUSE_SIGN_IDENTITY   "Developer ID Application: …"; without it the bundle is signed for this machine only (ad hoc)
#   DORMOUSE_NOTARY_PROFILE  a profile of `xcrun notarytool store-credentials`; without it nothing is sent to Apple
#   MACDEPLOYQT              the tool of the Qt that was built with; default: the one on PATH
set -euo pipefail

say() { printf '%s\n' "bundle: $*" >&2; }
die() { say "$*"; exit 1; }

if [ $# -ne 2 ]; then
    sed -n '5s/^# *//p' "$0" >&2
    exit 2
fi
[ "$(uname -s)" = Darwin ] || die "this needs macOS: macdeployqt and codesign are only there"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bin=$1/bin
out=$2
app=$out/Dormouse.app
identity=${DORMOUSE_SIGN_IDENTITY:--}
profile=${DORMOUSE_NOTARY_PROFILE:-}
deploy=${MACDEPLOYQT:-$(command -v macdeployqt || true)}
[ -n "$deploy" ] || die "macdeployqt is not on PATH; set MACDEPLOYQT"
programs="dormouse dormouse-agent dormouse-guard dormouse-tray"
for program in $programs; do
    [ -x "$bin/$program" ] || die "$bin/$program is missing; build it first"
done
version=$("$bin/dormouse" --version | awk '{ print $NF }')

say "making $app, version $version"
mkdir -p "$out"
rm -rf "$app"
mkdir -p "$app/Contents/MacOS" "$app/Contents/Resources"
for program in $programs; do
    cp "$bin/$program" "$app/Contents/MacOS/"
done
sed "s/@VERSION@/$version/g" "$here/Info.plist.in" >"$app/Contents/Info.plist"
plutil -lint "$app/Contents/Info.plist" >&2
printf 'APPL????' >"$app/Contents/PkgInfo"

# Every program in the bundle shares its frameworks.
extra=()
for program in dormouse dormouse-agent dormouse-guard; do
    extra+=("-executable=$app/Contents/MacOS/$program")
done
"$deploy" "$app" "${extra[@]}" -verbose=1

# From the inside out: a signature covers what lies under it. The hardened runtime is what notarization asks for.
say "signing as $identity"
if [ "$identity" = - ]; then
    set -- --force --sign -
else
    set -- --force --options runtime --timestamp --sign "$identity"
fi
find "$app/Contents/Frameworks" "$app/Contents/PlugIns" -type f \( -name '*.dylib' -o -perm -u+x \) -print0 2>/dev/null |
    xargs -0 -n 1 codesign "$@"
for framework in "$app"/Contents/Frameworks/*.framework; do
    if [ -d "$framework" ]; then
        codesign "$@" "$framework"
    fi
done
for program in dormouse dormouse-agent dormouse-guard; do
    codesign "$@" "$app/Contents/MacOS/$program"
done
codesign "$@" "$app"
codesign --verify --deep --strict "$app"

if [ -z "$profile" ]; then
    say "not notarized: DORMOUSE_NOTARY_PROFILE is not set"
    exit 0
fi
[ "$identity" != - ] || die "notarizing needs DORMOUSE_SIGN_IDENTITY"
archive=$out/Dormouse-$version.zip
ditto -c -k --keepParent "$app" "$archive"
xcrun notarytool submit "$archive" --keychain-profile "$profile" --wait
xcrun stapler staple "$app"
# The ticket is in the bundle only now.
ditto -c -k --keepParent "$app" "$archive"
spctl --assess --type execute "$app"
say "done: $archive"
