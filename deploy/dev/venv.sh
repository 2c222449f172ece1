#!/bin/sh
# Creates a virtual environment: venv.sh PYTHON DIRECTORY
# Debian ships python3 without venv and pip; python3-venv brings both.
set -eu

python=$1 directory=$2

if ! command -v "$python" >/dev/null; then
  echo "salesbell: no $python on this machine. Install Python 3.11 or later," >&2
  echo "  or name one: make PYTHON=/path/to/python3 ..." >&2
  exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  echo "salesbell: $("$python" --version) is too old, Python 3.11 or later is needed." >&2
  echo "  Name another one: make PYTHON=python3.11 ..." >&2
  exit 1
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  "$(dirname "$0")/packages.sh" "venv of $python=python3-venv"
fi

echo "salesbell: creating $directory with $("$python" --version)"
"$python" -m venv --clear "$directory"
