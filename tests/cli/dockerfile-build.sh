#!/bin/sh
# The Dockerfile of a plan is built by podman on a base that is made here from this machine's own
# programs: nothing is mended by it that check would still find.
set -u
# shellcheck source=tests/cli/lib.sh
. "${top_srcdir:-.}/tests/cli/lib.sh"

skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

engine() {
	timeout 120 podman --root "$dir/store" --runroot "$dir/run" --storage-driver vfs \
		--cgroup-manager cgroupfs --events-backend file "$@"
}

[ "$(id -u)" = 0 ] || skip_all 'building needs root'
command -v podman >/dev/null 2>&1 || skip_all 'podman is missing'
TMPDIR=$dir
export TMPDIR

# A root folder with a shell and the tools of the Dockerfile, each with its libraries.
mkdir -p root/bin root/etc root/home root/app
for tool in sh grep chown chmod mkdir rm true; do
	file=$(readlink -f "$(PATH=/bin:/usr/bin command -v "$tool")")
	[ -f "$file" ] || file=$(readlink -f "/usr/bin/$tool")
	cp "$file" "root/bin/$tool" || exit 99
	for library in $(ldd "$file" 2>/dev/null | grep -o '/[^ ]*'); do
		mkdir -p "root$(dirname "$library")"
		cp -L "$library" "root$library"
	done
done
mkdir -m 0700 root/root
echo 'root:x:0:0:root:/root:/bin/sh' >root/etc/passwd
echo 'root:x:0:' >root/etc/group
echo 'ID=debian' >root/etc/os-release
echo data >root/app/data
# So many that their list takes several lines.
n=100
while [ "$n" -lt 400 ]; do
	: >"root/app/one of many files with the number $n"
	n=$((n + 1))
done
# In the place of a distribution's: it puts a program where the package would.
cat >root/bin/apt-get <<'EOF'
#!/bin/sh
[ "$1" = install ] || exit 0
for package; do
	case $package in
	default-jre-headless) program=java ;;
	python3 | zip | unzip) program=$package ;;
	*) continue ;;
	esac
	echo '#!/bin/sh' >"/bin/$program"
	chmod 755 "/bin/$program"
done
EOF
chmod 755 root/bin/apt-get
chmod 600 root/app/*
tar -C root -cf root.tar . || exit 99
engine import -q root.tar localhost/base:1 >"$out" 2>"$err" ||
	skip_all "podman cannot import here: $(tail -n 1 "$err")"
engine save -q -o base.tar localhost/base:1 >"$out" 2>"$err" ||
	skip_all "podman cannot save here: $(tail -n 1 "$err")"
mkdir context
printf 'FROM localhost/base:1\nRUN ["true"]\n' >Trivial
engine build -q --network=host --isolation=chroot -f Trivial context >"$out" 2>"$err" ||
	skip_all "podman cannot build here: $(tail -n 1 "$err")"

run check base.tar
code_is 1 'the base is faulty'
out_has 'MAT-USR-001' 'it has no such user'
run fix base.tar --all --emit dockerfile -o Dockerfile
code_is 0 'the Dockerfile is written'
grep -q '", \\$' Dockerfile
point 'with a list over several lines'
code=0
engine build -q --network=host --isolation=chroot -t localhost/new:1 -f Dockerfile context \
	>"$out" 2>"$err" || code=$?
code_is 0 'podman builds it'
engine save -q -o new.tar localhost/new:1 >"$out" 2>"$err"
run check --fail-on warning new.tar
code_is 0 'what comes out is clean'
run ls --format json new.tar /app/data
out_has '"gid":100' 'the group is that of the platform'
run ls --format json new.tar '/app/one of many files with the number 399'
out_has '"gid":100' 'and so it is for the last of many'

batch='--profile modelarts-inference'
# shellcheck disable=SC2086 # two words
run check $batch base.tar
out_has 'MAI-DEP-001' 'the base has none of the programs of a batch service'
# shellcheck disable=SC2086 # two words
run fix $batch base.tar --rule MAI-DEP-001 --emit dockerfile -o Dockerfile.batch
grep -q '^RUN apt-get .* python3 default-jre-headless zip unzip' Dockerfile.batch
point 'one line installs them'
code=0
engine build -q --network=host --isolation=chroot -t localhost/batch:1 -f Dockerfile.batch context \
	>"$out" 2>"$err" || code=$?
code_is 0 'podman builds it'
engine save -q -o batch.tar localhost/batch:1 >"$out" 2>"$err"
# shellcheck disable=SC2086 # two words
run check $batch batch.tar
code_is 1 'the result can be read, and has no run script'
out_lacks 'MAI-DEP-001' 'and they are there'

finish
