#!/bin/sh
# SIGINT, SIGTERM and SIGHUP: the exit code, and nothing left behind.
set -u
# shellcheck source=tests/cli/lib.sh
. "${top_srcdir:-.}/tests/cli/lib.sh"

mkdir spool
TMPDIR=$dir/spool
export TMPDIR

# interrupt SIGNAL: stdin stays open and gives nothing, so that the program waits.
interrupt() {
	mkfifo pipe
	# A shell ignores SIGINT for what runs in its background; the program takes it back.
	"$program" check - <pipe >"$out" 2>"$err" &
	pid=$!
	exec 3>pipe
	sleep 0.3
	kill -"$1" "$pid"
	code=0
	wait "$pid" || code=$?
	exec 3>&-
	rm pipe
}

interrupt TERM
code_is 143 'SIGTERM gives 143'
interrupt INT
code_is 130 'SIGINT gives 130'
interrupt HUP
code_is 129 'SIGHUP gives 129'
[ -z "$(ls -A spool)" ]
point 'nothing is left in TMPDIR'

# Twice at once, as timeout(1) does it to a program and its group: one gesture, which cleans up.
skip_without_mkimage
"$mkimage" big big.tar
mkdir outs
left=
for delay in 0.02 0.05 0.08 0.11 0.14 0.17 0.2 0.25; do
	"$program" fix --all --no-cache --to oci --recompress zstd big.tar -o outs/out >"$out" 2>"$err" &
	pid=$!
	sleep $delay
	kill -INT "$pid" && kill -INT "$pid"
	code=0
	wait "$pid" || code=$?
	# It may have been named just before; then it is whole.
	left=$left$(find outs -mindepth 1 -maxdepth 1 ! -name out)
	[ ! -e outs/out ] || timeout 30 "$program" inspect outs/out >/dev/null || left="$left half"
	rm -rf outs/out
done
[ -z "$left" ]
point 'two signals at once leave nothing either'

finish
