#!/bin/sh
# Installs into .tools (ignored by git) and, as root on Debian, from its packages, what some tests compare
# with. Whatever cannot be had is named and left out: the tests that need it skip and say why. Most of the time is
# waiting for the network: registries are asked at once.
set -u
cd "$(dirname "$0")/../.." || exit 1

missing() { echo "not installed: $1; the tests that need it will skip" >&2; }

debian() { # debian COMMAND PACKAGE: have the command, from Debian's package where that is possible
    command -v "$1" >/dev/null 2>&1 && return 0
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        [ -n "${updated:-}" ] || { apt-get update -qq && updated=yes; }
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$2" >/dev/null && return 0
    fi
    missing "$2"
    return 1
}

# The server of Oxigraph, the validator of RO-Crate, and what writes bills of materials, each in an environment of its own.
environments() {
    for peer in oxigraph rocrate; do
        [ -x ".tools/$peer/bin/python" ] || "${PYTHON:-.venv/bin/python}" -m venv ".tools/$peer"
        ".tools/$peer/bin/python" -m pip install --quiet --disable-pip-version-check --no-compile \
            --requirement "tests/peers/$peer/requirements.txt" || missing "tests/peers/$peer/requirements.txt"
    done
    .venv/bin/python tests/supply/sbom.py || missing cyclonedx-bom
}

# CKAN in an environment of its own, and ckanext-dcat in the versions that portals run (the newest three; GovData's).
portals() {
    ckan=.tools/ckan
    packages() { "$ckan/venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-compile "$@"; }
    [ -x "$ckan/venv/bin/python" ] || "${PYTHON:-.venv/bin/python}" -m venv "$ckan/venv"
    if packages --requirement tests/peers/ckan/requirements.txt; then
        for version in 2.4.4 2.4.3 2.4.2 2.3.0; do
            [ -d "$ckan/dcat-$version" ] || packages --no-deps --target "$ckan/dcat-$version" "ckanext-dcat==$version" ||
                missing "ckanext-dcat $version"
        done
        # GovData's profile is on no package index
        [ -d "$ckan/dcatde-6.10.0" ] || packages --no-deps --target "$ckan/dcatde-6.10.0" \
            "git+https://github.com/GovDataOfficial/ckanext-dcatde@v6.10.0" || missing "ckanext-dcatde 6.10.0"
    else
        missing tests/peers/ckan/requirements.txt
    fi
}

environments &
portals &
debian chromium chromium
debian java default-jre-headless
debian mvn maven
debian nginx nginx-light
debian apache2 apache2-bin
debian minisign minisign
debian virtuoso-t virtuoso-opensource-7-bin
if debian npm npm; then
    for peer in csvw axe html sparql; do
        mkdir -p ".tools/$peer"
        cp "tests/peers/$peer/package.json" ".tools/$peer/"
        { npm install --prefix ".tools/$peer" --no-package-lock --no-audit --no-fund --silent >/dev/null ||
            missing "tests/peers/$peer/package.json"; } &
    done
    mkdir -p .tools/bundle
    cp bundle/package.json bundle/package-lock.json .tools/bundle/
    npm ci --prefix .tools/bundle --ignore-scripts --no-audit --no-fund --silent >/dev/null || missing "bundle/package.json"
fi
wait
