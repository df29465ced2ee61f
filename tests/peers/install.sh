#!/bin/sh
# Installs into .tools (ignored by git) and, as root on Debian, from its packages, what some tests compare
# with. Whatever cannot be had is named and left out: the tests that need it skip and say why. Most of the time is
# waiting for the network: registries are asked at once.
set -u
cd "$(dirname "$0")/../.." || exit 1

missing() { echo "not installed: $1; the tests that need it will skip" >&2; }

# Debian's packages for the commands that are not at hand, in one go, or one by one where one of them cannot be had.
debian() { # debian COMMAND:PACKAGE...
    wanted=
    for pair in "$@"; do command -v "${pair%%:*}" >/dev/null 2>&1 || wanted="$wanted ${pair#*:}"; done
    [ -n "$wanted" ] || return 0
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        apt-get update -qq
        # shellcheck disable=SC2086 # the names are words
        packages_of_debian $wanted && return 0
        for package in $wanted; do packages_of_debian "$package" || missing "$package"; done
    else
        for package in $wanted; do missing "$package"; done
    fi
}
packages_of_debian() {
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        -o Dpkg::Options::=--force-unsafe-io "$@" >/dev/null
}

# The server of Oxigraph, the validator of RO-Crate, and what writes bills of materials, each in an environment of its own.
environments() {
    for peer in oxigraph rocrate supply; do
        [ -x ".tools/$peer/bin/python" ] || "${PYTHON:-.venv/bin/python}" -m venv ".tools/$peer"
        ".tools/$peer/bin/python" -m pip install --quiet --disable-pip-version-check --no-compile \
            --requirement "tests/peers/$peer/requirements.txt" || missing "tests/peers/$peer/requirements.txt"
    done
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
debian chromium:chromium java:default-jre-headless mvn:maven nginx:nginx-light apache2:apache2-bin minisign:minisign \
    virtuoso-t:virtuoso-opensource-7-bin npm:npm
if command -v npm >/dev/null 2>&1; then
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
