#!/bin/sh
# Check out and go. This finds any Python at all; src/nbkata/setup/shell/bootstrap.py does the rest, the
# same on every system, and looks for a better Python itself.
case $0 in */*) here=${0%/*} ;; *) here=. ;; esac
for name in python3 python python3.13 python3.12 python3.11 python3.14 python3.15 py; do
    # Asked for its own path, a wrapper (pyenv, asdf) is paid for once, and one that cannot run is
    # passed over. -S: without a sitecustomize, which may print.
    python=$("$name" -E -s -S -c 'import sys; sys.stdout.write(sys.executable)' 2>/dev/null) || continue
    [ -x "$python" ] && exec "$python" -E -s "$here/src/nbkata/setup/shell/bootstrap.py" "$@"
done
echo 'nbkata needs Python 3.11 to 3.15, best 3.13, and found no Python here. Install one from python.org or with your package manager, then run: ./go' >&2
[ "${1-}" = ready ] && exit 1 # it is the learner's to fix
exit 2
