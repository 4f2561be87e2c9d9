#!/usr/bin/env bash
# Runs the tests in groups, the quick ones first, up to the first group that fails. Arguments are for pytest; when
# one of them is a path, that path is run alone.
set -euo pipefail
cd "$(dirname "$0")/.."

FAILED=1 # pytest's exit code for tests that failed
NO_TESTS=5 # and for a selection that is empty

run() {
    .venv/bin/python -m config.local run --for-tests -- .venv/bin/python -m pytest "$@"
}

# Runs a group up to its end, once. A selection may well leave a group empty; without one, an empty group is a mistake.
group() {
    local title=$1 code=0
    shift
    printf '\n== %s\n' "$title"
    run "$@" || code=$?
    if [ "$code" = "$NO_TESTS" ] && [ "$selected" = yes ]; then code=0; fi
    return "$code"
}

# Servers and whole stacks are killed, and one frame in twenty is lost, at random, on whatever machine this is: what fails
# is tried once more, by itself. What passes only then is a fault to look for, but not one of this change: the last lines
# of the run name it.
second_tries=()
LAST_FAILED=.pytest_cache/v/cache/lastfailed

failures() {
    .venv/bin/python -c 'import json, sys; print(*json.load(sys.stdin), sep="\n")' <$LAST_FAILED
}

group_with_second_try() {
    local title=$1 code=0
    shift
    rm -f $LAST_FAILED
    group "$title" "$@" || code=$?
    if [ "$code" = "$FAILED" ]; then
        mapfile -t -O "${#second_tries[@]}" second_tries < <(failures)
        code=0
        group "$title: what failed, once more" "$@" --last-failed --last-failed-no-failures none || code=$?
    fi
    return "$code"
}

summary() {
    local code=$?
    printf '\n== %s\n' "$([ "$code" = 0 ] && echo "all tests passed" || echo "the tests failed")"
    printf 'Needed a second try: %d\n' "${#second_tries[@]}"
    if [ "${#second_tries[@]}" != 0 ]; then printf '  %s\n' "${second_tries[@]}"; fi
    if [ "${#coverage[@]}" != 0 ]; then
        printf 'Lines that the unit and slow tests run: %s %%\n' "$(.venv/bin/python -m coverage report --format=total)"
    fi
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

trap summary EXIT
coverage=() # of the unit and slow tests, which it makes a third slower
if [ "${COVERAGE:-}" = yes ]; then coverage=(--cov --cov-report=); fi
in_parallel=(-n 2 tests --ignore tests/browser --ignore tests/chaos --ignore tests/bench)
group "unit tests" "${in_parallel[@]}" "${coverage[@]}" -m "not slow" "$@"
if [ "${#coverage[@]}" != 0 ]; then coverage+=(--cov-append); fi
group "slow tests" "${in_parallel[@]}" "${coverage[@]}" -m slow "$@"
group_with_second_try "chaos tests" tests/chaos "$@"
if [ $browser = yes ]; then
    group_with_second_try "browser tests" tests/browser "$@"
else
    echo "The browser tests are skipped: install Chromium to run them (Debian: sudo apt-get install chromium)."
fi
