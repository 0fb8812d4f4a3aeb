# shellcheck shell=bash
# The database server: that of PGHOST when set, else a private one in .dev/postgres that
# listens on a socket only. Every command that uses the private server holds a shared
# lock while it runs; the last one to end stops the server.

PG_HOME=$DEV/postgres
GUARD=$DEV/postgres-guard.pid

# Prints the folder of the server's programs, the version of the existing data if it is
# still installed, else the newest; nothing when there is none.
postgres_bin() {
    local version
    version=$(cat "$PG_HOME/data/PG_VERSION" 2>/dev/null || true)
    if [[ -n $version && -x /usr/lib/postgresql/$version/bin/postgres ]]; then
        echo "/usr/lib/postgresql/$version/bin"
    elif compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null; then
        printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1
    elif command -v pg_config >/dev/null && [[ -x $(pg_config --bindir)/postgres ]]; then
        pg_config --bindir
    fi
}

# PostgreSQL refuses to run as root. The user `postgres` may be kept out of the folders
# above .dev (/root is closed), so it gets the right to pass through them.
as_postgres() {
    if ((EUID != 0)); then
        "$@"
        return
    fi
    local as=(setpriv --reuid postgres --regid postgres --clear-groups)
    if ! "${as[@]}" test -x "$DEV"; then
        as+=(--inh-caps +dac_read_search --ambient-caps +dac_read_search)
    fi
    "${as[@]}" "$@"
}

pg_ctl() { as_postgres "$(postgres_bin)/pg_ctl" -D "$PG_HOME/data" "$@"; }

# The path of a socket may have 107 bytes; below a deep folder it lies in /tmp.
socket_folder() {
    local folder=$PG_HOME/socket
    if ((${#folder} > 85)); then
        folder=/tmp/kam-postgres-$(echo "$DEV" | sha)
    fi
    echo "$folder"
}

start_postgres() {
    unset PGDATABASE # Odoo would take it for -d
    if [[ -n ${PGHOST:-} ]]; then
        say "using the database server of PGHOST"
        psql -d postgres -qAtc 'SELECT 1' >/dev/null ||
            die "the database server of PGHOST does not answer" \
                "Unset PGHOST to use a private server, or set PGPORT, PGUSER, PGPASSWORD too."
        write_odoo_conf
        return
    fi
    PGHOST=$(socket_folder) PGUSER=odoo PGPORT=5432
    export PGHOST PGUSER PGPORT
    unset PGPASSWORD PGSERVICE PGHOSTADDR
    at_exit release_postgres
    # `alive` is held by every process that we start, too; see guard_postgres.
    exec 8>"$DEV/postgres-alive.lock" 9>"$DEV/postgres-users.lock"
    flock --shared 8
    lock postgres
    flock --shared 9
    [[ -e $PG_HOME/complete ]] || create_cluster
    "$(postgres_bin)/pg_isready" --quiet || launch_postgres
    unlock postgres
    write_odoo_conf
}

create_cluster() {
    say "creating a private database server in .dev/postgres"
    rm -rf "$PG_HOME" || die ".dev/postgres belongs to another user" \
        "Run this command as that user (or root), or remove .dev as that user."
    as_postgres true || die "the user postgres may not enter $DEV" \
        "Let others pass the folders above it (chmod o+x), or set PGHOST to a server."
    make_postgres_folder "$PG_HOME"
    as_postgres "$(postgres_bin)/initdb" -D "$PG_HOME/data" --username odoo --auth trust \
        --encoding UTF8 --locale C.UTF-8 --no-sync >"$LOG/initdb.log" 2>&1 </dev/null ||
        die "initdb failed; the end of its output:" "$(tail -n 8 "$LOG/initdb.log")"
    echo "include '../dev.conf'" | as_postgres tee -a "$PG_HOME/data/postgresql.conf" >/dev/null
    touch "$PG_HOME/complete"
}

make_postgres_folder() {
    mkdir -p -m 700 "$1"
    ((EUID != 0)) || chown --no-dereference postgres: "$1"
}

# Speed, not safety: all in these databases can be made again.
write_postgres_conf() {
    local memory_mb buffers_mb
    memory_mb=$(awk '/^MemTotal/ { print int($2 / 1024) }' /proc/meminfo)
    buffers_mb=$((memory_mb / 8 > 1024 ? 1024 : memory_mb / 8))
    cat <<CONF
listen_addresses = ''
unix_socket_directories = '$PGHOST'
port = $PGPORT
max_connections = 200
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 8GB
checkpoint_timeout = 1h
shared_buffers = ${buffers_mb}MB
dynamic_shared_memory_type = sysv # containers have little in /dev/shm
work_mem = 64MB
maintenance_work_mem = 512MB
random_page_cost = 1.1
jit = off
log_min_messages = fatal
CONF
}

launch_postgres() {
    make_postgres_folder "$PGHOST"
    write_postgres_conf | as_postgres tee "$PG_HOME/dev.conf" >/dev/null
    # With our locks the server would count as a user of itself.
    (close_locks && pg_ctl start --wait --silent --log "$PG_HOME/server.log") \
        >/dev/null </dev/null ||
        die "the database server does not start; the end of its log:" \
            "$(tail -n 8 "$PG_HOME/server.log")" \
            "If its data is damaged, remove .dev/postgres: all in it can be made again."
    guard_postgres
}

stop_postgres() {
    pg_ctl stop --mode fast --silent >/dev/null 2>&1
    [[ $PGHOST != /tmp/* ]] || rmdir "$PGHOST"
}

# Should the commands be killed, nobody is left to stop the server. This process waits
# until all that hold `alive` are gone, and stops it then.
guard_postgres() {
    export -f as_postgres pg_ctl postgres_bin
    export DEV PG_HOME
    (
        close_locks
        exec setsid flock "$DEV/postgres-alive.lock" \
            bash -c 'pg_ctl stop --mode fast --silent'
    ) >/dev/null 2>&1 </dev/null &
    echo $! >"$GUARD"
    disown
}

release_postgres() {
    lock postgres
    # Nobody can join while we hold the lock: if we get `users` alone, we are the last.
    if flock --exclusive --nonblock 9; then
        stop_postgres
        kill "$(<"$GUARD")"
    fi
    exec 8>&- 9>&-
    unlock postgres
}
