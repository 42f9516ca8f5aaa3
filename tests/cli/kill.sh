#!/bin/sh
# A few kills of each way to write, as tests/bench/kill.sh does by the thousand.
set -u
# shellcheck source=tests/cli/lib.sh
. "${top_srcdir:-.}/tests/cli/lib.sh"

skip_without_mkimage
imgtui=$program
program="${top_srcdir:-$OLDPWD}"/tests/bench/kill.sh
"$mkimage" big big.tar
run -n "${IMGTUI_KILLS:-8}" -i "$imgtui" big.tar
code_is 0 'whatever is killed leaves its input, and a whole output or none'
out_has '^rewrite: .* KILL' 'rewriting was killed'
out_has '^append: .* KILL' 'and appending'
out_has '^to-oci-folder: .* HUP' 'and a folder was hung up on'
sed 's/^/# /' "$out"
finish
