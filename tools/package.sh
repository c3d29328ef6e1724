#!/usr/bin/env bash
# package.sh [--version V]: builds the product and makes build/package/nguon_V_ARCH.deb; prints its path. Without
# --version: that of CMakeLists.txt. In the package: /usr/bin/nguon, the program and libduckdb.so beside it in
# /usr/lib/nguon, the units of deploy/systemd, /etc/default/nguon and the rule for logrotate as conffiles, packs, docs.
# What it depends on is worked out from the program by dpkg-shlibdeps. The same tree gives the same bytes.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
version=$(sed -nE 's/^project\(nguon VERSION ([0-9.]+).*/\1/p' CMakeLists.txt)
if [ "${1:-}" = --version ]; then
    version=${2:?a version is missing}
fi
[[ $version =~ ^[0-9][A-Za-z0-9.+~]*$ ]] || { echo "package: '$version' is no version" >&2; exit 2; }
build=$NGUON_BUILD
out=$build/package
stage=$out/stage
architecture=$(dpkg --print-architecture)
rm -rf "$out"
mkdir -p "$stage/DEBIAN"

put() { # MODE FILE TO
    install -D -m "$1" "$2" "$stage/$3"
}

DESTDIR=$stage cmake --install "$build" --prefix /usr --strip >"$out/install.log" 2>&1 || {
    cat "$out/install.log" >&2
    exit 6
}
mkdir -p "$stage/usr/bin"
ln -s ../lib/nguon/nguon "$stage/usr/bin/nguon"
chmod 0644 "$stage/usr/lib/nguon/libduckdb.so"
for unit in deploy/systemd/*; do
    put 0644 "$unit" "lib/systemd/system/${unit##*/}"
done
put 0644 deploy/debian/nguon.default etc/default/nguon
put 0644 deploy/debian/nguon.logrotate etc/logrotate.d/nguon
put 0644 deploy/debian/copyright usr/share/doc/nguon/copyright
put 0644 README.md usr/share/doc/nguon/README.md
gzip -9n <CHANGELOG.md >"$out/changelog.gz"
put 0644 "$out/changelog.gz" usr/share/doc/nguon/changelog.gz
for file in docs/operate/*.md docs/reference/*.md docs/concepts/*.md; do
    put 0644 "$file" "usr/share/doc/nguon/${file#docs/}"
done
for file in deploy/grafana/nguon.json deploy/prometheus/*.yaml; do
    put 0644 "$file" "usr/share/nguon/${file#deploy/}"
done
mkdir -p "$stage/usr/share/nguon"
cp -r packs "$stage/usr/share/nguon/packs"
find "$stage/usr/share" -type d -exec chmod 0755 {} + -o -type f -exec chmod 0644 {} +

# dpkg-shlibdeps wants a source package's control file to run at all.
mkdir -p "$out/debian"
printf 'Source: nguon\n\nPackage: nguon\nArchitecture: any\nDepends:\nDescription: -\n' >"$out/debian/control"
depends=$(cd "$out" && dpkg-shlibdeps -O --ignore-missing-info -lstage/usr/lib/nguon \
    stage/usr/lib/nguon/nguon stage/usr/lib/nguon/libduckdb.so 2>"$out/shlibdeps.log" |
    sed -n 's/^shlibs:Depends=//p')
[ -n "$depends" ] || { cat "$out/shlibdeps.log" >&2; exit 6; }

for script in postinst prerm postrm; do
    put 0755 "deploy/debian/$script" "DEBIAN/$script"
done
printf '/etc/default/nguon\n/etc/logrotate.d/nguon\n' >"$stage/DEBIAN/conffiles"
size=$(du -k --apparent-size -s "$stage" | cut -f1)
sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$architecture/" -e "s/@DEPENDS@/$depends/" -e "s/@SIZE@/$size/" \
    deploy/debian/control >"$stage/DEBIAN/control"
(cd "$stage" && find . -path ./DEBIAN -prune -o -type f -printf '%P\0' | LC_ALL=C sort -z | xargs -0 md5sum) \
    >"$stage/DEBIAN/md5sums"
chmod 0644 "$stage"/DEBIAN/{control,conffiles,md5sums}

# One moment for every file: that of the newest change described.
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y CHANGELOG.md)}
package=$out/nguon_${version}_$architecture.deb
dpkg-deb --root-owner-group -Zxz -z2 --build "$stage" "$package" >"$out/dpkg-deb.log" 2>&1 || {
    cat "$out/dpkg-deb.log" >&2
    exit 6
}
rm -rf "$stage" "$out/debian"
cp deploy/Containerfile "$out/"
echo "$package"
