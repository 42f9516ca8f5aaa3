#!/bin/sh
# Each public header compiles alone: it includes what it uses.
set -u
cd "${top_builddir:-.}" || exit 99
src=${top_srcdir:-.}

headers=$(cd "$src/include" && find . -name '*.h' | sed 's|^\./||' | LC_ALL=C sort)
# shellcheck disable=SC2086 # a list of names
set -- $headers
echo "1..$#"
n=0
for header; do
	n=$((n + 1))
	# shellcheck disable=SC2086 # a command and flags
	if out=$(echo "#include \"$header\"" |
		${CC:-cc} ${CPPFLAGS:--D_GNU_SOURCE -I"$src/include"} -std=c17 -Wall -Wextra \
			-Werror -fsyntax-only -x c - 2>&1); then
		echo "ok $n - $header"
	else
		echo "not ok $n - $header"
		echo "$out" | sed 's/^/# /'
	fi
done
