#!/bin/sh
# What imgtui fix writes, taken by engines: skopeo, umoci, podman, containerd. What they unpack must be
# what imgtui says, and its contents those of the input.
# IMGTUI_ENGINES=all takes each format in each mode and compression; IMGTUI_CORPUS=DIR also the images there.
set -u
# shellcheck source=tests/cli/lib.sh
. "${top_srcdir:-.}/tests/cli/lib.sh"

for tool in skopeo umoci python3 tar sha256sum; do
	command -v "$tool" >/dev/null && continue
	echo "1..0 # SKIP $tool is not here"
	exit 0
done
if [ "$(id -u)" -ne 0 ]; then
	echo '1..0 # SKIP only root unpacks owners'
	exit 0
fi
compare=${top_srcdir:-$OLDPWD}/tests/cli/compare.py

# ---- The input, in each format ----

build() {
	mkdir root
	(
		cd root || exit
		mkdir -m 0755 etc bin opt && mkdir -m 0700 app
		echo 'root:x:0:0:root:/root:/bin/sh' >etc/passwd
		printf 'root:x:0:\nusers:x:100:\n' >etc/group
		echo ELF >bin/su && chmod 4755 bin/su
		echo data >app/data && chmod 0600 app/data && chown 5:6 app/data
		ln app/data app/same && ln -s data app/link
		python3 -c 'import os
os.setxattr("app/data", "user.origin", b"here\0there")
os.setxattr("bin/su", "security.capability", bytes.fromhex("0100000200040000000000000000000000000000"))'
	)
	tar -C root --numeric-owner --sort=name --xattrs --xattrs-include='*' --format=pax -cf one.tar .
	mkdir -m 0750 more && echo more >more/file && chmod 0604 more/file
	tar --numeric-owner --format=pax -cf two.tar more
	mv more root/more
	one=$(sha256sum <one.tar | cut -d' ' -f1)
	two=$(sha256sum <two.tar | cut -d' ' -f1)
	printf '%s' '{"architecture":"amd64","os":"linux","config":{"WorkingDir":"/app",' \
		'"Cmd":["/bin/su"]},"rootfs":{"type":"layers","diff_ids":["sha256:' \
		"$one\",\"sha256:$two\"]},\"history\":[{\"created_by\":\"one\"},{\"created_by\":\"two\"}]}" \
		>config.json
	printf '%s' '[{"Config":"config.json","RepoTags":["test/engines:1"],"Layers":["one.tar","two.tar"]}]' \
		>manifest.json
	tar -cf in.docker-archive config.json manifest.json one.tar two.tar
}

copy() {
	skopeo --insecure-policy copy -q "$@" >"$out" 2>"$err"
}

# As docker save writes since 25: a layout with a manifest.json.
make_hybrid() {
	copy docker-archive:in.docker-archive oci:hybrid:test/engines:1 || return
	python3 -c 'import json, os
def blob(digest): return "blobs/" + digest.replace(":", "/")
index = json.load(open("hybrid/index.json"))
manifest = json.load(open("hybrid/" + blob(index["manifests"][0]["digest"])))
json.dump([{"Config": blob(manifest["config"]["digest"]), "RepoTags": ["test/engines:1"],
            "Layers": [blob(layer["digest"]) for layer in manifest["layers"]]}],
          open("hybrid/manifest.json", "w"))'
	tar -C hybrid -cf in.hybrid blobs index.json manifest.json oci-layout
}

# ---- Engines: each unpacks FORMAT:PATH and sets $tree; what an engine cannot take is a comment ----

umoci_takes() { # umoci 0.4 reads gzip only, so skopeo decodes the rest
	rm -rf decoded unpacked bundle
	copy --dest-decompress "$1" dir:decoded && copy dir:decoded oci:unpacked:t &&
		umoci unpack --image unpacked:t bundle >"$out" 2>"$err" || return
	tree=$PWD/bundle/rootfs
}

skopeo_takes() { # and gives on, as a docker-archive, for which it decodes zstd only when asked
	rm -rf given decoded
	copy --dest-decompress "$1" dir:decoded &&
		copy dir:decoded docker-archive:given:test/given:1 && umoci_takes docker-archive:given
}

podman_here() {
	podman --root "$PWD/podman" --runroot "$PWD/podman-run" --storage-driver vfs "$@"
}

podman_takes() {
	podman_here rmi -a -f >/dev/null 2>&1
	loaded=$(podman_here load -q -i "${1#*:}" 2>"$err") || return
	loaded=${loaded##*: }
	tree=$(podman_here image mount "${loaded##*@}" 2>"$err")
}

ctr_here() {
	ctr -a "$PWD/containerd/socket" "$@"
}

containerd_starts() {
	mkdir containerd
	: >containerd/config
	containerd --config "$PWD/containerd/config" --root "$PWD/containerd/root" \
		--state "$PWD/containerd/state" --address "$PWD/containerd/socket" \
		>containerd/log 2>&1 &
	containerd=$!
	trap 'kill $containerd; wait $containerd 2>/dev/null; rm -rf "$dir"' EXIT
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		ctr_here version >/dev/null 2>&1 && return
		sleep 0.1
	done
	return 1
}

# With its snapshot: that has the name of the folder, and would be the tree of the next image.
containerd_leaves() {
	ctr_here images unmount --rm --snapshotter native "$PWD"/mounted >/dev/null 2>&1
	rm -rf mounted
}

containerd_takes() {
	containerd_leaves
	ctr_here images ls -q | xargs -r ctr -a "$PWD/containerd/socket" images rm --sync \
		>/dev/null 2>&1
	ctr_here images import --snapshotter native --base-name test/engines "${1#*:}" >"$out" 2>"$err" || return
	mkdir mounted
	ctr_here images mount --snapshotter native "$(ctr_here images ls -q | head -n 1)" \
		"$PWD"/mounted >"$out" 2>"$err" || return
	tree=$PWD/mounted
}

# Whether an engine reads layers of a compression in a format: what it says no to by itself.
can_take() { # ENGINE FORMAT COMPRESSION
	case $1:$2:$3 in
	containerd:*:xz | skopeo:oci*:xz | umoci:oci*:xz | podman:oci*:xz) return 1 ;;
	skopeo:hybrid:xz | umoci:hybrid:xz) return 1 ;;
	containerd:oci:*) return 1 ;; # imports archives only
	esac
}

transport() { # FORMAT: as the tools say it
	case $1 in
	hybrid) echo oci-archive ;;
	*) echo "$1" ;;
	esac
}

# ---- One image ----

# The listing of what was written, and a reference with the contents that the plan gives.
expect() { # FORMAT:PATH
	run ls --no-cache --format json "$1"
	cp "$out" listing
	for path in etc/passwd etc/group etc/shadow; do
		# Never through a link of the image, which leads to this host.
		[ ! -f root/$path ] || [ -L root/$path ] || [ -L root/etc ] || "$program" cat --no-cache "$1" /$path >root/$path
	done
}

check() { # FORMAT MODE COMPRESSION
	result=out.$1
	rm -rf "$result"
	run fix --all --no-cache --mode "$2" --recompress "$3" -o "$result" "in.$1"
	[ -e "$result" ]
	point "$1 $2 $3: written"
	expect "$result"
	for engine in $engines; do
		if ! can_take "$engine" "$1" "$3"; then
			echo "# $1 $2 $3: not for $engine"
			continue
		fi
		tree=
		"${engine}"_takes "$(transport "$1"):$result" &&
			python3 "$compare" "$tree" listing root >"$out" 2>&1
		point "$1 $2 $3: $engine has what imgtui says"
	done
}

engines='umoci skopeo'
build
copy docker-archive:in.docker-archive oci-archive:in.oci-archive:test/engines:1 &&
	copy docker-archive:in.docker-archive oci:in.oci:test/engines:1 && make_hybrid
point 'skopeo makes the other formats'
# An engine that does not show what skopeo wrote has not what it needs here, as podman in a chroot.
if ! command -v podman >/dev/null; then
	echo '# podman is not here'
elif podman_takes docker-archive:in.docker-archive && [ -e "$tree/app/data" ]; then
	engines="$engines podman"
else
	echo "# podman does not work here: $(head -n 1 "$err")"
fi
if ! command -v containerd >/dev/null || ! command -v ctr >/dev/null || ! containerd_starts; then
	echo '# containerd is not here'
elif containerd_takes docker-archive:in.docker-archive && [ -e "$tree/app/data" ]; then
	engines="$engines containerd"
else
	echo "# containerd does not work here: $(head -n 1 "$err")"
fi

if [ "${IMGTUI_ENGINES:-}" = all ]; then
	for format in docker-archive oci-archive oci hybrid; do
		for compression in none gzip zstd xz; do
			check $format rewrite $compression
			check $format append $compression
		done
	done
else
	check docker-archive rewrite none
	check oci-archive append zstd
	check hybrid rewrite gzip
fi
# ---- Images of the field: rewritten as docker-archives ----

# Sets $tree to what an engine makes of an image, if that is what imgtui says.
agrees() { # ENGINE FILE [REFERENCE]
	tree=
	"$1"_takes "docker-archive:$2" || return
	shift 2
	python3 "$compare" "$tree" listing "$@" >"$out" 2>&1
}

# Engines do not agree on all inputs: those that see one as imgtui does are asked for what is written
# from it, with what umoci makes of it as the reference for all contents but the planned ones.
corpus_image() { # TRANSPORT:PATH
	rm -rf decoded root in.corpus out.corpus
	if ! copy --dest-decompress "$1" dir:decoded ||
		! copy dir:decoded docker-archive:in.corpus:test/engines:1; then
		echo "# ${1##*/}: skopeo does not take it"
		return
	fi
	expect docker-archive:in.corpus
	asked=
	for engine in $engines; do
		if agrees "$engine" in.corpus; then
			asked="$asked $engine"
		else
			echo "# ${1##*/}: $engine does not see the input as imgtui does"
		fi
		[ "$engine" != umoci ] || [ -z "$tree" ] || mv "$tree" root
	done
	case $asked in
	' umoci'*) corpus_written "$1" ;;
	esac
}

corpus_written() { # TRANSPORT:PATH
	for mode in rewrite append; do
		run fix --all --no-cache --force --mode $mode --to docker-archive --tag test/engines:1 \
			-o out.corpus "$1"
		if [ ! -e out.corpus ]; then
			echo "# ${1##*/} $mode: $(head -n 1 "$err")"
			continue
		fi
		expect docker-archive:out.corpus
		for engine in $asked; do
			agrees "$engine" out.corpus root
			point "${1##*/} $mode: $engine has what imgtui says"
		done
		rm -f out.corpus
	done
}

corpus() { # DIR
	find "$1" -name '*.tar' -size -40M | LC_ALL=C sort >archives
	while read -r archive; do
		case $(tar -tf "$archive" 2>/dev/null | grep -x -e manifest.json -e oci-layout | sort -r | head -n 1) in
		oci-layout) corpus_image "oci-archive:$archive" ;;
		manifest.json) corpus_image "docker-archive:$archive" ;;
		esac
	done <archives
	find "$1" -name oci-layout | LC_ALL=C sort >layouts
	while read -r layout; do
		corpus_image "oci:${layout%/oci-layout}"
	done <layouts
}

[ -z "${IMGTUI_CORPUS:-}" ] || corpus "$IMGTUI_CORPUS"

podman_here image umount -a >/dev/null 2>&1
containerd_leaves
finish
