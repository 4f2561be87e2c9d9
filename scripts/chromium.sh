#!/usr/bin/env bash
# Prints the path of Chromium, installing it on Debian when we are root. Fails when there is none.
set -euo pipefail

find_chromium() {
    command -v chromium || command -v chromium-browser || command -v google-chrome || command -v google-chrome-stable
}

find_chromium && exit
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Chromium" >&2
    apt-get update -qq >&2
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y chromium >/dev/null
    find_chromium && exit
fi
exit 1
