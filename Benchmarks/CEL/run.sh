#!/bin/sh
# Times the five expressions of cases.json in this library, cel-cpp and Rust's cel, in one run, and prints a table.
# The peers are Python packages; they go into a virtual environment outside of the tree (CEL_PEERS names another).
set -eu
cd "$(dirname "$0")"
peers=${CEL_PEERS:-${XDG_CACHE_HOME:-$HOME/.cache}/domicile-cel-peers}
scratch=${CEL_BUILD:-${XDG_CACHE_HOME:-$HOME/.cache}/domicile-cel-build}
if [ ! -x "$peers/bin/python" ]; then
  python3 -m venv "$peers"
  "$peers/bin/pip" install --quiet cel-expr-python==0.1.3 common-expression-language==0.10.0
fi
swift build -c release --scratch-path "$scratch" >&2
{
  "$scratch/release/celbench" cases.json
  "$peers/bin/python" peers.py cases.json
} | "$peers/bin/python" table.py
