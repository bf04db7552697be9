#!/bin/bash
# systemd_test.sh SOURCE_DIR BIN_DIR: the unit, the user and the example configuration are what they claim to be.
set -euo pipefail
source_dir=$1
bin_dir=$2
passed=0
failed=0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

ok() { passed=$((passed + 1)); }
bad() {
    failed=$((failed + 1))
    printf 'failed: %s\n' "$*"
}

# The unit as verify can see it here: an executable that exists, and no manual pages to look for.
unit() {
    sed -e "s#^ExecStart=/usr/bin/hefang#ExecStart=/bin/true#" -e '/^Documentation=/d' "$source_dir/systemd/hefang.service"
}
# Lines that verify has to say of our unit; it also speaks of units of the machine.
complaints() {
    systemd-analyze verify --man=no "$1" 2>&1 | grep -F hefang || true
}

check_unit() {
    unit >"$scratch/hefang.service"
    local said
    said=$(complaints "$scratch/hefang.service")
    if [ -z "$said" ]; then ok; else bad "systemd-analyze verify: $said"; fi

    mkdir "$scratch/broken"
    unit | sed 's/^WatchdogSec=10/WatchdogSecs=10/' >"$scratch/broken/hefang.service"
    said=$(complaints "$scratch/broken/hefang.service")
    if [[ $said == *WatchdogSecs* ]]; then ok; else bad "a misspelt key was not noticed: '$said'"; fi

    # 0 is safest, 100 is open; the limit is what the unit has, so that no line of it gets lost.
    if systemd-analyze security --offline=true --threshold=25 "$scratch/hefang.service" >"$scratch/security" 2>&1; then
        ok
    else
        bad "hardening: $(tail -1 "$scratch/security")"
    fi
    unit | sed '/^SystemCallFilter/d; /^CapabilityBoundingSet/d' >"$scratch/broken/hefang.service"
    if systemd-analyze security --offline=true --threshold=25 "$scratch/broken/hefang.service" >/dev/null 2>&1; then
        bad "a unit without its filters passed as hardened"
    else
        ok
    fi
}

# What the gateway relies on, so that a well-meant edit is noticed.
check_promises() {
    local line
    for line in Type=notify WatchdogSec=10 User=hefang SupplementaryGroups=dialout SupplementaryGroups=input StateDirectory=hefang \
        RestartPreventExitStatus=2 'SystemCallFilter=adjtimex clock_adjtime'; do
        if grep -qxF "$line" "$source_dir/systemd/hefang.service"; then ok; else bad "the unit lacks $line"; fi
    done
    for line in ProtectClock PrivateDevices PrivateUsers ProcSubset DevicePolicy; do
        if grep -q "^$line=" "$source_dir/systemd/hefang.service"; then bad "the unit has $line"; else ok; fi
    done
}

check_user() {
    mkdir -p "$scratch/root/etc"
    if systemd-sysusers --root="$scratch/root" "$source_dir/systemd/sysusers-hefang.conf" >"$scratch/users" 2>&1 &&
        grep -q '^hefang:' "$scratch/root/etc/passwd" && grep -q '^dialout:.*hefang' "$scratch/root/etc/group"; then
        ok
    else
        bad "sysusers: $(cat "$scratch/users")"
    fi
}

check_example() {
    local hefang=$bin_dir/hefang
    if "$hefang" check --config "$source_dir/systemd/site.toml" >"$scratch/out" 2>&1; then
        ok
    else
        bad "the example configuration: $(cat "$scratch/out")"
    fi
    sed 's/^kind          =.*/kind = "bonded-warehose"/' "$source_dir/systemd/site.toml" >"$scratch/site.toml"
    local status=0
    "$hefang" check --config "$scratch/site.toml" >"$scratch/out" 2>&1 || status=$?
    # The status that the unit does not try again.
    if [ "$status" -eq 2 ] && grep -q "site.toml:6:.*bonded-warehouse" "$scratch/out"; then
        ok
    else
        bad "a wrong kind: status $status, $(cat "$scratch/out")"
    fi
}

check_promises
if command -v systemd-analyze >/dev/null; then
    check_unit
else
    echo "skipped: systemd-analyze is not installed"
fi
if command -v systemd-sysusers >/dev/null; then
    check_user
else
    echo "skipped: systemd-sysusers is not installed"
fi
if [ -x "$bin_dir/hefang" ]; then
    check_example
else
    echo "skipped: $bin_dir/hefang is not built"
fi
echo "systemd: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
