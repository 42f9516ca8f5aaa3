#!/bin/sh
# Images of distributions below the folder IMGTUI_CORPUS: the verdicts about users and groups, and
# what the recommended fixes make of them.
set -u
# shellcheck source=tests/cli/lib.sh
. "${top_srcdir:-.}/tests/cli/lib.sh"

if [ -z "${IMGTUI_CORPUS:-}" ]; then
	echo '1..0 # SKIP IMGTUI_CORPUS names no folder of images'
	exit 0
fi

# All of them have a group 100 named users and no user 1000: one line is to be added, no group.
distribution() { # NAME IMAGE
	if [ ! -e "${2#oci:}" ]; then
		echo "# $1: '$2' is not there"
		return
	fi
	run check --format json --no-verify "$2"
	out_has '"id":"MAT-GRP-001","status":"pass"' "$1: users is the group 100"
	out_has '"id":"MAT-USR-001","status":"fail"' "$1: there is no user 1000"
	run cat "$2" /etc/group
	cp "$out" group
	run fix "$2" --rule MAT-GRP-001 --rule MAT-USR-001 --to docker-archive -o fixed.tar --force
	run check --format json fixed.tar
	out_has '"id":"MAT-USR-001","status":"pass"' "$1: the user is added"
	run cat fixed.tar /etc/passwd
	out_has '^ma-user:x:1000:100::/home/ma-user:/bin/' "$1: with a shell that is there"
	run cat fixed.tar /etc/group
	cmp -s "$out" group
	point "$1: no group is added"
}

distribution Alpine "$IMGTUI_CORPUS/aquasecurity-trivy/pkg/fanal/test/testdata/alpine-310.tar.gz"
distribution busybox "oci:$IMGTUI_CORPUS/buildpacks-imgutil/layout/testdata/layout/busybox"

finish
