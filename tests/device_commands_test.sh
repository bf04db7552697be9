#!/bin/bash
# device_commands_test.sh BIN_DIR: `hefang probe` and `hefang doctor` beside simulated devices on real lines.
set -euo pipefail
bin_dir=$1
here=$(mktemp -d)
passed=0
failed=0
started=()
finish() {
    for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
    rm -rf "$here"
}
trap finish EXIT

# expect EXIT WHAT_IT_SAYS COMMAND…: the exit code, and a piece of what is said on stdout or stderr.
expect() {
    local wanted_code=$1 wanted=$2 code=0
    shift 2
    "$bin_dir/hefang" "$@" >"$here/said" 2>&1 || code=$?
    if [ "$code" = "$wanted_code" ] && grep -qF -- "$wanted" "$here/said"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf "failed: hefang %s: exit %s, not %s, or '%s' is not in:\n" "$*" "$code" "$wanted_code" "$wanted"
        tail -n 12 "$here/said"
    fi
}
also() {
    if grep -qE -- "$1" "$here/said"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf "failed: '%s' is not in:\n" "$1"
        tail -n 12 "$here/said"
    fi
}
# simulate NAME ARGUMENT…: a device of hefang-sim, led by lines written to descriptor $lines; waits for its link.
simulate() {
    local name=$1
    shift
    mkfifo "$here/$name.lines"
    "$bin_dir/hefang-sim" "$@" <"$here/$name.lines" >"$here/$name.link" 2>/dev/null &
    started+=($!)
    exec {lines}>"$here/$name.lines"
    for _ in $(seq 200); do
        grep -q '^link' "$here/$name.link" && break
        sleep 0.05
    done
    link=$(sed -n 's/^link = "\(.*\)"$/\1/p' "$here/$name.link")
}

simulate scale scale --protocol xk3190 --pty "$here/scale"
scale=$link
echo 1235 >&"$lines"
expect 0 "scale/xk3190 " probe "$scale" --seconds 1
also '^ +[0-9]+\.[0-9]{3} < 02 2B 30 30 '
also 'what speaks here:'
expect 0 '"protocol":"xk3190"' probe "$scale" --seconds 1 --json
expect 0 "= weight 1235 g, stable" probe "$scale" --as scale/xk3190 --set interval_g=5 --seconds 3
also '^in all: .*frames [1-9]'
expect 1 "nothing that came was valid" probe "$scale" --as scale/cas-continuous --seconds 2
also ' ! refused-'
"$bin_dir/hefang" probe "$scale" --seconds 20 >"$here/first" 2>&1 &
first=$!
started+=("$first")
for _ in $(seq 100); do grep -q open "$here/first" && break; sleep 0.05; done
expect 1 "hefang (pid $first)" probe "$scale" --seconds 1
kill -INT "$first"
code=0; wait "$first" || code=$?
[ "$code" = 0 ] && passed=$((passed + 1)) || { failed=$((failed + 1)); echo "failed: a probe that is interrupted ends with $code"; }
echo '!silence on' >&"$lines"
expect 1 "nothing came" probe "$scale" --seconds 1

expect 1 "$here/none: no such device" probe "serial://$here/none"
expect 1 "is no serial device" probe serial:///dev/null
expect 2 "'weigh' is none of: " probe "$scale" --as weigh
expect 2 "'morse' is none of: " probe "$scale" --as scale/morse
expect 2 "unit: 'lb' is none of: kg g t" probe "$scale" --as scale/xk3190 --set unit=lb
expect 2 "is not KEY=VALUE" probe "$scale" --as scale/xk3190 --set unit
expect 2 "only of a modbus-tcp:// or modbus-rtu:// link" probe "$scale" --registers 0
expect 2 "probe: " probe "com1"

simulate reader scanner --pty "$here/reader"
reader=$link
reader_lines=$lines
(for _ in $(seq 20); do sleep 0.2; echo "YT1234567890123" || true; done) >&"$lines" 2>/dev/null &
expect 0 "= codes 'YT1234567890123'" probe "$reader" --as scanner --seconds 3

simulate sorter sorter
sorter=$link
expect 0 "registers 0 to 3: " probe "$sorter" --registers 0:4 --seconds 1
for order in ABCD CDAB BADC DCBA; do also "^ +$order  u32 +[0-9]+  s32 +-?[0-9]+  float "; done
expect 0 '"first":0' probe "$sorter" --registers 0x0 --seconds 1 --json
expect 2 "COUNT 1 to 125" probe "$sorter" --registers 0:126
expect 2 "ask it with --registers" probe "$sorter"
expect 2 "not only read but moved" probe "$sorter" --as sorter

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
mkdir "$here/store"
cat >"$here/site.toml" <<EOF
[site]
gateway = "doctor-test"
kind = "bonded-warehouse"
[store]
path = "$here/store"
free_gib = [0.004, 0.003, 0.002, 0.001]
[web]
listen = "127.0.0.1:$port"
[policy]
weight_tolerance_percent = 3.0
weight_tolerance_g = 50
status_fresh_for_min = 30
degraded_release_for_min = 240
[[device]]
id = "reader-1"
kind = "scanner"
link = "$reader"
[[device]]
id = "scale-1"
kind = "scale"
protocol = "xk3190"
interval_g = 5
link = "serial:///dev/ttyUSB77?baud=9600"
[[device]]
id = "sorter-1"
kind = "sorter"
link = "$sorter"
[[lane]]
id = "line-1"
flow = "parcel-sort"
reader = ["reader-1"]
scale = "scale-1"
sorter = "sorter-1"
chutes = { release = 1, inspect = 2, hold = 3 }
EOF
expect 1 "fails   device scale-1: /dev/ttyUSB77: no such device" doctor --config "$here/site.toml"
also '^works   device reader-1: '
also '^works   device sorter-1: '
also '^remark  name of device scale-1: .*/dev/serial/by-id'
also '^works   gateway: does not run'
also '^works   disk: .*writes are synced'
also '^remark  store: there is none yet'
also '^(works|remark|fails) +clock: '
also '^works   platform: none'
[ -z "$(ls -A "$here/store")" ] && passed=$((passed + 1)) || { failed=$((failed + 1)); echo "failed: the doctor left something"; }
expect 1 '"ok":false' doctor --config "$here/site.toml" --json

"$bin_dir/hefang" run --config "$here/site.toml" >"$here/run" 2>/dev/null &
gateway=$!
started+=("$gateway")
for _ in $(seq 200); do grep -q '^http' "$here/run" && break; sleep 0.05; done
sleep 1
expect 1 "fails   device scale-1: down" doctor --config "$here/site.toml"
also '^works   gateway: http://.* answers: '
also '^works   store: opens, '
also '^works   inbox: '
also '^works   device reader-1: up'
printf '!noise 300\nAFTER-THE-NOISE\n' >&"$reader_lines"
for _ in $(seq 100); do
    python3 -c "import urllib.request as u; print(u.urlopen('http://127.0.0.1:$port/metrics').read().decode())" >"$here/said"
    grep -q 'reader-1",event="refused-' "$here/said" && break
    sleep 0.1
done
also '^hefang_device_events_total\{device="reader-1",event="refused-[a-z0-9-]+"\} [1-9]'
also '^hefang_device_age_seconds\{device="reader-1"\} [0-9.]+'
kill "$gateway"
wait "$gateway" || true
rm -rf "$here/store"
expect 1 "fails   disk: $here/store: " doctor --config "$here/site.toml"
python3 -c "
import socket, time
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(('127.0.0.1', $port)); s.listen(); print('there', flush=True); time.sleep(60)" >"$here/other" &
started+=($!)
for _ in $(seq 100); do grep -q there "$here/other" && break; sleep 0.05; done
expect 1 "fails   gateway: " doctor --config "$here/site.toml"

printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
