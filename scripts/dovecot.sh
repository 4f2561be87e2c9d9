#!/usr/bin/env bash
# Prints the path of Dovecot, which the tests of IMAP talk to; installs it on Debian when we are root. Fails when there
# is none. Two test processes may ask at once: the second waits for the first one's installation.
set -euo pipefail

find_dovecot() {
    PATH="$PATH:/usr/sbin:/usr/local/sbin" command -v dovecot
}

find_dovecot && exit
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    exec 9>/tmp/parley-dovecot.lock
    flock 9
    find_dovecot && exit
    echo "Installing Dovecot" >&2
    # Not to be started as a service: the tests start their own.
    apt-get update -qq >&2 || true
    RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends dovecot-imapd >/dev/null
    find_dovecot && exit
fi
exit 1
