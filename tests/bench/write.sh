#!/bin/sh
# Writes an image with bench_write beside the tools that do a part of its work,
# in turn, and prints medians.
#
#	tests/bench/write.sh [-n RUNS] [-p PATHS] [-b BENCH_WRITE] [-i IMGTUI] IMAGE...
#
# The plan gives so many paths, spread over the tree, another group. Beside the
# rewriting: cp of the image and openssl dgst of the layers that change. Beside
# the recompression (gzip, zstd) of all layers: pigz -1 and -6, and zstd -3 on all
# cores. Files are in the page cache. Needs room in $TMPDIR for the image four times.
set -eu

runs=5
paths=35000
bench=$(dirname "$0")/bench_write
imgtui=$(dirname "$0")/../../imgtui
while getopts n:p:b:i: option; do
	case $option in
	n) runs=$OPTARG ;;
	p) paths=$OPTARG ;;
	b) bench=$OPTARG ;;
	i) imgtui=$OPTARG ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || { sed -n '2,11s/^# \{0,1\}//p' "$0"; exit 2; }

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

# Another group for so many of the paths that need no escape.
make_plan() { # IMAGE
	"$imgtui" ls --format json --no-cache "$1" |
		sed -n 's|^{"path":"/\([A-Za-z0-9._/+-]\{1,\}\)".*|\1|p' >"$work"/paths
	awk -v wanted="$paths" -v total="$(wc -l <"$work"/paths)" '
		BEGIN {
			print "{\"schema\":\"imgtui.plan/1\",\"steps\":[{\"rule\":\"\",\"title\":\"group\","
			print "\"config\":[],\"wants\":["
		}
		int(NR * wanted / total) > int((NR - 1) * wanted / total) || wanted >= total {
			printf "%s{\"path\":\"%s\",\"gid\":100}\n", (any++ ? "," : ""), $0
		}
		END { print "]}]}" }' "$work"/paths >"$work"/plan
}

# The layers that change, as files, decoded.
changed_layers() { # IMAGE
	mkdir -p "$work"/old "$work"/new
	rm -f "$work"/old/* "$work"/new/*
	"$imgtui" fix -q --no-cache --fail-on error --plan "$work"/plan -o "$work"/fixed "$1" \
		>/dev/null || [ $? -eq 1 ]
	"$(dirname "$bench")"/bench_open "$1" layers "$work"/old
	"$(dirname "$bench")"/bench_open "$work"/fixed layers "$work"/new
	rm -f "$work"/fixed
	for layer in "$work"/old/*; do
		! cmp -s "$layer" "$work/new/${layer##*/}" || rm -f "$work/new/${layer##*/}"
	done
}

copy_and_hash() { # IMAGE
	cp -r "$1" "$work"/copy
	find "$work"/new -type f -exec openssl dgst -sha256 {} +
}

whole_command() { # IMAGE
	"$imgtui" fix -q --no-cache --plan "$work"/plan -o "$work"/out "$1" || [ $? -eq 1 ]
}

each_layer() { # COMMAND...
	for layer in "$work"/old/*.none; do
		[ ! -e "$layer" ] || "$@" <"$layer"
	done
}

forget() {
	rm -rf "$work"/copy "$work"/out
	sync # what is still to be written to the disk is nobody else's time
}

# bench PREFIX IMAGE [COMPRESSION]
bench() {
	prefix=$1
	image=$2
	shift 2
	"$bench" "$image" "$work"/plan "$work"/out "$@" | sed "s/^/$prefix./"
	forget
}

one_round() { # IMAGE
	timed copy copy_and_hash "$1"
	forget
	bench rewrite "$1"
	timed command whole_command "$1"
	forget
	bench gzip "$1" gzip
	! have pigz || timed pigz1 each_layer pigz -1 -c
	! have pigz || timed pigz6 each_layer pigz -6 -c
	bench zstd "$1" zstd
	! have zstd || timed zstd3 each_layer zstd -T0 -3 -q -c
}

for image; do
	make_plan "$image"
	changed_layers "$image"
	: >"$work"/results
	du -cb "$work"/new/* 2>/dev/null | awk 'END { print "changed", $1 + 0 }' >>"$work"/results
	load=$(cut -d ' ' -f 1 /proc/loadavg) # a busy machine makes all of it slower
	forget
	run=0
	while [ $run -lt "$runs" ]; do
		one_round "$image" >>"$work"/results
		run=$((run + 1))
	done
	awk -v image="$image" -v runs="$runs" -v load="$load" \
		-f "$(dirname "$0")"/median.awk -f "$(dirname "$0")"/write.awk "$work"/results
done
