#!/bin/sh
# quickstart.sh: installs what is needed, builds x07 into build/, and runs a real program on a real text.
set -eu
cd "$(dirname "$0")/.."
. packaging/packages.sh

program=docs/examples/word_freq.x07.json
text=/usr/share/common-licenses/GPL-3

# shellcheck disable=SC2086 # a list of words on purpose
install_packages $x07_build_packages python3
echo "Building x07 into build/ ..."
cmake -S . -B build -G Ninja -DX07_TESTS=OFF >/dev/null
cmake --build build -- --quiet

report=$(mktemp)
trap 'rm -f "$report"' EXIT
echo "Running $program on $text ..."
build/bin/x07 run --program "$program" --repair off --input "$text" >"$report"

echo
echo "Its output, decoded:"
python3 -c '
import base64, json, sys
solve = json.load(open(sys.argv[1]))["solve"]
sys.stdout.write(base64.b64decode(solve["solve_output_b64"]).decode())' "$report"
echo
echo "The report it came in:"
cat "$report"
echo
echo "Run it yourself: build/bin/x07 run --program $program --repair off --input FILE"
