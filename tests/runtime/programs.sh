#!/bin/bash
# Builds every program in programs/ with each of cc, gcc, clang and tcc that is installed, without a warning, runs it
# on its input and compares what it prints. A program states its expectations in comments:
#     /* input: text */   /* output: text */   /* stderr: a line that stderr must hold */   /* status: number */
# usage: programs.sh DIRECTORY_OF_HEADERS ARCHIVE
set -eu
headers=$1 archive=$2
programs=$(dirname "$0")/programs
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
failed=0

fail() {
    printf '%s with %s: %s\n' "$name" "$cc" "$1" >&2
    failed=1
}

# The text of the comment `$1: ...`; nothing when the program has none.
stated() {
    sed -n "s|^/\* $1: \(.*\) \*/\$|\1|p" "$source"
}

# A frame whose payload is $1 (at most 255 bytes).
frame() {
    printf "\\$(printf %o ${#1})\\000\\000\\000%s" "$1"
}

check() {
    frame "$(stated input)" >"$work/in"
    status=0
    { (ulimit -c 0; "$work/program" <"$work/in" >"$work/out" 2>"$work/err"); } 2>/dev/null || status=$?
    want=$(stated status)
    [ "$status" = "${want:-0}" ] || fail "status $status, expected ${want:-0}; stderr: $(cat "$work/err")"
    if [ "${want:-0}" = 0 ]; then
        frame "$(stated output)" >"$work/want"
    else
        : >"$work/want"
    fi
    cmp -s "$work/want" "$work/out" || fail "output differs: $(od -c "$work/out")"
    line=$(stated stderr)
    grep -qF -- "$line" "$work/err" || fail "no line \"$line\" on stderr: $(cat "$work/err")"
}

for cc in cc gcc clang tcc; do
    command -v "$cc" >/dev/null || continue
    for source in "$programs"/*.c; do
        name=$(basename "$source")
        case $cc in
        tcc) set -- -Wall -Werror ;;
        *) set -- -std=c11 -O2 -pedantic -Wall -Wextra -Wconversion -Werror ;;
        esac
        if "$cc" "$@" -I "$headers" "$source" "$archive" -o "$work/program"; then
            check
        else
            fail "does not build"
        fi
    done
done
exit $failed
