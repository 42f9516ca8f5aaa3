#!/bin/sh
# Runs the script that imgtui writes under every shell that is here, on a tree
# of names that are hard to quote; owners and modes must be those of the image
# that imgtui rewrites, and no name may be run, expanded or be an option.
#
#	tests/bench/shells.sh [-n NAMES] [-r SEED] [-i IMGTUI] [SHELL...]
#
# So many names (10000). As root, with python3 and GNU tar. Prints a line for
# each shell and what went wrong; exits 1 then. yash is not among them: it reads
# no script with bytes that are no characters.
set -eu

names=10000
seed=$(date +%s)
imgtui=$(dirname "$0")/../../imgtui
while getopts n:r:i: option; do
	case $option in
	n) names=$OPTARG ;;
	r) seed=$OPTARG ;;
	i) imgtui=$OPTARG ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || set -- dash bash 'busybox ash' mksh 'ksh' zsh 'zsh --emulate sh' posh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
here=$(cd "$(dirname "$0")" && pwd)
case $imgtui in /*) ;; *) imgtui=$PWD/$imgtui ;; esac
cd "$work"

fix() { # OUT WORD...
	out=$1
	shift
	"$imgtui" fix --plan plan.json -q --no-cache "$@" -o "$out" in.tar >log 2>&1 || [ $? -eq 1 ] || {
		cat log
		exit 1
	}
}

python3 "$here"/shells.py make "$names" "$seed"
fix mend.sh --emit script
fix rewritten.tar --mode rewrite
"$imgtui" ls --no-cache --format json rewritten.tar >listing
failed=0
for shell; do
	command -v "${shell%% *}" >/dev/null 2>&1 || continue
	rm -rf run
	mkdir -p run/root
	tar -xpf layer.tar --numeric-owner -C run/root
	# shellcheck disable=SC2086
	if (cd run && $shell ../mend.sh root) >log 2>&1 && [ ! -s log ] && [ "$(ls run)" = root ] &&
		python3 "$here"/shells.py compare run/root listing; then
		echo "$shell: $names names, as in the image"
	else
		failed=1
		echo "$shell: WRONG, seed $seed"
		head -n 3 log
	fi
done
exit $failed
