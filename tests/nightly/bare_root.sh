#!/bin/sh
# bare_root.sh [SUITE]: what a new user does on a fresh Debian, with nothing but git, make and venv:
# clone, `make demo`, `make test`. Needs root, debootstrap and a Debian host, whose package sources, certificates
# and settings of pip it takes along. The commit that is tested is HEAD.
set -eu
suite=${1:-trixie}
repository=$(cd "$(dirname "$0")/../.." && pwd)
[ "$(id -u)" = 0 ] || { echo "bare_root.sh needs root" >&2; exit 2; }
command -v debootstrap >/dev/null || apt-get install -y -qq debootstrap >/dev/null

# TMPDIR says where: the tree takes some GB, and /tmp is often memory, or mounted without devices. Inside it is not
# known (env -i below), as it names a folder of the host.
root=$(mktemp -d "${TMPDIR:-/tmp}/bare-$suite.XXXXXX")
chmod 755 "$root"
clean() {
    umount -l "$root/dev/shm" "$root/dev/pts" "$root/dev" "$root/proc" 2>/dev/null || :
    mountpoint -q "$root/dev" || mountpoint -q "$root/proc" || rm -rf --one-file-system "$root"
}
trap clean EXIT
trap 'exit 130' INT TERM HUP

mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Label: Debian' | head -n 1)
debootstrap --variant=minbase --include=ca-certificates,git,make,python3-venv "$suite" "$root" "$mirror" >"$root.log" ||
    { tail -n 20 "$root.log" >&2; rm -f "$root.log"; exit 1; }
rm -f "$root.log"

for file in /etc/resolv.conf /etc/hosts /etc/pip.conf /etc/ssl/certs/ca-certificates.crt; do
    [ ! -e "$file" ] || cp -L "$file" "$root$file"
done
mount -t proc proc "$root/proc"
for folder in /dev /dev/pts /dev/shm; do mount --bind "$folder" "$root$folder"; done
chroot "$root" useradd --create-home curator
git clone --quiet --no-local "$repository" "$root/home/curator/transfergraph"
chroot "$root" chown -R curator: /home/curator

# of the environment nothing but how package indexes are reached
kept=$(env | grep -iE '^(PIP_[A-Z_]*|[a-z]*_proxy|SSL_CERT_[A-Z]*|REQUESTS_CA_BUNDLE)=' | grep -viE '^PIP_(FIND_LINKS|NO_INDEX)=' || :)
IFS='
'
# shellcheck disable=SC2086
chroot --userspec=curator "$root" env -i HOME=/home/curator PATH=/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8 $kept \
    sh -ec 'cd ~/transfergraph; python3 --version; make demo; make test'
