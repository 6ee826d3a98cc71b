#!/usr/bin/env bash
# PrairieLearn runs this in the grader's container for every submission. `--root DIR` moves the /grade tree elsewhere.
root=/grade
if [ "${1:-}" = "--root" ]; then
    root="$2"
fi
here="$(cd "$(dirname "$0")" && pwd)"
python="${AUTOGRADER_VENV:-/opt/grader}/bin/python"
if [ ! -x "$python" ]; then
    python="python3"
fi
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1
mkdir -p "$root/results"
# A student's process has a user of its own. PrairieLearn puts the grader into shared/, too, and answers into data/.
for folder in serverFilesCourse shared tests data results; do
    chmod -R go-rwx "$root/$folder" 2>/dev/null
done

# If neither Python nor the grader can be started, this is the result; else the grader's own first one takes its place.
cat > "$root/results/results.json" <<'END'
{
  "gradable": false,
  "score": 0.0,
  "message": "Not graded: the grader could not be started. That is not your fault, and this attempt does not count. Please tell the staff: they have to look at the grader's image."
}
END

"$python" -I -B -c '
import sys
sys.path.insert(0, sys.argv[1])
from autograder.cli import main
sys.exit(main(["prairielearn", "--root", sys.argv[2]]))
' "$here" "$root" 2>/dev/null
# Of a container that ends with anything else, PrairieLearn does not read the results.
exit 0
