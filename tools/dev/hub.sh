# shellcheck shell=bash
# A hub of the development build: start it, wait for it, stop it, talk to it.

hub_pid=
hub_data=

port_is_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# The wanted port or the next one that is free.
free_port() {
  local port=$1
  while port_is_taken "$port"; do
    port=$((port + 1))
  done
  printf '%s' "$port"
}

# json_text FILE FIELD: a text field of a flat JSON object.
json_text() { sed -n "s/.*\"$2\": *\"\([^\"]*\)\".*/\1/p" "$1" | head -n 1; }

random_password() { head -c 15 /dev/urandom | base64 | tr '+/' 'xy'; }

# start_hub DATA PASSWORD: in the background, output in DATA.log; returns when it accepts connections.
start_hub() {
  hub_data=$1
  mkdir -p "$(dirname "$hub_data")"
  rm -f "$hub_data/ready.json"
  # A session of its own: Ctrl+C reaches this script alone, which stops the hub in order.
  PREGON_ADMIN_PASSWORD=$2 setsid target/debug/pregon-hub serve --data "$hub_data" >"$hub_data.log" 2>&1 </dev/null &
  hub_pid=$!
  local tries
  for ((tries = 0; tries < 300; tries++)); do
    if [[ -s $hub_data/ready.json ]]; then
      return
    fi
    kill -0 "$hub_pid" 2>/dev/null || break
    sleep 0.1
  done
  tail -n 20 "$hub_data.log" >&2
  die "the hub did not start; its output is above"
}

# hub COMMAND…: a subcommand of the hub on the running hub's data.
hub() { target/debug/pregon-hub "$@" --data "$hub_data"; }

hub_address() { json_text "$hub_data/ready.json" https; }

# send_line JSON: one sensor line; prints the hub's answer.
send_line() {
  local address answer
  address=$(json_text "$hub_data/ready.json" events)
  exec 4<>"/dev/tcp/${address%:*}/${address##*:}"
  printf '%s\n' "$1" >&4
  read -r -t 10 answer <&4 || answer="no answer"
  exec 4>&-
  printf '%s\n' "$answer"
}

# stop PID: SIGTERM, and wait until it is gone.
stop() {
  if [[ -n $1 ]] && kill -TERM "$1" 2>/dev/null; then
    wait "$1" 2>/dev/null || true
  fi
}

# with_hub COMMAND…: runs a command beside a throw-away hub, with what the panel's journeys ask for in its environment.
with_hub() (
  folder=$(mktemp -d)
  trap 'stop "$hub_pid"; rm -rf "$folder"' EXIT
  E2E_PASSWORD=$(random_password)
  export PREGON_HTTPS_LISTEN=127.0.0.1:0 PREGON_EVENTS_LISTEN=127.0.0.1:0 PREGON_EVENTS_TLS_LISTEN=127.0.0.1:0
  start_hub "$folder/hub" "$E2E_PASSWORD"
  E2E_URL=https://$(hub_address)
  E2E_EVENTS=$(json_text "$hub_data/ready.json" events)
  export E2E_PASSWORD E2E_URL E2E_EVENTS E2E_DATA=$hub_data E2E_PID=$hub_pid
  export E2E_HUB=$PWD/target/debug/pregon-hub E2E_TRAY=$PWD/target/debug/pregon-tray
  "$@"
)
