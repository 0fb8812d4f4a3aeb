# shellcheck shell=bash
# Prepared databases. Installing Odoo's modules takes a minute, copying a database a
# second: so each kind is made once, kept as a template, and copied.
#
#   base        what the addon depends on, with demo data
#   addon       base and the addon, with its demo data, and the files that browsers load
#   bare_base   what the addon depends on, without demo data
#   bare        bare_base and the addon, without demo data
#
# A template's name ends in a hash of all it was made of; when that changes, it is made
# anew and the old one is dropped. As a template it is not in Odoo's list of databases,
# so no cron works in it.

# new_database NAME KIND: NAME, replaced if it exists, as a copy of a template
new_database() {
    local name=$1 kind=$2
    lock templates # until the copy is made nobody may drop the template
    ensure_template "$kind"
    say "copying the prepared database '$kind' to '$name'"
    clone_database "${TEMPLATES[$kind]}" "$name"
    unlock templates
}

# scratch_database KIND [NAME]: sets DATABASE to the name of a copy that is dropped at our
# end; NAME tells a further one apart
scratch_database() {
    drop_abandoned_databases
    DATABASE=kam_scratch_${2:+$2_}$$
    at_exit drop_database "$DATABASE"
    new_database "$DATABASE" "$1"
}

# Those of commands that were killed
drop_abandoned_databases() {
    local name
    [[ $PGHOST == "$(socket_folder)" ]] || return 0 # others may use that server, too
    for name in $(list_databases '^kam_scratch_([a-z]+_)?[0-9]+$'); do
        [[ -d /proc/${name##*_} ]] || drop_database "$name"
    done
}

sql() { psql -d postgres --no-psqlrc --quiet --no-align --tuples-only -c "$1"; }

list_databases() { sql "SELECT datname FROM pg_database WHERE datname ~ '$1' ORDER BY 1"; }

database_exists() { [[ -n $(list_databases "^$1\$") ]]; }

drop_database() {
    if database_exists "$1"; then
        sql "ALTER DATABASE \"$1\" IS_TEMPLATE false"
        dropdb --force "$1"
    fi
    rm -rf "${DATA_DIR:?}/filestore/$1"
}

# clone_database FROM TO: with the filestore, without which no asset would be found
clone_database() {
    drop_database "$2"
    createdb --template "$1" "$2"
    if [[ -d $DATA_DIR/filestore/$1 ]]; then
        cp -a --reflink=auto "$DATA_DIR/filestore/$1" "$DATA_DIR/filestore/$2"
    fi
}

rename_database() {
    sql "ALTER DATABASE \"$1\" RENAME TO \"$2\""
    rm -rf "${DATA_DIR:?}/filestore/$2"
    [[ ! -d $DATA_DIR/filestore/$1 ]] || mv "$DATA_DIR/filestore/$1" "$DATA_DIR/filestore/$2"
}

# The modules that the addon depends on, comma-separated
addon_depends() {
    "$PYTHON" -c '
import ast, sys
print(",".join(ast.literal_eval(open(sys.argv[1]).read())["depends"]))' \
        "$ROOT/$ADDON/__manifest__.py"
}

# A hash of the files of the addon that end up in a database
addon_hash() {
    find "$ADDON" \( -path "$ADDON/tests" -o -path "$ADDON/static/tests" \
        -o -name __pycache__ \) -prune -o -type f -print0 |
        LC_ALL=C sort -z | xargs -0 sha256sum | sha
}

# The name that the template KIND has, given what it is to be made of now
template_name() {
    local hash
    case $1 in
        base | bare_base)
            hash=$({ odoo_path; odoo_version; addon_depends; pinned_packages; } | sha)
            ;;
        addon) hash=$({ template_name base; addon_hash; } | sha) ;;
        bare) hash=$({ template_name bare_base; addon_hash; } | sha) ;;
        *) die "no such kind of database: $1" ;;
    esac
    echo "kam_template_$1_$hash"
}

# ensure_template KIND: makes it if need be and notes its name in TEMPLATES
declare -A TEMPLATES=() # by kind; a name is worked out once, as files may change meanwhile
ensure_template() {
    local kind=$1
    TEMPLATES[$kind]=$(template_name "$kind")
    if database_exists "${TEMPLATES[$kind]}"; then return; fi
    case $kind in
        base) build_template base '' "$(addon_depends)" --with-demo ;;
        addon) build_template addon base "$ADDON" --with-demo ;;
        bare_base) build_template bare_base '' "$(addon_depends)" ;;
        bare) build_template bare bare_base "$ADDON" ;;
    esac
}

# build_template KIND PARENT MODULES [OPTION]...: PARENT is the kind to start from
build_template() {
    local kind=$1 parent=$2 modules=$3 name=${TEMPLATES[$1]} log old building=kam_building_$1
    shift 3
    [[ -z $parent ]] || ensure_template "$parent"
    for old in $(list_databases "^kam_template_${kind}_[0-9a-f]+\$"); do
        drop_database "$old"
        rm -f "$(install_log "$old")"
    done
    log=$(install_log "$name")
    say "preparing the database '$kind': installing $modules (log: ${log#"$ROOT"/})"
    if [[ -n $parent ]]; then
        clone_database "${TEMPLATES[$parent]}" "$building"
    else
        drop_database "$building"
        createdb --template template0 --encoding UTF8 "$building"
    fi
    rm -f "$log"
    odoo_logged "$log" -d "$building" -i "$modules" --no-http "$@" ||
        die "installing $modules failed; the whole log: ${log#"$ROOT"/}"
    [[ $kind != addon ]] || make_assets "$building"
    rename_database "$building" "$name"
    sql "ALTER DATABASE \"$name\" IS_TEMPLATE true"
}

# make_assets NAME: what browsers load, see make_assets.py
make_assets() {
    local log=$LOG/assets.log
    odoo shell --database "$1" --no-http --log-level=error \
        <"$ROOT/dev/lib/make_assets.py" >"$log" 2>&1 ||
        die "the files for browsers could not be made; the end of the log:" \
            "$(tail -n 8 "$log")"
}

install_log() { echo "$LOG/$1.log"; }

# odoo_logged LOG [OPTION]...: a run of Odoo that ends by itself and writes its log to a
# file; shows the faults when it fails.
odoo_logged() {
    local log=$1 status=0
    shift
    odoo "$@" --stop-after-init --logfile "$log" >"$log.out" 2>&1 </dev/null || status=$?
    if ((status != 0)); then
        show_faults "$log" || true
        tail -n 30 "$log.out" >&2
    fi
    rm -f "$log.out"
    return "$status"
}

# The warnings and errors of a log of Odoo with what follows each; fails if there are any.
show_faults() {
    awk '/^[0-9-]+ [0-9:,]+ [0-9]+ [A-Z]+ / {
            fault = ($4 ~ /^(WARNING|ERROR|CRITICAL)$/)
            found = found || fault
        }
        fault { print }
        END { exit found }' "$1" >&2
}

# Fails when the log of installing the addon has a warning or an error.
check_install_log() {
    local log
    log=$(install_log "${TEMPLATES[$1]}")
    show_faults "$log" ||
        die "installing $ADDON logs warnings or errors (above): ${log#"$ROOT"/}"
}
