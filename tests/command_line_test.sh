#!/bin/bash
# command_line_test.sh BIN_DIR CONFIG: what `hefang` says to a wrong command line, and the exit code it says it with.
set -euo pipefail
bin_dir=$1
config=$2
passed=0
failed=0

# refuses WHAT_IT_SAYS ARGUMENT…
refuses() {
    local wanted=$1 code=0 said
    shift
    said=$("$bin_dir/hefang" "$@" 2>&1 >/dev/null) || code=$?
    if [ "$code" = 2 ] && [[ $said == "$wanted"* ]]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf "failed: hefang %s: exit %s, said '%s', not '%s'\n" "$*" "$code" "$said" "$wanted"
    fi
}

commands="the commands are run, check, import, track, acknowledge, verify, doctor, probe, decode"
refuses "hefang: a command is missing; $commands"
refuses "hefang: there is no command 'tarck'; $commands" tarck
refuses "hefang: there is no command '--verbose'; $commands" --verbose
refuses "hefang run: --config is required" run
refuses "hefang track: number is required" track --config "$config"
refuses "hefang track: The following argument was not expected: Y" track --config "$config" X Y
refuses "hefang import: files is required" import --config "$config"
refuses "hefang import: --wait: Value 0 not in range 1 to 3600" import --config "$config" --wait 0 x
refuses "hefang import: --wait: Value 3601 not in range 1 to 3600" import --config "$config" --wait 3601 x
refuses "hefang acknowledge: --by is required" acknowledge --config "$config" rpm-1
refuses "hefang: 'reader-1' is a device whose alarm locks no lane" acknowledge --config "$config" reader-1 --by x
refuses "/nowhere: " check --config /nowhere

refuses "hefang decode: --budget-ms: Value 0 not in range 1 to 5000" decode --budget-ms 0
refuses "hefang decode: --itf-length: 7: at most 16 even numbers from 2 to 254" decode --itf-length 7

# decodes WHAT LINE_OF_STDIN WANTED_LINE [OPTION…]: one line of stdin gives this line of stdout; * stands for anything.
decodes() {
    local what=$1 line=$2 wanted=$3 said
    shift 3
    said=$(printf '%b' "$line\n" | "$bin_dir/hefang" decode "$@" 2>/dev/null) || true
    # shellcheck disable=SC2053 # a pattern
    if [[ $said == $wanted ]]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf "failed: hefang decode: %s: said '%s', not '%s'\n" "$what" "$said" "$wanted"
    fi
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
zint -b CODE128 --scale 2 -o "$scratch/label.png" -d PARCEL-0001
zint -b CODE128 --scale 2 -o "$scratch/ a \"quoted\" 名.png" -d PARCEL-0002
head -c 300 "$scratch/label.png" >"$scratch/cut.png"
mkfifo "$scratch/pipe.png"
printf '#!/bin/sh\nprintf "\\003\\000\\000\\000H\\001\\000"\nread x\nkill -ABRT $$\n' >"$scratch/aborts"
chmod +x "$scratch/aborts"

decodes "a label" "$scratch/label.png" \
    "{\"file\":\"$scratch/label.png\",\"codes\":\[{\"text\":\"PARCEL-0001\",\"format\":\"Code128\"}],\"ms\":*}"
decodes "a name with blanks and quotes" "$scratch/ a \"quoted\" 名.png" \
    "{\"file\":\"$scratch/ a \\\\\"quoted\\\\\" 名.png\",\"codes\":\[{\"text\":\"PARCEL-0002\"*"
decodes "no file" "$scratch/none" "{\"file\":\"$scratch/none\",\"codes\":\[],\"error\":\"No such file or directory\",\"ms\":*}"
decodes "a folder" "$scratch" "*\"error\":\"no plain file\"*"
decodes "a pipe" "$scratch/pipe.png" "*\"error\":\"no plain file\"*"
decodes "an empty line" "" "{\"file\":\"\",*\"error\":\"the line is empty\"*"
decodes "a zero byte" "$scratch/label.png\\0.png" "*\"error\":\"the path holds a zero byte\"*"
decodes "a name that is no UTF-8" "/no\\xff" "*\"error\":\"No such file or directory\"*"
decodes "a cut picture" "$scratch/cut.png" "*\"error\":\"truncated\"*"
decodes "a text" "$config" "*\"error\":\"unknown-format\"*"
decodes "a worker that aborts" "$config\n$config" \
    "*\"error\":\"the image worker died: *\"error\":\"the image worker died: *" --worker "$scratch/aborts"
decodes "no worker" "$config" "*\"error\":\"/nowhere: No such file or directory\"*" --worker /nowhere
decodes "what comes after it" "$scratch/none\n$scratch/cut.png\n$scratch/label.png" "*truncated*PARCEL-0001*"

code=0
"$bin_dir/hefang" decode </dev/null >/dev/null 2>&1 || code=$?
[ "$code" = 0 ] || { failed=$((failed + 1)); echo "failed: hefang decode of nothing: exit $code"; }
code=0
echo /nowhere | "$bin_dir/hefang" decode >/dev/null 2>&1 || code=$?
[ "$code" = 1 ] || { failed=$((failed + 1)); echo "failed: hefang decode of no file: exit $code"; }

printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
