#!/bin/sh
# The verdicts of imgtui ls against the kernel: access(2) in the unpacked image, as the user.
#
# Foreign images too: those below the folder IMGTUI_CORPUS, and the one at IMGTUI_DEBIAN.
set -u
# shellcheck source=tests/cli/lib.sh
. "${top_srcdir:-.}/tests/cli/lib.sh"

skip_without_mkimage
tests=$(dirname "$mkimage")
for tool in skopeo umoci; do
	command -v "$tool" >/dev/null && continue
	echo "1..0 # SKIP $tool is not here"
	exit 0
done
if [ "$(id -u)" -ne 0 ] || ! chroot / true 2>/dev/null; then
	echo '1..0 # SKIP only root asks as another user'
	exit 0
fi
umask 022
etc=bundle/rootfs/etc

# unpack TRANSPORT:PATH: into bundle/rootfs.
unpack() {
	rm -rf bundle unpacked
	skopeo --insecure-policy copy -q "$1" oci:unpacked:t >"$out" 2>"$err" &&
		umoci unpack --image unpacked:t bundle >"$out" 2>"$err"
}

# accounts FILE: its lines, as long as it is a file in the image and no link to one outside.
accounts() {
	[ -L "$etc/$1" ] || cat "$etc/$1" 2>/dev/null
}

# A user of the image by name: the last that is not root.
named_user() {
	accounts passwd | awk -F: 'NF >= 4 && $3 + 0 { name = $1 } END { print name }'
}

# identity USER: uid:gid,groups by the files of the image, as the engines find them.
identity() {
	case $1 in *:*)
		echo "$1"
		return
		;;
	esac
	line=$(accounts passwd | awk -F: -v user="$1" '$1 == user || $3 == user { print; exit }')
	if [ -z "$line" ]; then
		echo "$1:0"
		return
	fi
	groups=$(accounts group | awk -F: -v "user=${line%%:*}" \
		'index("," $4 ",", "," user ",") { printf ",%s", $3 }')
	echo "$(echo "$line" | cut -d: -f3,4)$groups"
}

# ask IMAGE USER: adds to the counts; false if nobody could be asked.
ask() {
	run ls "$1" --user "$2" --format json
	[ "$code" -eq 0 ] || return 1
	"$tests/askaccess" bundle/rootfs "$(identity "$2")" <"$out" >answers 2>"$err"
	[ $? -le 1 ] || return 1
	result=$(tail -n 1 answers)
	echo "# $2: $result"
	sed '$d; s/^/# /' answers | head -n 20
	checks=$((checks + ${result%% *}))
	result=${result#* checks, }
	wrong=$((wrong + ${result%% *}))
}

# compare NAME TRANSPORT:PATH LEAST: every user, on an image of at least so many paths.
compare() {
	checks=0
	wrong=0
	failed=
	for user in 1000:100 1000 65534:65534 0:0 $(named_user); do
		ask "$2" "$user" || failed="$failed $user"
	done
	[ -z "$failed" ] && [ "$wrong" -eq 0 ] && [ "$checks" -ge "$3" ]
	point "$1: $checks checks, $wrong disagreements"
}

# ours NAME TRANSPORT:PATH LEAST: an image that has to unpack.
ours() {
	unpack "$2"
	point "$1: skopeo and umoci take it"
	compare "$@"
}

# foreign TRANSPORT:PATH
foreign() {
	if unpack "$1"; then
		compare "$1" "$1" 1
	else
		echo "# $1: not unpacked"
	fi
}

"$mkimage" plain plain.tar
"$mkimage" access access.tar
ours demo "docker-archive:$tests/../../share/demo/demo.tar" 100
ours plain docker-archive:plain.tar 20
ours access docker-archive:access.tar 20000

if [ -n "${IMGTUI_CORPUS:-}" ]; then
	gzip -dc "$IMGTUI_CORPUS/aquasecurity-trivy/pkg/fanal/test/testdata/alpine-310.tar.gz" >alpine.tar
	foreign docker-archive:alpine.tar
	for image in wagoodman-dive/.data/test-docker-image.tar \
		wagoodman-dive/.data/test-kaniko-image.tar GoogleContainerTools-kaniko/integration/tar.tar \
		goodwithtech-deckoder/extractor/docker/testdata/symbolic.tar \
		google-go-containerregistry/pkg/v1/mutate/testdata/whiteout_dir.tar; do
		foreign "docker-archive:$IMGTUI_CORPUS/$image"
	done
	find "$IMGTUI_CORPUS" -name oci-layout | LC_ALL=C sort >layouts
	while read -r image; do
		case $image in
		# umoci lets the whiteout take what is behind the link, an overlay keeps it.
		*/wh-through-symlink/*) continue ;;
		# Its manifest is not the one that its index names: skopeo does not mind, imgtui does.
		*/oci-test-image/hardlink/*) continue ;;
		esac
		foreign "oci:${image%/oci-layout}"
	done <layouts
fi
if [ -d "${IMGTUI_DEBIAN:-}" ]; then
	ours "$IMGTUI_DEBIAN" "oci:$IMGTUI_DEBIAN" 10000
elif [ -n "${IMGTUI_DEBIAN:-}" ]; then
	ours "$IMGTUI_DEBIAN" "docker-archive:$IMGTUI_DEBIAN" 10000
fi
finish
