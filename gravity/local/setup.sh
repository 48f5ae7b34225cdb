#!/bin/sh
# Find a Python that can do it, then let install.py do it:  sh gravity/local/setup.sh <venv> runtime|dev
# Everything a person could be missing ends in one line.
set -eu

venv=$1 profile=$2
here=$(dirname "$0")
seen=""

# Exit code 0: usable; 3: no venv or ensurepip (stock Debian leaves them out); 2: another version.
probe='
import sys
if not (3, 11) <= sys.version_info[:2] <= (3, 13):
    print("%d.%d" % sys.version_info[:2]); sys.exit(2)
try:
    import ensurepip, venv
except ImportError:
    print("%d.%d" % sys.version_info[:2]); sys.exit(3)
'

for python in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
    path=$(command -v "$python" 2>/dev/null) || continue
    code=0
    version=$("$path" -c "$probe" 2>/dev/null) || code=$?
    case $code in
        0) exec "$path" "$here/install.py" "$venv" "$profile" ;;
        2) seen="$seen; $python is $version" ;;
        3) seen="$seen; $python $version has no venv: apt install python3-venv" ;;
    esac
done

echo "setup: Python 3.11, 3.12 or 3.13 with venv is needed${seen:-; no python3 was found}." >&2
exit 1
