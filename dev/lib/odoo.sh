# shellcheck shell=bash
# Odoo 19, its Python packages, its configuration.

ODOO_PREFIX=$DEV/odoo
# The package itself and what its links point to. All are without compiled code.
ODOO_PACKAGES=(
    odoo-19 libjs-jquery libjs-jquery-form libjs-underscore
    fonts-roboto-unhinted fonts-montserrat fonts-inconsolata fonts-ocr-b
)

# Where Odoo comes from: the folder that holds the Python package `odoo`.
odoo_path() {
    if [[ -n ${ODOO_HOME:-} ]]; then
        (cd "$ODOO_HOME" && pwd)
    else
        echo "$ODOO_PREFIX/usr/lib/python3/dist-packages"
    fi
}

odoo_addons_path() {
    local path
    path=$(odoo_path)
    # A checkout of Odoo keeps most addons beside the package, Debian all inside.
    if [[ -d $path/odoo/addons/sale ]]; then
        echo "$path/odoo/addons,$ROOT"
    else
        echo "$path/odoo/addons,$path/addons,$ROOT"
    fi
}

install_odoo() {
    if [[ -n ${ODOO_HOME:-} ]]; then
        [[ -e $ODOO_HOME/odoo/release.py ]] ||
            die "ODOO_HOME=$ODOO_HOME is no checkout of Odoo (odoo/release.py is not in it)"
        return
    fi
    [[ -e $ODOO_PREFIX/complete ]] && return
    is_debian || die "Odoo is fetched from Debian, and this is not a Debian system" \
        "Set ODOO_HOME to a checkout of Odoo 19.0 and start this command again."
    say "fetching Odoo 19 from Debian unstable (about 130 MB)"
    local apt=$DEV/apt log=$LOG/odoo-package.log
    rm -rf "$ODOO_PREFIX" "$apt"
    mkdir -p "$ODOO_PREFIX" "$apt"/{lists/partial,cache/archives/partial,packages}
    sid_sources >"$apt/sources.list"
    sid_apt update >"$log" 2>&1 && (cd "$apt/packages" && sid_apt download "${ODOO_PACKAGES[@]}") >>"$log" 2>&1 ||
        die "Odoo could not be fetched; the end of the output:" "$(tail -n 8 "$log")" \
            "Check the network, or set ODOO_HOME to a checkout of Odoo 19.0."
    say "unpacking Odoo"
    local package
    for package in "$apt"/packages/*.deb; do dpkg-deb -x "$package" "$ODOO_PREFIX"; done
    add_missing_library
    rm -rf "$apt"
    touch "$ODOO_PREFIX/complete"
}

# apt with its own sources and folders: the system's apt never hears of unstable.
sid_apt() {
    local apt=$DEV/apt
    apt-get -qq \
        -o Dir::Etc::SourceList="$apt/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=/dev/null \
        -o Dir::State::Lists="$apt/lists" -o Dir::Cache="$apt/cache" \
        -o Acquire::Check-Valid-Until=false -o Acquire::Languages=none -o Acquire::Retries=3 \
        -o APT::Sandbox::User=root "$@"
}

sid_sources() {
    local mirror keyring=/usr/share/keyrings/debian-archive-keyring.gpg trust='trusted=yes'
    mirror=$(debian_mirror)
    if [[ -z $mirror ]]; then
        apt_update # a fresh system has no lists yet
        mirror=$(debian_mirror)
    fi
    [[ -n $mirror ]] || die "apt knows no mirror of Debian" \
        "Add one to /etc/apt/sources.list, or set ODOO_HOME to a checkout of Odoo 19.0."
    [[ -e $keyring ]] && trust="signed-by=$keyring"
    echo "deb [$trust] $mirror sid main"
}

# The mirror that this machine uses for Debian (its security archive has another label).
debian_mirror() {
    apt-get indextargets --format '$(LABEL) $(REPO_URI)' 'Created-By: Packages' |
        awk '$1 == "Debian" { print $2; exit }'
}

# Debian leaves this library out (background blur in video calls). Without the file
# every page of the backend logs an error, and every tour fails.
add_missing_library() {
    local file
    file=$(odoo_path)/odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js
    [[ -e $file ]] && return
    mkdir -p "${file%/*}"
    echo '/* left out by Debian; nothing here uses it */' >"$file"
}

pinned_packages() { grep -v -e '^#' -e '^$' "$ROOT/dev/requirements.txt"; }

install_python_packages() {
    local python stamp
    python=$("$(base_python)" --version)
    stamp=$({ echo "$python"; pinned_packages; } | sha)
    if [[ ! -e $VENV/stamp || $(<"$VENV/stamp") != "$stamp" ]]; then
        say "installing the Python packages of dev/requirements.txt"
        # Kept where possible: another command may be running from it.
        [[ $("$PYTHON" --version 2>/dev/null) == "$python" ]] || rm -rf "$VENV"
        "$(base_python)" -m venv "$VENV"
        # Some packages exist as source only, and Debian's venv has no `wheel` for them.
        "$VENV/bin/pip" install --disable-pip-version-check --use-pep517 \
            -r "$ROOT/dev/requirements.txt" >"$LOG/pip.log" 2>&1 </dev/null ||
            die "pip could not install dev/requirements.txt; the end of its output:" \
                "$(tail -n 8 "$LOG/pip.log")"
        echo "$stamp" >"$VENV/stamp"
    fi
    local pth
    pth=$(echo "$VENV"/lib/python3*/site-packages)/odoo.pth
    [[ -e $pth && $(<"$pth") == "$(odoo_path)" ]] || odoo_path >"$pth"
}

odoo_version() { "$PYTHON" -c 'import odoo.release as r; print(r.version)'; }

check_odoo_version() {
    local version
    version=$(odoo_version)
    [[ $version == 19.0* ]] || die "Odoo $version found in $(odoo_path), 19.0 is needed"
}

# The address of the database comes from PGHOST and its kin, which Odoo reads as psql does;
# it stands in the file as well so that an IDE can start Odoo with this file alone.
write_odoo_conf() {
    local conf
    conf=$(
        cat <<CONF
[options]
addons_path = $(odoo_addons_path)
data_dir = $DATA_DIR
db_host = $PGHOST
${PGPORT:+db_port = $PGPORT}
${PGUSER:+db_user = $PGUSER}
http_interface = 127.0.0.1
screenshots = $DEV/screenshots
; no limits: loading and measuring take long and much
limit_memory_soft = 0
limit_memory_hard = 0
limit_time_cpu = 0
limit_time_real = 0
CONF
    )
    # Replaced in one go: another command may be reading it.
    echo "$conf" >"$ODOO_CONF.$$"
    mv "$ODOO_CONF.$$" "$ODOO_CONF"
}

odoo() { run_child "$PYTHON" -m odoo "$@"; }
