#!/bin/sh
# Resolves pyproject.toml into the lock files: lock.sh UV
# The larger set comes first: what it settles on binds the smaller one, so that both agree.
set -eu

uv=$1

compile() {
  "$uv" pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-emit-find-links --no-header "$@" pyproject.toml
}

compile --all-extras --output-file requirements-dev.lock
compile --extra demo --constraint requirements-dev.lock --output-file requirements.lock
echo "salesbell: wrote requirements-dev.lock and requirements.lock"
