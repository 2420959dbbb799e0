# shellcheck shell=bash
# What the scripts share: where we are, and installing what is missing from Debian's packages.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '\n== %s\n' "$*"; }

# need PACKAGE...: installs those that are not there yet.
need() {
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    say "installing ${missing[*]}"
    local as=()
    [ "$(id -u)" -eq 0 ] || as=(sudo)
    "${as[@]}" apt-get update -qq
    DEBIAN_FRONTEND=noninteractive "${as[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

need_c() {
    need build-essential cmake ninja-build pkg-config libcivetweb-dev libsqlite3-dev libcjson-dev libsodium-dev libutf8proc-dev \
        libwslay-dev nettle-dev libgpiod-dev libpango1.0-dev libcairo2-dev libqrencode-dev libfontconfig-dev libcups2-dev libcmocka-dev
}

# The fonts of tickets, in any script: without them a ticket has boxes where its letters should be.
need_fonts() {
    need fonts-noto-core fonts-wqy-microhei fonts-symbola
}

# What the stories of paper need: a real print service, and somebody who reads.
need_paper() {
    local languages=(fra pol rus ell hin ben tam tha ara heb chi-sim jpn kor)
    need cups cups-client cups-ipp-utils avahi-daemon dbus-daemon poppler-utils socat tesseract-ocr \
        "${languages[@]/#/tesseract-ocr-}"
}

need_node() {
    command -v node >/dev/null && command -v npm >/dev/null || need nodejs npm
}
