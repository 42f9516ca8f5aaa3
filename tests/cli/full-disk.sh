#!/bin/sh
# No room: a file that may not grow, a full file system. A line says so, and nothing is left.
set -u
# shellcheck source=tests/cli/lib.sh
. "${top_srcdir:-.}/tests/cli/lib.sh"

skip_without_mkimage
"$mkimage" plain plain.tar
mkdir outs

# What cannot be written: code 3, a reason, an empty folder.
nothing_is_left() { # TITLE
	[ "$code" -eq 3 ] && [ -s "$err" ] && [ -z "$(ls -A outs)" ]
	point "$1"
}

# limited WORD...: no file may be longer than one block
limited() {
	code=0
	(
		ulimit -f 1
		exec timeout 30 "$program" fix --all --no-cache "$@" -o outs/out
	) >"$out" 2>"$err" </dev/null || code=$?
	nothing_is_left "a limit of the file size: $*"
}

# full KIB FILL WORD...: 'outs' is a file system of that size, of which so many bytes are taken
full() {
	size=$1
	fill=$2
	shift 2
	code=0
	# shellcheck disable=SC2016
	unshare -m sh -c '
		mount -t tmpfs -o size="$0"k none outs && mkdir outs/in
		head -c "$1" /dev/zero >outs/in/rest 2>/dev/null
		shift
		"$@" -o outs/in/out
		code=$?
		[ "$(ls -A outs/in)" = rest ] || exit 9
		exit $code' "$size" "$fill" "$program" fix --all --no-cache "$@" \
		>"$out" 2>"$err" </dev/null || code=$?
	nothing_is_left "a full file system: $*"
}

limited --mode rewrite plain.tar
limited --mode append plain.tar
limited --to oci plain.tar
limited --emit layer plain.tar
limited --emit script plain.tar

if unshare -m mount -t tmpfs -o size=1m none outs 2>/dev/null; then
	# Known before: the stored layers do not fit. Found out on the way: the decoded ones do not.
	"$mkimage" big big.tar
	stored=$(($(wc -c <big.tar) / 1024 + 64))
	full 1024 0 --mode rewrite big.tar
	full $stored 0 --recompress none big.tar
	full $stored 0 --recompress none --to oci big.tar
	full $stored 0 --recompress none --mode append big.tar
	full 1024 0 --emit layer big.tar
	full 1024 2000000 --emit script plain.tar
	run fix big.tar --rule MAT-CFG-001 --tag a:1 --to oci -o layout
	code=0
	# shellcheck disable=SC2016
	unshare -m sh -c '
		files() { find outs/in -type f -exec sha256sum {} + | sort; }
		mount -t tmpfs -o size="$0"k none outs && cp -R layout outs/in || exit 9
		before=$(files)
		"$@" oci:outs/in
		code=$?
		[ "$(files)" = "$before" ] || exit 9
		exit $code' "$((stored + 64))" "$program" fix --all --no-cache --in-place \
		>"$out" 2>"$err" </dev/null || code=$?
	code_is 3 'a full file system: in place, where all stays as it was'
	err_has ' needs .* has .* free' 'which is known before'
else
	echo '# a full file system is not tested: only root mounts one'
fi
finish
