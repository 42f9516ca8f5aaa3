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

program="${top_srcdir:-$OLDPWD}"/tests/bench/write.sh
IMGTUI=${IMGTUI:-$OLDPWD/imgtui}
run -n 1 -p 3 -b "$bench"/bench_write -i "$IMGTUI" plain.tar
code_is 0 'writing is measured beside the tools'
err_is_empty 'and nothing fails on the way'
out_has '^plain.tar: [1-9][0-9]* bytes of layers change' 'the plan changes layers'
out_has '^  rewrite: the whole command  *[0-9.]* s  [0-9.]* x' 'each beside what it is measured by'
out_has '^  gzip: peak of resident memory' 'and with its memory'
finish
