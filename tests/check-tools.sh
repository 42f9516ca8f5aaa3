#!/bin/sh
# What the other tests use: whatever is missing here is why they were skipped.
set -u

n=0
report() # NAME WHAT-IT-TESTS STATUS
{
	n=$((n + 1))
	if [ "$3" = 0 ]; then
		echo "ok $n - $1"
	else
		echo "ok $n # SKIP $1 is missing: $2 are not run ('./bootstrap check' installs it)"
	fi
}

library() # NAME WHAT HAVE
{
	[ "$3" = yes ]
	report "$1" "$2" $?
}

tool() # NAME WHAT
{
	command -v "$1" >/dev/null 2>&1
	report "$1" "$2" $?
}

echo 1..6
library cmocka 'the unit tests' "${HAVE_CMOCKA:-no}"
library libvterm 'the screen tests' "${HAVE_VTERM:-no}"
tool skopeo 'the tests that read our images back'
tool umoci 'the tests that unpack our images'
tool shellcheck 'the checks of the shell scripts'
tool mandoc 'the checks of the man page'
