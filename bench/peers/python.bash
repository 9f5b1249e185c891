# For the peers in Python, which source this: a Python environment with the packages of their `requirements.txt`.
#
#   install            makes it below $work, a folder that only this run uses
#   free_port          sets $port
#   await PATH         waits until the server answers
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(cd "$1" && pwd)

install() {
    python3 -m venv "$work/environment" >&2
    "$work/environment/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt" >&2
    PATH=$work/environment/bin:$PATH
    cd "$work"
}

free_port() {
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
}

await() {
    for _ in $(seq 300); do
        ! curl --silent --output /dev/null "http://127.0.0.1:$port$1" || return 0
        sleep 0.1
    done
    echo "the server did not answer" >&2
    return 1
}

# The value of a member of the JSON on standard input.
member() { python3 -c "import json, sys; print(json.load(sys.stdin)['$1'])"; }
