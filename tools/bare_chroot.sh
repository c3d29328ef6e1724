#!/usr/bin/env bash
# bare_chroot.sh FOLDER [COMMAND…]: for maintainers, as root, with debootstrap. Makes a bare Debian 12 in FOLDER (which
# must be new or empty), copies this tree without build/ to FOLDER/nguon, and runs each COMMAND (a string) there, by
# default `./run demo --once` twice and `./run test`. In it are no git, no python, curl, sudo or locale. What this
# machine sets for its registries and their certificates goes along; nothing else of its environment
# does. Prints the seconds of each; exit 1 if one failed. FOLDER stays: to go on, call again with --again first.
set -euo pipefail
again=no
if [ "${1:-}" = --again ]; then
    again=yes
    shift
fi
tree=$(dirname "$(readlink -f "$0")")/..
root=$(readlink -m "${1:?a folder is missing}")
commands=("${@:2}")
[ ${#commands[@]} -gt 0 ] || commands=("./run demo --once" "./run demo --once" "./run test")
[ "$(id -u)" = 0 ] || { echo "bare_chroot: needs root" >&2; exit 5; }

if [ $again = no ]; then
    [ -z "$(ls -A "$root" 2>/dev/null)" ] || { echo "bare_chroot: $root is not empty" >&2; exit 4; }
    started=$SECONDS
    debootstrap --variant=minbase bookworm "$root" "${NGUON_MIRROR:-http://deb.debian.org/debian}" >"$root.log" 2>&1 ||
        { tail "$root.log" >&2; exit 5; }
    echo "$((SECONDS - started)) s: debootstrap"
    cp /etc/resolv.conf "$root/etc/resolv.conf"
    cp /etc/apt/apt.conf.d/*proxy* "$root/etc/apt/apt.conf.d/" 2>/dev/null || true
fi
mkdir -p "$root/nguon"
tar -C "$tree" --exclude=./build --exclude=./.git --exclude=./nguon-data -cf - . | tar -C "$root/nguon" -xf -

# Registries and certificates. A file that such a variable names goes along under its own name.
passed=(PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root)
while IFS='=' read -r -d '' name value; do
    case $name in
        NODE_EXTRA_CA_CERTS | SSL_CERT_FILE | *_CA_BUNDLE | PIP_* | [Nn][Pp][Mm]_[Cc][Oo][Nn][Ff][Ii][Gg]_* | *_proxy | *_PROXY) ;;
        *) continue ;;
    esac
    passed+=("$name=$value")
    if [ -f "$value" ]; then
        mkdir -p "$root$(dirname "$value")"
        cp -L "$value" "$root$value"
    fi
done < <(env -0)

mountpoint -q "$root/proc" || mount -t proc proc "$root/proc"
trap 'umount "$root/proc" || umount -l "$root/proc"' EXIT
code=0
for command in "${commands[@]}"; do
    echo "== $command"
    result=ok
    TIMEFORMAT="%R s (CPU: %U s user, %S s system): $command" # on a busy machine the CPU says more
    time env -i "${passed[@]}" chroot "$root" sh -c "cd /nguon && $command" </dev/null || result="failed ($?)"
    echo "$result"
    [ "$result" = ok ] || code=1
done
exit $code
