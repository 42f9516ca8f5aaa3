#!/bin/sh
# Opens images with bench_open beside the tools that do a part of its work on
# the same layers, in turn, and prints medians.
#
#	tests/bench/run.sh [-n RUNS] [-b BENCH_OPEN] IMAGE...
#
# Files are in the page cache: what a disk adds is not measured. Needs room in
# $TMPDIR for the layers, stored and decoded.
set -eu

runs=3
bench=$(dirname "$0")/bench_open
while getopts n:b: option; do
	case $option in
	n) runs=$OPTARG ;;
	b) bench=$OPTARG ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || { sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 2; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# timed NAME COMMAND...: how long it takes, as a line of the results
timed() {
	name=$1
	shift
	begin=$(date +%s.%N)
	"$@" >/dev/null
	echo "$name $begin $(date +%s.%N)" | awk '{ printf "%s %.4f\n", $1, $3 - $2 }'
}

have() {
	command -v "$1" >/dev/null 2>&1
}

# decode TOOL SUFFIX: all layers of that kind, one after the other
decode() {
	for layer in "$work"/layers/*."$2"; do
		"$1" -dc <"$layer"
	done
}

hash_all() {
	find "$work"/layers "$work"/decoded -type f -exec openssl dgst -sha256 {} +
}

tools_for() {
	for tool in gzip igzip pigz zstd; do
		suffix=gzip
		[ $tool != zstd ] || suffix=zstd
		set -- "$work"/layers/*.$suffix
		if [ -e "$1" ] && have $tool; then
			echo "$tool $suffix"
		fi
	done
}

# The layers as files, and what is packed in them.
prepare() {
	rm -rf "$work"/layers "$work"/decoded
	mkdir "$work"/layers "$work"/decoded
	"$bench" "$1" layers "$work"/layers
	tools_for | grep -E '^(gzip|zstd) ' | while read -r tool suffix; do
		decode "$tool" "$suffix" >"$work/decoded/$suffix"
	done
}

one_round() {
	"$bench" "$1"
	tools_for | while read -r tool suffix; do
		timed "tool:$tool-dc" decode "$tool" "$suffix"
	done
	if have openssl; then
		timed tool:openssl-dgst-sha256 hash_all
	fi
}

for image; do
	prepare "$image"
	: >"$work"/results
	load=$(cut -d ' ' -f 1 /proc/loadavg) # a busy machine makes all of it slower
	run=0
	while [ $run -lt "$runs" ]; do
		one_round "$image" >>"$work"/results
		run=$((run + 1))
	done
	awk -v image="$image" -v runs="$runs" -v load="$load" \
		-f "$(dirname "$0")"/median.awk -f "$(dirname "$0")"/table.awk "$work"/results
done
