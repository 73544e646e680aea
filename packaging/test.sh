#!/bin/sh
# test.sh: from a fresh Debian 12 to tested software.
#
#   packaging/test.sh          build, run every test
#   packaging/test.sh --full   the same, and before it: the tests under AddressSanitizer and UBSan, and each fuzz
#                              target for a minute. Also chosen by CI=true.
#
# The plain build's test run comes last, so its summary is the last thing printed.
set -eu
cd "$(dirname "$0")/.."
. packaging/packages.sh

full=0
[ "${CI:-}" != true ] || full=1
for argument in "$@"; do
    case $argument in
    --full) full=1 ;;
    *) echo "usage: packaging/test.sh [--full]" >&2; exit 2 ;;
    esac
done

step() { echo "== $*"; }

# run_tests PRESET DIR: configures, builds and tests one preset.
run_tests() {
    step "$1: build"
    cmake --preset "$1" >/dev/null
    cmake --build --preset "$1" -- --quiet
    step "$1: test"
    ctest --preset "$1" -j "$(nproc)"
}

# Every fuzz target for a minute, all at once. New inputs go to a scratch folder, never into the committed corpus.
run_fuzz() {
    step "fuzz: build"
    targets=$(basename -s .c tests/fuzz/fuzz_*.c)
    cmake --preset fuzz >/dev/null
    # shellcheck disable=SC2086 # a list of words on purpose
    cmake --build --preset fuzz --target $targets -- --quiet
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT
    pids=""
    for target in $targets; do
        subject=${target#fuzz_}
        mkdir -p "$scratch/$subject"
        corpus="tests/fuzz/corpus/$subject"
        [ -d "$corpus" ] || { echo "no committed corpus: $corpus" >&2; exit 1; }
        step "fuzz: $subject"
        "build-fuzz/tests/fuzz/$target" -max_total_time=60 -timeout=10 -rss_limit_mb=2048 -artifact_prefix="$scratch/$subject-" \
            "$scratch/$subject" "$corpus" >"$scratch/$subject.log" 2>&1 &
        pids="$pids $!:$subject"
    done
    failed=0
    for entry in $pids; do
        subject=${entry#*:}
        if wait "${entry%%:*}"; then
            tail -n 1 "$scratch/$subject.log"
        else
            failed=1
            tail -n 60 "$scratch/$subject.log" >&2
            for artifact in "$scratch/$subject-"*; do
                [ ! -f "$artifact" ] || { echo "failing input (base64):"; base64 "$artifact"; } >&2
            done
        fi
    done
    [ "$failed" -eq 0 ] || exit 1
}

# shellcheck disable=SC2086 # lists of words on purpose
install_packages $x07_build_packages $x07_test_packages
provide_kernel build-kernel
if [ "$full" -eq 1 ]; then
    run_fuzz
    run_tests asan
fi
run_tests dev
