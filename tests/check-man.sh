#!/bin/sh
# The man pages are clean.
set -u
cd "${top_srcdir:-$(dirname "$0")/..}" || exit 99

if ! command -v mandoc >/dev/null 2>&1; then
	echo '1..0 # SKIP mandoc is missing'
	exit 0
fi
# shellcheck disable=SC2046 # a list of names
set -- $(find share/man -name '*.[1-9]' | LC_ALL=C sort)
echo "1..$#"
n=0
for page; do
	n=$((n + 1))
	if out=$(mandoc -T lint -W warning "$page" 2>&1); then
		echo "ok $n - $page"
	else
		echo "not ok $n - $page"
		echo "$out" | sed 's/^/# /'
	fi
done
