# shellcheck shell=bash
# `./dev test` and `./dev lint`: every check runs, whatever the one before said; any failure fails the whole.

failed=()

# check WHAT COMMAND…
check() {
  local what=$1
  shift
  step "$what"
  if ! "$@" </dev/null; then
    failed+=("$what")
  fi
}

report() {
  if [[ ${#failed[@]} -gt 0 ]]; then
    printf '\nFAILED: %s\n' "${failed[@]}" >&2
    exit 1
  fi
  printf '\nall passed\n'
}

run_tests() {
  need_build_tools
  need_nextest
  need_test_desktop
  need_npm_packages
  step "building"
  # The binaries first: tests start the real hub and the real agent.
  cargo build --workspace </dev/null
  check "Rust tests" cargo nextest run --workspace --no-fail-fast
  if has_doc_tests; then
    check "examples in the documentation" cargo test --workspace --doc --quiet
  fi
  check "panel: types" npm --prefix admin-web run --silent check
  check "panel: unit tests" npm --prefix admin-web test --silent
  check "dialects with the tools' own clients" conformance
  check "panel in Chromium" with_hub npm --prefix admin-web run --silent e2e
  report
}

conformance() {
  need_tools_of_others
  with_hub .run/conformance/venv/bin/python tools/conformance/check.py
}

has_doc_tests() { git grep -qE '^ *//[/!] ```' -- '*.rs'; }

lint() {
  need_build_tools
  need_npm_packages
  check "format" cargo fmt --all --check
  check "clippy" cargo clippy --workspace --all-targets --quiet -- -D warnings
  check "panel: types" npm --prefix admin-web run --silent check
  check "openapi.json is what the hub says" openapi_is_current
  check "no file over 500 lines" no_long_files
  lint_if_installed
  report
}

# Slow or rarely installed: said when skipped, never installed unasked.
lint_if_installed() {
  if cargo deny --version >/dev/null 2>&1; then
    check "licences, banned crates, sources" cargo deny --log-level error check licenses bans sources
    if cargo deny --log-level off fetch db 2>/dev/null; then
      check "known vulnerabilities" cargo deny --log-level error check advisories
    else
      say "skipped: the database of known vulnerabilities cannot be reached"
    fi
  else
    say "skipped: cargo-deny is not installed (cargo install --locked cargo-deny)"
  fi
  if command -v shellcheck >/dev/null; then
    check "shell scripts" shellcheck --external-sources dev .ci/run tools/dev/*.sh
  else
    say "skipped: shellcheck is not installed (apt-get install shellcheck)"
  fi
}

openapi_is_current() {
  cargo build --quiet -p pregon-hub && target/debug/pregon-hub openapi | diff --unified=1 hub/openapi.json -
}

no_long_files() {
  local long
  long=$(git ls-files '*.rs' '*.ts' '*.tsx' '*.mjs' '*.css' '*.sh' dev | grep -v 'schema\.d\.ts$' \
    | xargs wc -l | awk '$2 != "total" && $1 > 500 { print }')
  [[ -z $long ]] || { printf '%s\n' "$long" && return 1; }
}
