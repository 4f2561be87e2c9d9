#!/usr/bin/env bash
# Runs all static checks, failing ones too, and says at the end which failed. Needs the servers: make check.
set -uo pipefail
cd "$(dirname "$0")/.."
export DJANGO_SETTINGS_MODULE=config.settings.test
PATH="$PWD/.venv/bin:$PATH"
failed=()

check() {
    local title=$1
    shift
    printf '\n== %s\n' "$title"
    "$@" || failed+=("$title")
}

check "ruff check" ruff check .
check "ruff format" ruff format --check .
check "mypy" mypy apps config scripts/frame_types.py scripts/reference.py scripts/shape
check "import-linter" lint-imports
check "djlint" djlint templates --lint --quiet
check "djlint format" djlint templates --check --quiet
check "missing migrations" python manage.py makemigrations --check --dry-run
check "risky migrations" python scripts/lint_migrations.py
check "types of frames" python scripts/frame_types.py --check
check "npm run check" scripts/npm.sh run --silent check

if [ ${#failed[@]} -gt 0 ]; then
    printf '\nFailed: %s\n' "$(IFS=,; echo "${failed[*]}" | sed 's/,/, /g')"
    exit 1
fi
printf '\nAll static checks passed.\n'
