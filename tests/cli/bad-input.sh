#!/bin/sh
# Input that is damaged, hostile or not an image: one line, exit 3, nothing left behind.
set -u
# shellcheck source=tests/cli/lib.sh
. "${top_srcdir:-.}/tests/cli/lib.sh"

skip_without_mkimage
"$mkimage" plain plain.tar
"$mkimage" damaged damaged.tar
"$mkimage" hostile hostile.tar

# bad TITLE: the last run gave 3 and said why, once.
bad() {
	[ "$code" -eq 3 ] && [ "$(grep -c '^imgtui: ' "$err")" -eq 1 ]
	point "$1"
}

echo 'no tar' >garbage
head -c 700 plain.tar >header-only.tar
head -c 3000 plain.tar >truncated.tar
: >empty
mkdir folder
run check nothing.tar
bad 'a file that is not there'
run check garbage
bad 'what is no tar'
run check empty
bad 'an empty file'
run check header-only.tar
bad 'a tar that ends at once'
run check truncated.tar
bad 'a tar that ends early'
err_has "at byte 3000 in '.*': .*copy or save it again" 'where, and what to do'
run check folder
bad 'a folder without an image'
run check oci:plain.tar
bad 'a transport that does not fit'
run ls plain.tar:nope
bad 'a tag that is not there'

run check damaged.tar
bad 'another diff ID than the config says'
out_has 'MAT-USR-001' 'whose findings are printed all the same'
run check --no-verify damaged.tar
code_is 1 'without verification it is not seen'
run fix damaged.tar --all -o out.tar
bad 'nothing is written from it'
[ ! -e out.tar ]
point 'really nothing'

"$mkimage" oci layout
cp -r layout torn
rm -f torn/blobs/sha256/*
run check torn
bad 'a blob that is not there'
"$mkimage" other-oci two
cp layout/blobs/sha256/* two/blobs/sha256/
first=$(sed -n 's/.*"manifests": *\[\(.*\)\].*/\1/p' layout/index.json)
sed "s#\"manifests\": *\\[#&$first,#" two/index.json >index.json
mv index.json two/index.json
run check two
code_is 2 'several images, and none was chosen'
err_has '@1 ' 'they are listed'
out_is_empty 'on stderr'
run ls oci:two@1
code_is 0 'one is chosen by its number'

for command in 'check' 'ls' 'ls --layer 1' 'check --format json' 'ls --format json' 'inspect' \
	'fix --all --dry-run' 'why --start' 'check --color always'; do
	# shellcheck disable=SC2086 # a command with options
	run $command hostile.tar
	if [ "$command" = 'check --color always' ]; then
		sed "s/$(printf '\033')\[[0-9;]*m//g" "$out" >plain
		mv plain "$out"
	fi
	shows_no_control_bytes "$out" "no control byte: $command"
	shows_no_control_bytes "$err" "nor on stderr: $command"
	LC_ALL=C awk '/\302\233|\342\200\256/ { bad = 1 } END { exit bad }' "$out"
	point "no C1 byte or bidi mark: $command"
done

if [ -c /dev/full ]; then
	"$program" ls --demo >/dev/full 2>"$err"
	code=$?
	code_is 3 'a full disk is an error'
	err_has 'No space left' 'and is said'
	"$program" check --demo --format json >/dev/full 2>"$err"
	code=$?
	code_is 3 'for a long line too'
	err_has 'No space left' 'with its reason'
fi
"$program" ls --demo 2>"$err" | head -n 1 >"$out"
err_is_empty 'a reader that goes away is none'

finish
