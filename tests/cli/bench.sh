#!/bin/sh
# The bench still runs, and counts what is there; how long it takes is no test.
set -u
# shellcheck source=tests/cli/lib.sh
. "${top_srcdir:-.}/tests/cli/lib.sh"

skip_without_mkimage
bench=$(dirname "$mkimage")/../bench
program=$bench/bench_open
"$mkimage" plain plain.tar
run plain.tar
code_is 0 'an image is measured'
out_has '^entries [1-9]' 'its entries are counted'
out_has '^open\.tree [0-9.]*$' 'the time to the tree'
out_has '^reopen\.verified [0-9.]*$' 'and to the end of opening it again'
out_has '^verify 1$' 'the layers were verified'
run plain.tar cancel 0
code_is 0 'stopping is measured'
out_has '^latency [0-9.]*$' 'how long it takes to stop'
run missing.tar
code_is 1 'a missing image is a failure'

program="${top_srcdir:-$OLDPWD}"/tests/bench/run.sh
run -n 1 -b "$bench"/bench_open plain.tar
code_is 0 'the script opens it beside the tools'
out_has 'bytes an entry$' 'and prints a table'
finish
