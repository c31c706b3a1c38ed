#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs the fuzzers of a build with the preset `fuzz`, one after the other, and prints what each has done. New inputs that reach something new go to
# BUILD/fuzz/found/TARGET, and what breaks a target to crashes/TARGET beside this script, where the test fuzz_corpus runs it from then on.
#   run.sh BUILD [SECONDS | RUNSx] [TARGET...]        20 seconds each unless told; 1000000x is a million runs each
#   run.sh BUILD keep [TARGET...]                     takes what was found into corpus/, as few inputs as reach the same
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=${1:?usage: run.sh BUILD [SECONDS | RUNSx | keep] [TARGET...]}/fuzz
shift
amount=20
case "${1:-}" in
    keep) amount=keep; shift ;;
    [0-9]*) amount=$1; shift ;;
esac
case "$amount" in
    keep) ;;
    *[0-9]x) limit=-runs=${amount%x} ;;
    *[!0-9]*) echo "run.sh: '$amount' is neither a number of seconds nor of runs" >&2; exit 2 ;;
    *) limit=-max_total_time=$amount ;;
esac

all=""
for program in "$build"/fuzz_*; do
    [ ! -x "$program" ] || all="$all ${program##*/fuzz_}"
done
[ -n "$all" ] || { echo "run.sh: there are no fuzzers in $build" >&2; exit 2; }
targets=${*:-$all}
for target in $targets; do
    case "$all " in
        *" $target "*) ;;
        *) echo "run.sh: there is no target '$target'; there are:$all" >&2; exit 2 ;;
    esac
done

# The targets allocate little and often; these options make the sanitizer slow without it seeing more there. No leak search after each run, either: the tests with
# the preset asan have it.
export ASAN_OPTIONS=malloc_context_size=0:quarantine_size_mb=4:thread_local_quarantine_size_kb=64:max_malloc_fill_size=0:detect_leaks=0${ASAN_OPTIONS:+:$ASAN_OPTIONS}
export UBSAN_OPTIONS=print_stacktrace=1${UBSAN_OPTIONS:+:$UBSAN_OPTIONS}
export QT_NO_GLIB=1

# Real inputs are short; longer ones only make it slow.
longest() {
    case "$1" in
        connection | text | xauthority) echo 512 ;;
        *) echo 1024 ;;
    esac
}

keep() {
    local target=$1 smaller
    smaller=$(mktemp -d)
    "$build/fuzz_$target" -merge=1 -detect_leaks=0 "-max_len=$(longest "$target")" "$smaller" "$here/corpus/$target" "$build/found/$target" >"$build/$target.log" 2>&1
    rm -rf "$here/corpus/$target"
    mkdir -p "$here/corpus/$target"
    cp "$smaller"/* "$here/corpus/$target/"
    rm -rf "$smaller"
    printf '%-12s %5d inputs, %s\n' "$target" "$(find "$here/corpus/$target" -type f | wc -l)" "$(du -sh --apparent-size "$here/corpus/$target" | cut -f1)"
}

# One number out of libFuzzer's words, 0 where it says none.
figure() {
    local found
    found=$(sed -n "s/^.*$2 *\([0-9][0-9]*\).*/\1/p" "$build/$1.log" | tail -n 1)
    echo "${found:-0}"
}

crashes_of() { { find "$here/crashes/$1" -type f 2>/dev/null || true; } | wc -l; }

run() {
    local target=$1 before
    before=$(crashes_of "$target")
    mkdir -p "$build/found/$target" "$here/crashes/$target"
    "$build/fuzz_$target" "$limit" -timeout=20 -rss_limit_mb=1024 -detect_leaks=0 -print_final_stats=1 "-max_len=$(longest "$target")" \
        "-dict=$here/dictionaries/$target.dict" "-artifact_prefix=$here/crashes/$target/" \
        "$build/found/$target" "$here/corpus/$target" >"$build/$target.log" 2>&1 || failed="$failed $target"
    rmdir "$here/crashes/$target" 2>/dev/null || true
    printf '%-12s %11d %8d %8d %9d %8d\n' "$target" "$(figure "$target" 'number_of_executed_units:')" "$(figure "$target" 'average_exec_per_sec:')" \
        "$(figure "$target" 'cov:')" "$(figure "$target" 'ft:')" "$(($(crashes_of "$target") - before))"
}

if [ "$amount" = keep ]; then
    for target in $targets; do keep "$target"; done
    exit 0
fi
failed=""
printf '%-12s %11s %8s %8s %9s %8s\n' target executions 'exec/s' edges features crashes
for target in $targets; do run "$target"; done
for target in $failed; do
    echo
    echo "$target broke; the end of $build/$target.log:"
    grep -E 'does not hold|ERROR|runtime error|SUMMARY|Test unit written' "$build/$target.log" || tail -n 5 "$build/$target.log"
done
[ -z "$failed" ]
