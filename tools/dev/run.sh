# shellcheck shell=bash
# `./dev run`: hub, agent and panel on this machine, with demo data on the first run.

tray_pid=
demo_user=demo
demo_client="Demo branch"

run() {
  need_build_tools
  lock_run
  step "building (the first time takes some minutes)"
  cargo build --workspace
  trap stop_all EXIT
  trap 'exit 0' INT TERM
  start_demo_hub
  if [[ -e .run/hub/.demo ]]; then
    start_agent
  else
    create_demo_identities
    start_agent
    send_demo_alerts
    touch .run/hub/.demo
  fi
  print_summary
  keep_running
}

# Held until the hub has ended, too: it inherits the lock.
lock_run() {
  mkdir -p .run
  exec 9>.run/lock
  flock --nonblock 9 || die "./dev run is running already in this folder"
}

start_demo_hub() {
  local https events events_tls
  https=$(free_port 8443)
  events=$(free_port 5090)
  events_tls=$(free_port $((events + 1)))
  [[ $https == 8443 ]] || say "port 8443 is taken, the panel gets $https"
  [[ $events == 5090 ]] || say "port 5090 is taken, sensors get $events"
  export PREGON_HTTPS_LISTEN=${PREGON_HTTPS_LISTEN:-127.0.0.1:$https}
  export PREGON_EVENTS_LISTEN=${PREGON_EVENTS_LISTEN:-127.0.0.1:$events}
  export PREGON_EVENTS_TLS_LISTEN=${PREGON_EVENTS_TLS_LISTEN:-127.0.0.1:$events_tls}
  [[ -s .run/passwords ]] || make_passwords
  # shellcheck source=/dev/null
  source .run/passwords
  step "starting the hub (data in .run/hub, its output in .run/hub.log)"
  start_hub .run/hub "${admin_password:?}"
}

# Passwords of this demo only: made once, readable by their owner alone.
make_passwords() {
  (
    umask 077
    printf 'admin_password=%s\ndemo_password=%s\n' "$(random_password)" "$(random_password)" >.run/passwords
  )
}

create_demo_identities() {
  step "creating the technician $demo_user and enrolling the agent \"$demo_client\""
  hub user add "$demo_user" --role technician --password-stdin <<<"${demo_password:?}"
  # What an agent of an earlier hub left has a key that this one does not know.
  rm -rf .run/agent
  local code
  hub client enrol --name "$demo_client" --json >.run/code.json
  code=$(json_text .run/code.json code)
  rm .run/code.json
  target/debug/pregon-tray enrol --hub "$(agent_address)" --name "$demo_client" --code "$code" \
    --ca .run/hub/tls/ca.pem --data .run/agent
}

# An agent on this machine reaches the hub on loopback, whatever the hub listens on.
agent_address() { printf '127.0.0.1:%s\n' "$(hub_address | sed 's/.*://')"; }

start_agent() {
  agent_address >.run/agent/ip.txt
  if [[ -n ${DISPLAY:-}${WAYLAND_DISPLAY:-} ]]; then
    need_window_libraries
    step "starting the agent with its tray icon (output in .run/agent.log)"
    setsid target/debug/pregon-tray --data .run/agent >.run/agent.log 2>&1 </dev/null &
  else
    step "starting the agent headless: there is no display. Alerts follow here as JSON lines"
    start_headless_agent
  fi
  tray_pid=$!
}

# Receipts are read from the pipe .run/agent.in; held open so that the agent never sees its end.
start_headless_agent() {
  rm -f .run/agent.in
  mkfifo -m 600 .run/agent.in
  exec 5<>.run/agent.in
  setsid target/debug/pregon-tray --data .run/agent --headless <&5 2>.run/agent.log &
}

send_demo_alerts() {
  step "sending a critical sensor line and an alert"
  send_line '{"source":"demo-sensor","severity":"critical","message":"Demo: the cold store is at 11 °C","id":"demo-1"}'
  hub send --all --severity info --title "Welcome" "Demo: this alert came from ./dev run"
}

print_summary() {
  local address
  address=$(hub_address)
  step "Pregón is up"
  cat <<TEXT
   panel       https://${address/#0.0.0.0/127.0.0.1}/
   technician  $demo_user / ${demo_password:?}
   admin       admin / ${admin_password:?}   (/admin)
   sensors     $(json_text .run/hub/ready.json events), try:
               echo '{"source":"me","severity":"critical","message":"hello"}' | nc -N ${PREGON_EVENTS_LISTEN/:/ }
   certificate the hub made its own CA. Click through the browser's warning, or trust .run/hub/tls/ca.pem
               (Firefox: Settings > Certificates > Authorities > Import; Chromium: Settings > Security > Manage certificates)
   Ctrl+C stops it.
TEXT
}

keep_running() {
  wait -n -p ended "$hub_pid" "$tray_pid" && true
  local status=$?
  if [[ ${ended:-} == "$tray_pid" ]]; then
    tail -n 5 .run/agent.log >&2
    say "the agent ended ($status); the hub runs on until Ctrl+C"
    tray_pid=
    wait "$hub_pid" && true
    status=$?
  fi
  tail -n 10 .run/hub.log >&2
  hub_pid=
  die "the hub ended ($status)"
}

stop_all() {
  trap - EXIT
  step "stopping"
  stop "$tray_pid"
  stop "$hub_pid"
}
