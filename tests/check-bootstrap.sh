#!/bin/sh
# What './bootstrap --dry-run check' would run, on systems that have nothing yet.
set -u
src=$(cd "${top_srcdir:-$(dirname "$0")/..}" && pwd) || exit 99
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT

# A PATH with the few tools that bootstrap itself uses, as in a bare system.
mkdir "$work/bin"
for tool in sh cat dirname env grep sed tr; do
	ln -s "$(command -v $tool)" "$work/bin/$tool"
done
become() # UID
{
	printf '#!/bin/sh\necho %s\n' "$1" >"$work/bin/id"
	chmod +x "$work/bin/id"
}

n=0
expect() # NAME OS-RELEASE PATTERN...
{
	name=$1
	printf '%b' "$2" >"$work/os-release"
	shift 2
	n=$((n + 1))
	out=$(OS_RELEASE=$work/os-release PATH=$work/bin "$src/bootstrap" --dry-run check 2>&1)
	for pattern; do
		if ! echo "$out" | grep -qe "$pattern"; then
			echo "not ok $n - $name"
			echo "# no '$pattern' in:"
			echo "$out" | sed 's/^/# /'
			return
		fi
	done
	echo "ok $n - $name"
}

echo 1..8
become 0
expect debian 'ID=debian\n' '^apt-get update' \
	'^env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends .*libarchive-dev' \
	'apt-get install .* libcmocka-dev .*skopeo umoci podman golang-go '
expect 'ID_LIKE, in quotes' 'ID=pop\nID_LIKE="ubuntu debian"\n' '^env .*apt-get install -y'
expect fedora 'ID=fedora\n' '^dnf install -y .* libarchive-devel' ' podman golang '
expect alpine 'ID=alpine\n' '^apk add .* libarchive-dev'
expect opensuse 'ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\n' \
	'^zypper --non-interactive install .* libarchive-devel'
expect arch 'ID=arch\n' '^pacman -S --noconfirm --needed .* libarchive'
expect 'an unknown system' 'ID=plan9\n' 'no package manager is known' 'libarchive'
become 1000
expect 'not root' 'ID=debian\n' '^sudo apt-get update' '^sudo env .* apt-get install -y'
