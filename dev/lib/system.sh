# shellcheck shell=bash
# Programs of the system, installed with apt where they are missing.

as_root() {
    if ((EUID == 0)); then
        "$@"
    else
        sudo "$@"
    fi
}

is_debian() { command -v apt-get >/dev/null && [[ -e /etc/debian_version ]]; }

# The Python to make the venv with: the system's, because apt can complete that one.
base_python() {
    if [[ -x /usr/bin/python3 ]]; then
        echo /usr/bin/python3
    else
        command -v python3 || true
    fi
}

has_program() { command -v "$1" >/dev/null; }
has_python() {
    local python
    python=$(base_python)
    [[ -n $python ]] && "$python" -c '
import ensurepip, sys, venv
sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
}
# Prints the path of the browser; fails when there is none.
chromium_path() { type -P chromium || type -P chromium-browser || type -P google-chrome; }
has_chromium() { chromium_path >/dev/null; }
has_libmagic() { "$(base_python)" -c 'import ctypes.util as u; assert u.find_library("magic")' 2>/dev/null; }
# The screens are looked at without a desktop that would have brought fonts.
has_fonts() { [[ -d /usr/share/fonts/truetype/liberation && -e /usr/share/fonts/truetype/noto/NotoColorEmoji.ttf ]]; }

# Prints the Debian packages of what is not there yet.
missing_packages() {
    has_program python3 || echo python3
    has_python || echo python3-venv
    [[ -n ${PGHOST:-} ]] || [[ -n $(postgres_bin) ]] || echo postgresql
    has_program psql || echo postgresql-client
    has_chromium || echo chromium
    has_program wkhtmltopdf || echo wkhtmltopdf
    has_libmagic || echo libmagic1
    has_program xz || echo xz-utils
    has_program curl || echo curl
    if is_debian && ! has_fonts; then echo fonts-liberation fonts-noto-color-emoji; fi
}

install_system_packages() {
    local -a missing
    read -r -d '' -a missing < <(missing_packages) || true
    ((${#missing[@]})) || return 0
    install_packages "${missing[@]}"
    has_python || die "no Python 3.11 to 3.13 with venv found" \
        "$(base_python) is what was tried; Odoo 19 needs one of these versions."
}

install_packages() {
    is_debian || die "these programs are missing: $* (names of Debian packages)" \
        "This is not a Debian system: install them with its own package manager" \
        "(Python must be 3.11 to 3.13) and start this command again."
    ((EUID == 0)) || has_program sudo || die "these packages are missing: $*" \
        "Neither root nor sudo is here. As root run:" \
        "apt-get update && apt-get install $*"
    say "installing with apt: $*"
    apt_update
    apt_install "$@"
}

apt_update() {
    as_root apt-get update -qq >"$LOG/apt.log" 2>&1 ||
        die "apt-get update failed:" "$(tail -n 4 "$LOG/apt.log")" \
            "Check the network, /etc/apt/sources.list* and, if used, that sudo works."
}

apt_install() {
    local no_cluster=/etc/postgresql-common/createcluster.d/no-cluster-yet.conf status=0
    # The package would make and start a server of the system; we only want the programs.
    as_root mkdir -p "${no_cluster%/*}"
    echo 'create_main_cluster = false' | as_root tee "$no_cluster" >/dev/null
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y \
        --no-install-recommends "$@" >>"$LOG/apt.log" 2>&1 </dev/null || status=$?
    as_root rm -f "$no_cluster"
    ((status == 0)) || die "apt-get install failed; the end of ${LOG#"$ROOT"/}/apt.log:" \
        "$(tail -n 4 "$LOG/apt.log")" "Check the network and start this command again."
}
