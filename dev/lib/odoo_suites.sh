# shellcheck shell=bash
# Odoo's own tests of the apps that the addon extends, on a database without the addon
# and on one with it: colleagues who do not use it must not notice it.

ODOO_SUITES=(
    crm sale sale_crm sales_team calendar rating privacy_lookup
    mail/tests/test_mail_activity.py
)

# compare_odoo_suites [SUITE]...: an app, or a file of its tests; prints what differs
compare_odoo_suites() {
    local suite suites=("$@") paths=() apps=()
    ((${#suites[@]})) || suites=("${ODOO_SUITES[@]}")
    for suite in "${suites[@]}"; do
        apps+=("${suite%%/*}")
        [[ $suite == */* ]] || suite+=/tests
        paths+=("$(odoo_addon_file "$suite")")
    done
    prepare_odoo_suites base "${apps[@]}"
    prepare_odoo_suites addon "${apps[@]}"
    run_odoo_suites "${paths[@]}"
    run_failed_again "${paths[@]}"
    "$PYTHON" "$ROOT/dev/lib/compare_suites.py" "$LOG"/odoo-{base,addon,again}.xml
}

declare -A SUITE_DATABASES=() # by kind

# prepare_odoo_suites KIND APP...: makes a copy of a prepared database, with these apps
prepare_odoo_suites() {
    local kind=$1
    shift
    scratch_database "$kind" "$kind"
    SUITE_DATABASES[$kind]=$DATABASE
    # what is installed already stays as it is
    odoo --database "$DATABASE" --init "$(IFS=, && echo "$*")" --no-http \
        --stop-after-init --log-level=error
}

# suite_command KIND LOG [ARGUMENT OF PYTEST]...: sets SUITE, which leaves LOG.xml
suite_command() {
    rm -f "$LOG/$2.xml"
    SUITE=("$VENV/bin/pytest" -p pytest_browser -o cache_dir="$DEV/cache-$1"
        -c "$ROOT/pyproject.toml" --odoo-http --odoo-database "${SUITE_DATABASES[$1]}"
        --junitxml "$LOG/$2.xml" "${@:3}")
}

# run_odoo_suites PATH...: on both databases at once; what fails is for the comparison
run_odoo_suites() {
    local kind status
    local -A pids=()
    # shellcheck disable=SC2016 # those that run at the end
    at_exit 'kill $(jobs -pr) 2>/dev/null'
    say "running Odoo's tests without us and with us (logs: .dev/log/odoo-{base,addon}.log)"
    for kind in base addon; do
        suite_command "$kind" "odoo-$kind" "$@"
        # A background child of a script ignores Ctrl-C unless it is told not to.
        env --default-signal=INT,QUIT "${SUITE[@]}" >"$LOG/odoo-$kind.log" 2>&1 &
        pids[$kind]=$!
    done
    for kind in "${!pids[@]}"; do
        status=0
        wait "${pids[$kind]}" || status=$?
        # 1: some failed; else they were not all found, or interrupted
        ((status <= 1)) && [[ -s $LOG/odoo-$kind.xml ]] ||
            die "the tests did not run; the end of their log:" \
                "$(tail -n 8 "$LOG/odoo-$kind.log")"
    done
}

# run_failed_again PATH...: with us, what failed with us, beside nothing else: two browsers
# at once are more than Odoo's own tours always stand
run_failed_again() {
    say "running again, alone, what failed with us (log: .dev/log/odoo-again.log)"
    suite_command addon odoo-again --last-failed --last-failed-no-failures none "$@"
    run_child "${SUITE[@]}" >"$LOG/odoo-again.log" 2>&1 || true
}

# odoo_addon_file PATH: where a file or folder of one of Odoo's apps is
odoo_addon_file() {
    local folder folders
    IFS=, read -ra folders <<<"$(odoo_addons_path)"
    for folder in "${folders[@]}"; do
        [[ -e $folder/$1 ]] && echo "$folder/$1" && return
    done
    die "Odoo has no $1"
}

# What may be there already when the addon is installed
ODOO_APPS=(
    stock sale_stock website_sale point_of_sale project hr_timesheet mass_mailing purchase
    sale_loyalty event_sale
)

# install_beside [APP]...: installs the addon into a database with other apps and their demo
# data; fails when its log has a warning or an error
install_beside() {
    local apps=("$@") log=$LOG/beside.log start
    ((${#apps[@]})) || apps=("${ODOO_APPS[@]}")
    scratch_database base
    say "installing ${apps[*]}"
    odoo_logged "$LOG/beside-apps.log" -d "$DATABASE" -i "$(IFS=, && echo "${apps[*]}")" \
        --with-demo --no-http || die "these apps cannot be installed together"
    say "installing $ADDON beside them (log: ${log#"$ROOT"/})"
    start=$SECONDS
    rm -f "$log"
    odoo_logged "$log" -d "$DATABASE" -i "$ADDON" --with-demo --no-http ||
        die "installing $ADDON failed; the whole log: ${log#"$ROOT"/}"
    show_faults "$log" || die "installing $ADDON logs warnings or errors (above)"
    say "installed in $((SECONDS - start)) s"
}
