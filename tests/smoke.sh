#!/bin/sh
# Build the wheel, install it alone into a clean environment, and run the main job with it.
set -eu
python=${1:-python3}
here=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$python" -m venv "$work/venv"
"$work/venv/bin/python" -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir "$work" "$here"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check "$work"/dedup-*.whl
cd "$work"
venv/bin/dedup --version
venv/bin/dedup clean "$here/samples/scraped" -o out
venv/bin/dedup restore out -o back
diff -r back "$here/samples/scraped"
echo "smoke: the wheel works in a clean environment"
