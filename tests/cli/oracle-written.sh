#!/bin/sh
# What imgtui fix writes, unpacked by skopeo and umoci: owners and modes must be what imgtui says.
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

# ---- An image, by GNU tar and by hand ----

# put PATH MODE OWNER [TEXT]: a file, or a folder without TEXT.
put() {
	if [ $# -eq 4 ]; then
		printf '%s' "$4" >"root/$1"
	else
		mkdir -p "root/$1"
	fi
	chown "$3" "root/$1"
	chmod "$2" "root/$1"
}

# layer NAME: the folder 'root' as a tar; in pax format, as umoci reads no sparse files of the other.
layer() {
	tar -C root --numeric-owner --sort=name --format=posix -Scf "$1" .
	rm -rf root
	mkdir root
}

build() {
	mkdir root
	put etc 0755 0:0
	put etc/passwd 0644 0:0 'root:x:0:0:root:/root:/bin/sh'
	put etc/group 0644 0:0 'root:x:0:
users:x:100:
'
	put etc/shadow 0640 0:42 'root:*:1:0:99999:7:::
'
	put bin 0755 0:0
	put bin/sh 0755 0:0 'ELF'
	put bin/su 4755 0:0 'ELF'
	put tmp 0755 0:0
	put app 0700 0:0
	put app/data 0600 5:6 'x'
	ln root/app/data root/app/data2
	ln -s data root/app/link
	put 'app/a b
c' 0640 0:0 'odd name'
	layer one.tar
	put opt 0710 0:0
	put opt/a 0700 0:0
	put opt/a/run.sh 0640 0:0 '#!/bin/sh
'
	put app 0750 7:8
	put app/more 0604 0:0 'y'
	truncate -s 1M holes
	printf 'x' | dd of=holes conv=notrunc bs=1 seek=500000 2>/dev/null
	cp --sparse=always holes root/app/holes
	chown 5:6 root/app/holes
	chmod 0600 root/app/holes
	layer two.tar
	one=$(sha256sum <one.tar | cut -d' ' -f1)
	two=$(sha256sum <two.tar | cut -d' ' -f1)
	printf '%s' '{"architecture":"amd64","os":"linux","config":{"WorkingDir":"/app",' \
		'"Cmd":["/bin/sh","/opt/a/run.sh"]},"rootfs":{"type":"layers","diff_ids":["sha256:' \
		"$one\",\"sha256:$two\"]},\"history\":[{\"created_by\":\"one\"},{\"created_by\":\"two\"}]}" \
		>config.json
	printf '%s' '[{"Config":"config.json","RepoTags":["test/oracle:1"],"Layers":["one.tar","two.tar"]}]' \
		>manifest.json
	tar -cf in.docker config.json manifest.json one.tar two.tar
}

# ---- Comparing ----

compare=${top_srcdir:-$OLDPWD}/tests/cli/compare.py

copy() {
	skopeo --insecure-policy copy -q "$@" >"$out" 2>"$err"
}

# unpack TRANSPORT:PATH: into bundle/rootfs.
unpack() {
	rm -rf bundle unpacked
	copy "$1" oci:unpacked:t && umoci unpack --image unpacked:t bundle >"$out" 2>"$err"
}

# check NAME TRANSPORT PATH MODE [plain]: one input in one mode; umoci 0.4 reads no zstd, so skopeo decodes it.
check() {
	result=out-$1-$4
	run fix "$2:$3" --all --mode "$4" -o "$result"
	[ -e "$result" ]
	point "$1 $4: written"
	from=$2:$result
	if [ $# -eq 5 ]; then
		rm -rf decoded
		copy --dest-decompress "$from" dir:decoded
		from=dir:decoded
	fi
	unpack "$from"
	point "$1 $4: skopeo and umoci take it"
	run ls "$2:$result" --format json
	cp "$out" listing
	python3 "$compare" bundle/rootfs listing >"$out"
	point "$1 $4: and unpack what imgtui says"
}

build
# A second source of the same image in each format and compression, by skopeo.
copy docker-archive:in.docker oci-archive:in.oci:tag &&
	copy docker-archive:in.docker oci:in-layout:tag &&
	copy --dest-compress-format zstd docker-archive:in.docker oci:in-zstd:tag
point 'skopeo makes the other formats'

for mode in rewrite append; do
	check docker docker-archive in.docker $mode
	check archive oci-archive in.oci $mode
	check layout oci in-layout $mode
	check zstd oci in-zstd $mode plain
done

# ---- In place, and several platforms ----

run fix oci:in-layout:tag --all --in-place
unpack oci:in-layout:tag
point 'in place: skopeo and umoci take it'
run ls oci:in-layout:tag --format json
cp "$out" listing
python3 "$compare" bundle/rootfs listing >"$out"
point 'and unpack what imgtui says'

cat >platforms.py <<'PYTHON'
import hashlib, json
def put(value):
    data = json.dumps(value).encode()
    digest = hashlib.sha256(data).hexdigest()
    open("several/blobs/sha256/" + digest, "wb").write(data)
    return {"digest": "sha256:" + digest, "size": len(data)}
def get(entry):
    return json.load(open("several/blobs/sha256/" + entry["digest"][7:]))
top = json.load(open("several/index.json"))
entries = []
for architecture in "amd64", "arm64":
    manifest = get(top["manifests"][0])
    config = get(manifest["config"])
    config["architecture"] = architecture
    manifest["config"].update(put(config))
    entries.append({"mediaType": manifest["mediaType"], **put(manifest),
                    "platform": {"os": "linux", "architecture": architecture}})
index_type = "application/vnd.oci.image.index.v1+json"
index = put({"schemaVersion": 2, "mediaType": index_type, "manifests": entries})
top["manifests"] = [{"mediaType": index_type, **index,
                     "annotations": {"org.opencontainers.image.ref.name": "multi"}}]
json.dump(top, open("several/index.json", "w"))
PYTHON
copy docker-archive:in.docker oci:several:one && python3 platforms.py
point 'an index of two platforms'
run fix several --platform all --all -o written-several
[ -e written-several ]
point 'is written'
out_has '^linux/arm64:' 'with a report of each'
for architecture in amd64 arm64; do
	copy --override-arch $architecture oci:written-several:multi oci:one-of-them:t &&
		rm -rf bundle && umoci unpack --image one-of-them:t bundle >"$out" 2>"$err"
	point "$architecture: skopeo and umoci take it"
	run ls written-several --platform linux/$architecture --format json
	cp "$out" listing
	python3 "$compare" bundle/rootfs listing >"$out"
	point "$architecture: and unpack what imgtui says"
	rm -rf one-of-them
done
run fix several --platform all --all --to docker-archive -o refused
code_is 2 'a docker-archive has no platforms'
run fix docker-archive:in.docker --platform all --all -o refused
code_is 2 'neither to read'
run check several --platform all --format json
[ "$(grep -c '"imgtui.check/1"' "$out")" -eq 2 ]
point 'check judges each'
run check several --platform all
out_has '^linux/arm64:' 'and says which'

# ---- Details ----

unpack oci:out-layout-append:tag
# The user is there, in a file that had no final newline.
grep -q '^ma-user:x:1000:100:' bundle/rootfs/etc/passwd && grep -q '^root:.*/bin/sh$' bundle/rootfs/etc/passwd
point 'the user is in passwd, on a line of its own'
[ "$(stat -c '%a %u:%g' bundle/rootfs/bin/su)" = '4755 0:0' ]
point 'the setuid program is as it was'
[ "$(stat -c '%a %u:%g' bundle/rootfs/etc/shadow)" = '640 0:42' ]
point 'shadow keeps owner and mode'

cmp -s holes bundle/rootfs/app/holes
point 'a sparse file has its bytes'

# The script does the same to the unpacked input.
run fix docker-archive:in.docker --all --emit script -o mend.sh
unpack docker-archive:in.docker && sh mend.sh bundle/rootfs >"$out" 2>"$err"
point 'the script runs on the unpacked input'
run ls docker-archive:out-docker-rewrite --format json
cp "$out" listing
python3 "$compare" bundle/rootfs listing >"$out"
point 'and gives the same'
finish
