#!/usr/bin/env bash
# Goal: the package installs, runs, upgrades and goes on a bare Debian 12, and docs/operate works there as written.
# Method: a bare chroot (debootstrap, or a copy of NGUON_CHROOT_BASE); the package of this tree is installed there by
# apt, the pages of docs/operate run in it from top to bottom, a kept folder of data is served by a package with a
# higher version, what an operator changed stays, and removal leaves the data. Needs root and debootstrap; not in CI.
source "$(dirname "$0")/../lib/testing.sh"
cd "$root" || exit 1
chroot=$work/chroot

if [ "$(id -u)" != 0 ] || ! command -v debootstrap >/dev/null; then
    not_ok "the machine can make a chroot" "this needs root, and the package debootstrap"
    finish
fi
leave() {
    local last=$?
    umount "$chroot/proc" 2>/dev/null || umount -l "$chroot/proc" 2>/dev/null
    (exit $last)
    at_exit
}
trap leave EXIT

inside() { # COMMAND: by sh in the chroot, as root; sets $out and $code
    code=0
    out=$(env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
        DEBIAN_FRONTEND=noninteractive chroot "$chroot" sh -c "$1" 2>&1 </dev/null) || code=$?
}
well() { # WHAT COMMAND
    inside "$2"
    if [ "$code" = 0 ]; then ok "$1"; else not_ok "$1" "exit $code: $(tail -n 20 <<<"$out")"; fi
}

# --- the chroot
if [ -n "${NGUON_CHROOT_BASE:-}" ]; then
    cp -a --reflink=auto "$NGUON_CHROOT_BASE" "$chroot"
else
    debootstrap --variant=minbase bookworm "$chroot" "${NGUON_MIRROR:-http://deb.debian.org/debian}" >"$work/debootstrap.log" 2>&1 ||
        { not_ok "debootstrap" "$(tail "$work/debootstrap.log")"; finish; }
fi
cp /etc/resolv.conf "$chroot/etc/resolv.conf"
cp /etc/apt/apt.conf.d/*proxy* "$chroot/etc/apt/apt.conf.d/" 2>/dev/null
mkdir -p "$chroot/proc" && mount -t proc proc "$chroot/proc"
well "a bare chroot, with the package lists" "apt-get -q update"
inside "for name in python3 git gcc systemctl; do command -v \$name; done; true"
same "  nothing of a build is in it" "" "$out"

# --- two packages of one tree
first=$(NGUON_BUILD=$build tools/package.sh --version 0.1.0) || { not_ok "package" "$first"; finish; }
cp "$first" "$work/"
sum=$(sha256sum <"$first")
again=$(NGUON_BUILD=$build tools/package.sh --version 0.1.0)
same "the same tree gives the same bytes" "$sum" "$(sha256sum <"$again")"
second=$(NGUON_BUILD=$build tools/package.sh --version 0.1.1)
holds "it depends on what the program links" "$(dpkg-deb -f "$second" Depends)" "libsqlite3-0"
mkdir -p "$chroot/srv/first" "$chroot/srv/second"
cp "$work"/nguon_0.1.0_*.deb "$chroot/srv/first/"
cp "$second" "$chroot/srv/second/"
same "its conffiles" "/etc/default/nguon /etc/logrotate.d/nguon" "$(dpkg-deb -I "$second" conffiles | xargs)"

# --- the pages, as written
mkdir -p "$chroot/nguon/tests/lib" "$chroot/nguon/build"
cp -a docs packs deploy "$chroot/nguon/"
cp tests/lib/guide.sh "$chroot/nguon/tests/lib/"
cat >"$chroot/nguon/pages.sh" <<'PAGES'
cd /nguon
failed=0
guide_skips() { [[ $1 == *systemctl* || $1 == *journalctl* ]]; }
run_page() ( # NAME
    source tests/lib/guide.sh
    chmod 0755 "$here"
    [ "$1" != debian ] || ln -s /srv/first/*.deb "$here/"
    guide "docs/operate/$1.md"
    exit $guide_failed
)
run_page debian || failed=1
run_page README || failed=1
run_page backup || failed=1
run_page upgrade || failed=1
exit $failed
PAGES
inside "bash /nguon/pages.sh"
printf '%s\n' "$out"
failed=$((failed + $(grep -c '^not ok' <<<"$out")))
tell "  and there were enough of them" [ "$(grep -c '^ok guide' <<<"$out")" -ge 30 ]

# --- upgrade
node="runuser -u nguon -- nguon"
from="--data /var/lib/nguon"
well "the package's user cannot log in and owns its folder" \
    "test \"\$(stat -c '%U:%G %a' /var/lib/nguon)\" = 'nguon:nguon 750' && getent passwd nguon | grep -q nologin"
well "the node's data is there before" "$node get administrative.province 48 $from | grep -q 'Nẵng'"
well "an operator changes the addresses" "echo NGUON_PUBLIC=0.0.0.0:9090 >>/etc/default/nguon"
well "upgrade" "apt-get install -y -q --no-install-recommends /srv/second/nguon_*.deb"
well "  to the new version" "dpkg-query -W -f='\${Version}' nguon | grep -qx 0.1.1"
well "  what was changed stays" "grep -qx NGUON_PUBLIC=0.0.0.0:9090 /etc/default/nguon"
well "  the history verifies" "$node verify $from"
well "  and answers" "$node query 'select count(*) from administrative.province' $from | grep -q 34"
well "  and takes more" "$node pack install /usr/share/nguon/packs/administrative-units $from"

# --- removal
well "remove" "apt-get remove -y -q nguon"
well "  the program is gone, the data is not" "! command -v nguon && test -f /var/lib/nguon/nguon.yaml"
well "purge" "apt-get purge -y -q nguon"
well "  conffiles are gone, the data is not" "test ! -e /etc/default/nguon && test -f /var/lib/nguon/keys/node.pem"

finish
