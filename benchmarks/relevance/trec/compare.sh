#!/usr/bin/env bash
# Compares our measures with trec_eval, gdeval and cwl_eval on the runs of the plain baseline
# on every collection of ALPHANODE_COLLECTIONS, and on a random one with grades and ties.
# Needs python3 and, for gdeval, perl. The tools are installed into a virtual environment in
# VENV (default: a folder under TMPDIR). With GOLDEN=1 the files in testdata are written anew.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
venv=${VENV:-${TMPDIR:-/tmp}/alphanode-trec-venv}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
(cd "$here" && go build -o "$work/trec" .)

failed=0
real="scifact cacm vaswani" # those whose golden values are kept

compare() { # name qrels run
  local golden=()
  [ -n "${GOLDEN:-}" ] && [[ " graded $real " == *" $1 "* ]] && golden=(--golden "$here/testdata/$1.json")
  "$venv/bin/python" "$here/compare.py" "${golden[@]}" "$work/trec" "$2" "$3" >"$work/$1.txt" || failed=1
  grep -v '^OK' "$work/$1.txt" || true
}

compare graded "$here/testdata/graded.qrels" "$here/testdata/graded.run"
for dir in ${ALPHANODE_COLLECTIONS:+"$ALPHANODE_COLLECTIONS"/*/}; do
  [ -f "$dir/qrels/test.tsv" ] || continue
  name=$(basename "$dir")
  "$work/trec" -bm25 "$dir" >"$work/$name.run"
  compare "$name" "$dir/qrels/test.tsv" "$work/$name.run"
done
exit $failed
