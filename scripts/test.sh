#!/usr/bin/env bash
# Runs the tests in groups, the quick ones first, up to the first group that fails. Arguments are for pytest; when
# one of them is a path, that path is run alone.
set -euo pipefail
cd "$(dirname "$0")/.."

NO_TESTS=5 # pytest's exit code for a selection that is empty

run() {
    .venv/bin/python -m config.local run --for-tests -- .venv/bin/python -m pytest "$@"
}

# Servers and whole stacks are killed, and one frame in twenty is lost, at random, on whatever machine this is: what fails
# is tried once more by itself, and both tries are reported. What passes only then is a fault to look for, but not one of
# this change.
FAILED=1

group() {
    local title=$1 code=0
    shift
    printf '\n== %s\n' "$title"
    run "$@" || code=$?
    if [ "$code" = "$FAILED" ]; then
        printf '\n== %s: what failed, once more\n' "$title"
        code=0
        run "$@" --last-failed --last-failed-no-failures none || code=$?
    fi
    # A selection may well leave a group empty; without one, an empty group is a mistake.
    if [ "$code" = "$NO_TESTS" ] && [ "$selected" = yes ]; then code=0; fi
    [ "$code" = 0 ] || exit "$code"
}

selected=no
for argument in "$@"; do
    selected=yes
    if [ -e "${argument%%::*}" ]; then run "$@"; exit; fi
done

browser=yes
if ! scripts/chromium.sh >/dev/null; then
    if [ "${CI:-}" = true ]; then
        echo "No Chromium for the browser tests." >&2
        exit 1
    fi
    browser=no
fi

group "unit tests" -n 2 tests --ignore tests/browser --ignore tests/chaos --ignore tests/bench "$@"
if [ -d tests/chaos ]; then group "chaos tests" tests/chaos "$@"; fi
if [ ! -d tests/browser ]; then exit; fi
if [ $browser = yes ]; then
    group "browser tests" tests/browser "$@"
else
    echo "The browser tests are skipped: install Chromium to run them (Debian: sudo apt-get install chromium)."
fi
