#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image. The interpreter goes to /opt, where every user can
# reach it; the sources and the results do not have to be readable by the student's process, so they are not.
set -euo pipefail

here="$(cd "$(dirname "$0")" && pwd)"
venv="${AUTOGRADER_VENV:-/opt/grader}"

if ! python3 -m venv "$venv" 2>/dev/null; then
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends python3 python3-venv
    python3 -m venv "$venv"
fi
"$venv/bin/pip" install --quiet --no-cache-dir --only-binary :all: -r "$here/requirements-grading.txt"
if ! "$venv/bin/pip" install --quiet --no-cache-dir --only-binary :all: -r "$here/requirements-fences.txt"; then
    echo "The kernel's fences (seccomp, Landlock) could not be installed; the grader goes on without them."
fi
if [ -f "$here/requirements-torch.txt" ]; then
    "$venv/bin/pip" install --quiet --no-cache-dir --only-binary :all: -r "$here/requirements-torch.txt"
fi
# The grader's bytecode, or every submission would compile it anew; without it the grader is only slower.
"$venv/bin/python" -m compileall -q "$here/autograder" || echo "The grader's bytecode could not be written."
chmod -R go-rwx "$here"
