#!/usr/bin/env bash
# Makes .venv with Python 3.11 or newer. Debian keeps a part of that in a package of its own: as root we install it.
set -euo pipefail

find_python() {
    local candidate
    for candidate in ${PYTHON3:-} python3 python3.{14,13,12,11}; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    echo "Parley needs Python 3.11 or newer: install it, or name it: make up PYTHON3=/path/to/python3." >&2
    return 1
}

python=$(find_python)
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        echo "Python's venv module is missing. Install it, on Debian or Ubuntu by: sudo apt-get install $package" >&2
        exit 1
    fi
    echo "Installing $package"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y "$package" >/dev/null
fi
echo "Making .venv with $("$python" --version)"
"$python" -m venv .venv
