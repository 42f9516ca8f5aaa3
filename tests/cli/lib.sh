# shellcheck shell=sh
# For the tests of the command line: TAP, a folder of its own, and running the program.
#
#	run check --demo        stdout in $out, stderr in $err, the exit code in $code
#	code_is 1 'title'       one test point each
#	out_has 'regex' 'title'
#	finish                  at the end

program=${IMGTUI:-$PWD/imgtui}
mkimage=${top_builddir:-$PWD}/tests/cli/mkimage
case $mkimage in /*) ;; *) mkimage=$PWD/$mkimage ;; esac
dir=$(mktemp -d "${TMPDIR:-/tmp}/imgtui-test.XXXXXX") || exit 99
trap 'rm -rf "$dir"' EXIT
trap 'exit 99' HUP INT TERM
cd "$dir" || exit 99
out=$dir/.out
err=$dir/.err
code=0
count=0
LC_ALL=C.UTF-8
export LC_ALL
unset NO_COLOR CLICOLOR_FORCE SOURCE_DATE_EPOCH XDG_DATA_HOME XDG_DATA_DIRS

run() {
	code=0
	timeout 30 "$program" "$@" >"$out" 2>"$err" </dev/null || code=$?
}

# point TITLE: the exit code before it decides.
point() {
	point_status=$?
	count=$((count + 1))
	if [ "$point_status" -eq 0 ]; then
		echo "ok $count - $1"
		return
	fi
	echo "not ok $count - $1"
	echo "# exit code $code"
	sed 's/^/# out: /' "$out" | head -n 20
	sed 's/^/# err: /' "$err" | head -n 20
}

code_is() {
	[ "$code" -eq "$1" ]
	point "$2"
}

out_has() {
	grep -q -e "$1" "$out"
	point "$2"
}

out_lacks() {
	! grep -q -e "$1" "$out"
	point "$2"
}

err_has() {
	grep -q -e "$1" "$err"
	point "$2"
}

out_is_empty() {
	[ ! -s "$out" ]
	point "$1"
}

err_is_empty() {
	[ ! -s "$err" ]
	point "$1"
}

# Nothing but line ends, tabs and what can be shown.
shows_no_control_bytes() {
	! LC_ALL=C tr -d '\011\012\040-\176\200-\377' <"$1" | grep -q .
	point "$2"
}

is_json_lines() {
	if command -v python3 >/dev/null 2>&1; then
		python3 -c 'import json, sys
for line in open(sys.argv[1], encoding="utf-8"): json.loads(line)' "$out"
	else
		grep -q '^{.*}$' "$out"
	fi
	point "$1"
}

skip_without_mkimage() {
	[ -x "$mkimage" ] && return
	echo '1..0 # SKIP the images for it were not built'
	exit 0
}

finish() {
	echo "1..$count"
}
