#!/bin/sh
# Each call of the writing path is made to fail once: the program says so, its input stays as it is,
# and nothing half is left; or it did without that call, and the output is the same as ever.
# IMGTUI_FAULTS=N tries N allocations spread over the run (default 60); 'all' tries each.
set -u
# shellcheck source=tests/cli/lib.sh
. "${top_srcdir:-.}/tests/cli/lib.sh"

if ! command -v "${CC:-cc}" >/dev/null 2>&1; then
	echo '1..0 # SKIP no C compiler for the faults'
	exit 0
fi
if ldd "$program" | grep -q -e libasan -e libtsan; then
	echo '1..0 # SKIP a sanitizer wants to be the first library'
	exit 0
fi
${CC:-cc} -shared -fPIC -O1 -D_GNU_SOURCE -o "$dir/faults.so" \
	"${top_srcdir:-.}/tests/faults/faults.c" -ldl || exit 99

SOURCE_DATE_EPOCH=1
export SOURCE_DATE_EPOCH
skip_without_mkimage
"$mkimage" plain image.tar
before=$(sha256sum <image.tar)

# fault FUNCTION:N:ERRNO ARGUMENT...
fault() {
	fault=$1
	shift
	code=0
	timeout 60 env FAULT="$fault" FAULT_COUNT="$dir/calls" LD_PRELOAD="$dir/faults.so" \
		"$program" "$@" >"$out" 2>"$err" </dev/null || code=$?
}

# What a run may leave: the whole output, with 0 or 1 for findings left; or nothing, with 3 and a
# line.
# The first thing that is wrong goes to $dir/wrong.
judge() { # WHAT TO
	wrong=
	case $code in
	[01]) same_as_good "$2" || wrong='another output' ;;
	3)
		[ -z "$(ls -A outs)" ] || wrong='something left'
		[ -s "$err" ] || wrong='no word of it'
		;;
	*) wrong="exit code $code" ;;
	esac
	[ "$(sha256sum <image.tar)" = "$before" ] || wrong='another input'
	! grep -q 'not what was planned' "$err" || wrong='a failure is taken for a difference'
	[ -z "$wrong" ] || echo "$1: $wrong: $(head -n 1 "$err")" >>wrong
}

same_as_good() {
	if [ "$1" = oci ]; then
		diff -r good outs/out >/dev/null
	else
		cmp -s good outs/out
	fi
}

# Up to how many calls of a function are tried, spread over all of them.
tries() { # FUNCTION CALLS
	case $1:${IMGTUI_FAULTS:-60} in
	malloc:all | pread:all) echo "$2" ;;
	malloc:* | pread:*) echo "${IMGTUI_FAULTS:-60}" ;;
	*) echo "$2" ;;
	esac
}

# Which N of so many calls; the first seed is the time, so that each run tries others.
numbers() { # CALLS TRIES
	awk -v calls="$1" -v tries="$2" -v seed="$(date +%s)" 'BEGIN {
		srand(seed)
		step = calls / (tries < 1 ? 1 : tries)
		if (step < 1) step = 1
		for (at = 1; at <= calls; at += step) print int(at + (step > 1 ? rand() * step : 0))
	}'
}

try_all() { # MODE TO
	rm -rf good outs
	mkdir outs
	"$program" fix --all --mode "$1" --to "$2" -q image.tar -o good >/dev/null 2>&1
	: >wrong
	runs=0
	for spec in write:5 pread:5 pwrite:28 fsync:5 close:5 ftruncate:28 renameat:5 renameat2:1 linkat:5 \
		mkdirat:28 copy_file_range:5 malloc:12; do
		name=${spec%:*}
		fault "$name:0:0" fix --all --mode "$1" --to "$2" image.tar -o outs/out
		rm -rf outs/out
		calls=$(cat calls)
		for n in $(numbers "$calls" "$(tries "$name" "$calls")"); do
			fault "$name:$n:${spec#*:}" fix --all --mode "$1" --to "$2" image.tar \
				-o outs/out
			judge "$name $n of $calls" "$2"
			rm -rf outs
			mkdir outs
			runs=$((runs + 1))
		done
	done
	cp wrong "$out"
	: >"$err"
	[ ! -s wrong ]
	point "$1 to $2: $runs failures, none leaves half an output"
}

# What is on the disk is not what was written: reading back finds it.
flip_each() { # MODE TO
	rm -rf outs
	mkdir outs
	: >wrong
	fault flip:0:0 fix --all --mode "$1" --to "$2" image.tar -o outs/out
	rm -rf outs/out
	calls=$(cat calls)
	for n in $(numbers "$calls" "$calls"); do
		fault "flip:$n:0" fix --all --mode "$1" --to "$2" image.tar -o outs/out
		[ "$code" -eq 3 ] || echo "flip $n of $calls: not found" >>wrong
		[ -z "$(ls -A outs)" ] || echo "flip $n of $calls: something left" >>wrong
		grep -q 'is not what was planned' "$err" || echo "flip $n of $calls: $(head -n 1 "$err")" >>wrong
		rm -rf outs
		mkdir outs
	done
	[ "$calls" -gt 0 ] || echo 'nothing to flip' >>wrong
	cp wrong "$out"
	: >"$err"
	[ ! -s wrong ]
	point "$1 to $2: a byte that changed is found, in each of $calls pieces"
}

# What a file system lacks (NFS, some of FUSE) costs nobody the output.
try_lacking() { # WHAT TO
	LACKS=$1
	export LACKS
	rm -rf good outs
	mkdir outs
	LACKS='' "$program" fix --all --to "$2" -q image.tar -o good >/dev/null 2>&1
	: >wrong
	for options in '' --force; do
		if [ "$2:$options" = docker-archive:--force ]; then
			echo old >outs/out
		else
			rm -rf outs/out
		fi
		# shellcheck disable=SC2086 # or no option
		fault none:0:0 fix --all --to "$2" image.tar -o outs/out $options
		judge "$options" "$2"
		[ "$code" -eq 1 ] && [ "$(ls -A outs)" = out ] || echo "$options: nothing written" >>wrong
	done
	if [ "$2" = docker-archive ]; then
		fault none:0:0 fix --all --to "$2" image.tar -o outs/out
		[ "$code" -eq 3 ] && same_as_good "$2" || echo 'replaced' >>wrong
	fi
	cat wrong >>"$err"
	[ ! -s wrong ]
	point "$2 without $1: written all the same"
	unset LACKS
}

for lacking in tmpfile proc descriptor-link tmpfile,noreplace tmpfile,noreplace,link \
	descriptor-link,noreplace; do
	try_lacking $lacking docker-archive
done
try_lacking noreplace oci

# Neither without a name nor with one.
for lacking in tmpfile proc; do
	rm -rf outs
	mkdir outs
	LACKS=$lacking
	export LACKS
	fault openat:1:28 fix --all image.tar -o outs/out
	unset LACKS
	code_is 3 "nor can it be made with a name, without $lacking"
	err_has "cannot write 'outs/out': No space left" 'which is said'
	[ -z "$(ls -A outs)" ]
	point 'and nothing is left'
done

# A new layout is on the disk with its names before it has its own.
rm -rf outs
mkdir outs
FAULT_SYNCED=$dir/synced
export FAULT_SYNCED
fault none:0:0 fix --all --to oci image.tar -o outs/out
unset FAULT_SYNCED
for folder in outs outs/.*.part outs/.*.part/blobs outs/.*.part/blobs/sha256; do
	grep -qx "$dir/$folder" synced
	point "synced: $folder"
done

try_all rewrite docker-archive
try_all append oci-archive
try_all rewrite oci
flip_each rewrite docker-archive
flip_each rewrite oci

finish
