# shellcheck shell=bash
# What the commands in dev/ share. A command sources this file and then calls, in order:
#
#   prepare_tools            installs what is missing: programs, Odoo, Python packages
#   start_postgres           from here on psql, createdb and Odoo reach the server
#   new_database NAME KIND   makes NAME as a copy of a prepared database; see databases.sh
#   scratch_database KIND    the same, sets DATABASE; dropped when the command ends
#   odoo ARGS                Odoo's command line
#
# The server stops when the last command that uses it ends. `at_exit COMMAND` adds to
# what is tidied up at the end; later ones run first.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
DEV=$ROOT/.dev # all that these scripts make
ADDON=kam_management
LOG=$DEV/log
DATA_DIR=$DEV/data # Odoo's: filestore and sessions
VENV=$DEV/venv
PYTHON=$VENV/bin/python
ODOO_CONF=$DEV/odoo.conf

cd "$ROOT"
[[ -e /dev/fd/0 ]] || exec </dev/null # CI may have closed it
mkdir -p "$LOG" "$DATA_DIR"

# Caches of the tools belong into .dev as well; a setting of the caller's that forbids
# byte code would make every start of Odoo seconds slower.
unset PYTHONDONTWRITEBYTECODE PYTHONPATH PYTHONHOME
export PYTHONPYCACHEPREFIX=$DEV/pycache
export HYPOTHESIS_STORAGE_DIRECTORY=$DEV/hypothesis
export PYLINTHOME=$DEV/pylint
export ODOO_RC=$ODOO_CONF

say() { printf '==> %s\n' "$*" >&2; }

# die MESSAGE [WHAT TO DO]...
die() {
    printf '==> ERROR: %s\n' "$1" >&2
    shift
    (($# == 0)) || printf '    %s\n' "$@" >&2
    exit 1
}

AT_EXIT=()
at_exit() { AT_EXIT=("$*" "${AT_EXIT[@]}"); }
run_at_exit() {
    local status=$? command
    trap '' INT TERM HUP # what was begun is tidied up
    set +e
    for command in "${AT_EXIT[@]}"; do eval "$command"; done
    exit "$status"
}
end_on_signals() {
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
}
trap run_at_exit EXIT
end_on_signals

# Runs a command as a child that gets every signal meant for us, and returns its status;
# after a signal we end too, as what the child was to do may be half done. (In the
# foreground a child would keep bash from acting on a signal.)
run_child() {
    local pid status=0 signalled=''
    # A background child of a script ignores Ctrl-C unless it is told not to.
    env --default-signal=INT,QUIT "$@" <&0 &
    pid=$!
    # shellcheck disable=SC2064 # the pid of now
    trap "signalled=yes; kill -TERM $pid 2>/dev/null" TERM HUP
    trap 'signalled=yes' INT # a terminal sends Ctrl-C to the child as well
    while kill -0 "$pid" 2>/dev/null; do wait "$pid" || true; done
    wait "$pid" || status=$?
    end_on_signals
    [[ -z $signalled ]] || exit 130
    return "$status"
}

# lock NAME: takes it, when others have done, and holds it until `unlock NAME` or our end
declare -A LOCKS=()
lock() {
    try_lock "$1" && return
    say "waiting for another command that is busy with: $1"
    flock "${LOCKS[$1]}"
}
try_lock() {
    local fd
    exec {fd}>"$DEV/$1.lock"
    LOCKS[$1]=$fd
    flock --nonblock "$fd"
}
unlock() {
    local fd=${LOCKS[$1]}
    exec {fd}>&-
    unset "LOCKS[$1]"
}

# For what outlives us: in a subshell, before the command, gives up all our locks there.
close_locks() {
    local fd
    for fd in "${LOCKS[@]}" 8 9; do exec {fd}>&-; done
}

sha() { sha256sum | cut -c1-12; }

# free_port FIRST: the first port from FIRST on that nobody listens on
free_port() {
    "$PYTHON" - "$1" <<'PY'
import socket, sys

for port in range(int(sys.argv[1]), 65536):
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind(("127.0.0.1", port))
        except OSError:
            continue
    print(port)
    break
PY
}

# shellcheck source=lib/system.sh
source "$ROOT/dev/lib/system.sh"
# shellcheck source=lib/odoo.sh
source "$ROOT/dev/lib/odoo.sh"
# shellcheck source=lib/postgres.sh
source "$ROOT/dev/lib/postgres.sh"
# shellcheck source=lib/databases.sh
source "$ROOT/dev/lib/databases.sh"

prepare_tools() {
    lock setup
    install_system_packages
    install_odoo
    install_python_packages
    check_odoo_version
    unlock setup
}
