#!/bin/sh
# The script that is written, under every shell that is here, with names that are hard to quote;
# tests/bench/shells.sh does it with ten thousand of them.
set -u
# shellcheck source=tests/cli/lib.sh
. "${top_srcdir:-.}/tests/cli/lib.sh"

for tool in python3 tar; do
	command -v "$tool" >/dev/null && continue
	echo "1..0 # SKIP $tool is not here"
	exit 0
done
if [ "$(id -u)" -ne 0 ]; then
	echo '1..0 # SKIP only root changes owners'
	exit 0
fi

imgtui=$program
program="${top_srcdir:-$OLDPWD}"/tests/bench/shells.sh
for shell in dash bash 'busybox ash' mksh ksh zsh posh; do
	command -v "${shell%% *}" >/dev/null || { echo "# $shell is not here"; continue; }
	run -n 300 -i "$imgtui" "$shell"
	code_is 0 "$shell makes the changes and runs no name"
	out_has "^$shell: 300 names" "$shell: as in the rewritten image"
done
finish
