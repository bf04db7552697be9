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

commands="the commands are run, check, import, track, acknowledge, verify, doctor, probe"
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

printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
