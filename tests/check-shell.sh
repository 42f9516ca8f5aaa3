#!/bin/sh
# Our shell scripts give shellcheck nothing to say.
set -u
cd "${top_srcdir:-$(dirname "$0")/..}" || exit 99

if ! command -v shellcheck >/dev/null 2>&1; then
	echo '1..0 # SKIP shellcheck is missing'
	exit 0
fi
# shellcheck disable=SC2046 # a list of names
set -- bootstrap .ci/run $(find share tests -name '*.sh' | LC_ALL=C sort)
echo "1..$#"
n=0
for script; do
	n=$((n + 1))
	if out=$(shellcheck "$script" 2>&1); then
		echo "ok $n - $script"
	else
		echo "not ok $n - $script"
		echo "$out" | sed 's/^/# /'
	fi
done
