#!/bin/sh
# Kills imgtui at random points of its writing. After each: the input is as it
# was, the output is not there or whole, and nothing else is left but what a
# folder's temporary name is; the next run is not troubled by that.
#
#	tests/bench/kill.sh [-n KILLS] [-r SEED] [-i IMGTUI] DOCKER-ARCHIVE
#
# So many kills of each way to write (1000), and a tenth of them with SIGINT,
# SIGTERM and SIGHUP, which leave nothing. Prints a line for each way and what
# went wrong; exits 1 then. Needs skopeo for what is written from an OCI layout.
set -eu

kills=1000
seed=$(date +%s)
imgtui=$(dirname "$0")/../../imgtui
while getopts n:r:i: option; do
	case $option in
	n) kills=$OPTARG ;;
	r) seed=$OPTARG ;;
	i) imgtui=$OPTARG ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[ $# -eq 1 ] || { sed -n '2,11s/^# \{0,1\}//p' "$0"; exit 2; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
mkdir "$work"/in "$work"/outs "$work"/spool "$work"/before
cp "$1" "$work"/in/archive
case $imgtui in /*) ;; *) imgtui=$PWD/$imgtui ;; esac
cd "$work"
SOURCE_DATE_EPOCH=1 # so that a whole output is known by its bytes
TMPDIR=$work/spool
export SOURCE_DATE_EPOCH TMPDIR
failed=0

write_to() { # OUT WORD...: as the program is called for a way to write
	out=$1
	shift
	"$imgtui" fix --all -q --no-cache "$@" -o "$out"
}

same() { # A B
	if [ -d "$1" ]; then
		diff -r "$1" "$2" >/dev/null
	else
		cmp -s "$1" "$2"
	fi
}

# COUNT numbers up to LONGEST, in seconds.
delays() { # COUNT LONGEST
	seed=$((seed + 1))
	awk -v seed="$seed" -v count="$1" -v longest="$2" 'BEGIN {
		srand(seed)
		while (count-- > 0) printf "%.4f\n", rand() * longest
	}'
}

wrong() { # WAY TEXT
	echo "$1: $2" >>failures
}

# What a stopped run has left.
judge() { # WAY SIGNAL CODE
	for left in outs/* outs/.[!.]*; do
		case $left in
		*'*'*) ;;
		outs/out | outs/out.json) same "$left" "good${left#outs/out}" || wrong "$1" "half an output: $left" ;;
		outs/.out.*.part) [ "$2:${1##*-}" = KILL:folder ] || wrong "$1" "left after $2: $left" ;;
		*) wrong "$1" "left after $2: $left" ;;
		esac
	done
	[ -z "$(ls -A spool)" ] || wrong "$1" "left in TMPDIR after $2"
	[ ! -e outs/out ] || whole=$((whole + 1))
	case $2:$3 in
	KILL:137 | INT:130 | TERM:143 | HUP:129 | *:0 | *:1) ;;
	*) wrong "$1" "exit code $3 after $2" ;;
	esac
}

stop_one() { # WAY SIGNAL DELAY WORD...
	way=$1
	signal=$2
	delay=$3
	shift 3
	# Not by the function: the signal is for the program, not for a shell that runs it.
	"$imgtui" fix --all -q --no-cache "$@" -o outs/out >log 2>&1 &
	pid=$!
	sleep "$delay"
	kill -"$signal" $pid 2>>log || :
	code=0
	wait $pid 2>>log || code=$?
	judge "$way" "$signal" "$code"
	rm -rf outs/out outs/out.json
}

stop_many() { # WAY SIGNAL COUNT LONGEST WORD...
	way=$1
	signal=$2
	count=$3
	longest=$4
	shift 4
	whole=0
	for delay in $(delays "$count" "$longest"); do
		stop_one "$way" "$signal" "$delay" "$@"
	done
	echo "$way: $count times $signal, $whole outputs were whole"
}

series() { # WAY WORD...
	way=$1
	shift
	rm -rf good good.json outs
	mkdir outs
	: >failures
	begin=$(date +%s.%N)
	write_to good "$@" >/dev/null 2>&1 || [ $? -eq 1 ]
	longest=$(echo "$begin $(date +%s.%N)" | awk '{ print ($2 - $1) * 1.1 }')
	find in -type f -exec sha256sum {} + >before/sums
	stop_many "$way" KILL "$kills" "$longest" "$@"
	for signal in INT TERM HUP; do
		rm -rf outs
		mkdir outs
		stop_many "$way" $signal $(((kills + 9) / 10)) "$longest" "$@"
	done
	sha256sum -c --quiet before/sums >/dev/null 2>&1 || wrong "$way" 'the input has changed'
	write_to outs/out "$@" >/dev/null 2>&1 || [ $? -eq 1 ]
	same outs/out good || wrong "$way" 'the next run is not the same'
	[ ! -s failures ] || failed=1
	sort failures | uniq -c
}

series rewrite --mode rewrite in/archive
series append --mode append in/archive
series layer --emit layer in/archive
series script --emit script in/archive
series to-oci-folder --to oci in/archive
if command -v skopeo >/dev/null 2>&1; then
	skopeo --insecure-policy copy -q docker-archive:in/archive oci:in/layout:t >/dev/null
	series layout-rewrite-folder --mode rewrite oci:in/layout
fi
exit $failed
