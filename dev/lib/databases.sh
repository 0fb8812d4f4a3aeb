# shellcheck shell=bash
# Prepared databases. Installing Odoo's modules takes a minute, copying a database a
# second: so each kind is made once, kept as a template, and copied.
#
#   base        what the addon depends on, with demo data
#   addon       base and the addon, with its demo data
#   bare_base   what the addon depends on, without demo data
#   bare        bare_base and the addon, without demo data
#
# A template's name ends in a hash of all it was made of; when that changes, it is made
# anew and the old one is dropped.

# new_database NAME KIND: NAME, replaced if it exists, as a copy of a template
new_database() {
    local name=$1 kind=$2
    lock templates # until the copy is made nobody may drop the template
    ensure_template "$kind"
    say "copying the prepared database '$kind' to '$name'"
    clone_database "$(template_name "$kind")" "$name"
    unlock templates
}

database_exists() {
    [[ $(psql -d postgres -qAtc "SELECT 1 FROM pg_database WHERE datname = '$1'") == 1 ]]
}

drop_database() {
    psql -d postgres -qc "ALTER DATABASE \"$1\" IS_TEMPLATE false" 2>/dev/null || true
    dropdb --if-exists --force "$1" 2>/dev/null
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
    psql -d postgres -qc "ALTER DATABASE \"$1\" RENAME TO \"$2\""
    rm -rf "${DATA_DIR:?}/filestore/$2"
    [[ ! -d $DATA_DIR/filestore/$1 ]] || mv "$DATA_DIR/filestore/$1" "$DATA_DIR/filestore/$2"
}

# The modules that the addon depends on, comma-separated
addon_depends() {
    "$PYTHON" - "$ROOT/$ADDON/__manifest__.py" <<'PY'
import ast, sys

print(",".join(ast.literal_eval(open(sys.argv[1]).read())["depends"]))
PY
}

# A hash of the files of the addon that end up in a database
addon_hash() {
    find "$ADDON" \( -path "$ADDON/tests" -o -path "$ADDON/static/tests" -o -name __pycache__ \) \
        -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha
}

template_key() {
    case $1 in
        base | bare_base)
            { odoo_path; odoo_version; addon_depends; cat dev/requirements.txt; } | sha
            ;;
        addon) echo "$(template_key base) $(addon_hash)" | sha ;;
        bare) echo "$(template_key bare_base) $(addon_hash)" | sha ;;
        *) die "no such kind of database: $1" ;;
    esac
}

template_name() { echo "kam_template_$1_$(template_key "$1")"; }

# The log of making the template; that of `addon` is checked by check_install_log.
template_log() { echo "$LOG/$(template_name "$1").log"; }

ensure_template() {
    local kind=$1
    database_exists "$(template_name "$kind")" && return
    case $kind in
        base) build_template base '' "$(addon_depends)" --with-demo ;;
        addon) build_template addon base "$ADDON" --with-demo ;;
        bare_base) build_template bare_base '' "$(addon_depends)" ;;
        bare) build_template bare bare_base "$ADDON" ;;
    esac
}

# build_template KIND PARENT MODULES [OPTION]...: PARENT is the kind to start from
build_template() {
    local kind=$1 parent=$2 modules=$3 name log building=kam_building_$1
    shift 3
    name=$(template_name "$kind")
    log=$(template_log "$kind")
    [[ -z $parent ]] || ensure_template "$parent"
    drop_old_templates "$kind"
    say "preparing the database '$kind': installing $modules (log: ${log#"$ROOT"/})"
    if [[ -n $parent ]]; then
        clone_database "$(template_name "$parent")" "$building"
    else
        drop_database "$building"
        createdb --template template0 --encoding UTF8 "$building"
    fi
    # Odoo reports a failed installation by its status, but not every failed file.
    odoo -d "$building" -i "$modules" "$@" --stop-after-init --no-http \
        --logfile "$log" >"$log.out" 2>&1 </dev/null || {
        show_problems "$log" "$log.out"
        die "installing $modules failed; the whole log: ${log#"$ROOT"/}"
    }
    rm -f "$log.out"
    rename_database "$building" "$name"
    # As a template it is not in Odoo's list of databases, so no cron works in it.
    psql -d postgres -qc "ALTER DATABASE \"$name\" IS_TEMPLATE true"
}

drop_old_templates() {
    local name
    for name in $(psql -d postgres -qAtc \
        "SELECT datname FROM pg_database WHERE datname ~ '^kam_template_$1_[0-9a-f]+\$'"); do
        drop_database "$name"
        rm -f "$LOG/$name.log"
    done
}

show_problems() {
    grep -hE -A 20 '^[0-9-]+ [0-9:,]+ [0-9]+ (WARNING|ERROR|CRITICAL) ' "$1" | tail -n 60 >&2 || true
    [[ ! -s ${2:-} ]] || tail -n 30 "$2" >&2
}

# Fails when a line of the log of installing the addon is a warning or an error.
check_install_log() {
    local log
    log=$(template_log "$1")
    say "checking the log of installing the addon for warnings and errors"
    "$VENV/bin/checklog-odoo" "$log" >"$log.check" 2>&1 || {
        cat "$log.check" >&2
        die "the log of installing $ADDON has warnings or errors (above): ${log#"$ROOT"/}"
    }
}
