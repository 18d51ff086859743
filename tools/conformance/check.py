"""The hub, spoken to by the tools' own clients: Apprise, Alertmanager and amtool. Prints a line for each check.

Needs a running hub (E2E_URL, E2E_DATA, E2E_HUB), the package apprise, Debian's prometheus-alertmanager, and promtool.
"""

import datetime
import json
import os
import pathlib
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request

URL, DATA, HUB = os.environ["E2E_URL"], pathlib.Path(os.environ["E2E_DATA"]), os.environ["E2E_HUB"]
CA = str(DATA / "tls" / "ca.pem")
# What Apprise (requests) and amtool (Go) take for the authorities they believe.
os.environ.update(REQUESTS_CA_BUNDLE=CA, SSL_CERT_FILE=CA)
PLACE = URL.removeprefix("https://")
PATIENCE_S = 30

failed = []


def check(what, holds, seen=""):
    print(("ok    " if holds else "FAILED"), what, "" if holds else f"— {seen}", flush=True)
    if not holds:
        failed.append(what)


def hub(*command):
    answer = subprocess.run([HUB, *command, "--data", str(DATA), "--json"], capture_output=True, text=True, check=True, timeout=PATIENCE_S)
    return json.loads(answer.stdout)


def token(scope, name):
    return hub("token", "create", "--name", name, "--scope", scope)["token"]


class Api:
    """The hub's own interface, to look at what came of a report."""

    def __init__(self):
        self.context = ssl.create_default_context(cafile=CA)
        self.token = None
        self.token = self.ask("/api/admin/login", {"username": "admin", "password": os.environ["E2E_PASSWORD"]})["token"]

    def ask(self, path, body=None):
        request = urllib.request.Request(URL + path, data=None if body is None else json.dumps(body).encode())
        request.add_header("Content-Type", "application/json")
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        with urllib.request.urlopen(request, context=self.context, timeout=PATIENCE_S) as answer:
            return json.load(answer)

    def last(self, count=1):
        return self.ask(f"/api/events?limit={count}")["events"]

    def until(self, holds):
        """Waits for an event for which this holds."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            for event in self.last(20):
                if holds(event):
                    return event
            time.sleep(0.2)
        return None


def expect(api, what, channel, severity, message):
    event = api.last()[0]
    seen = (event["channel"], event["severity"], event["message"])
    check(what, seen == (channel, severity, message), seen)


def apprise_clients(api):
    import apprise

    events, ntfy, gotify = token("events", "apprise"), token("ntfy", "apprise ntfy"), token("gotify", "apprise gotify")
    table = [
        (f"ntfys://{PLACE}/backups?auth=token&token={ntfy}", "ntfy", {"info": "info", "warning": "warning", "failure": "error"}),
        (f"ntfys://anybody:{ntfy}@{PLACE}/backups?priority=max", "ntfy", {"info": "critical"}),
        (f"gotifys://{PLACE}/{gotify}?priority=high", "gotify", {"info": "error"}),
        (f"gotifys://{PLACE}/{gotify}?priority=emergency", "gotify", {"info": "critical"}),
        (f"jsons://anybody:{events}@{PLACE}/hooks/apprise", "apprise", {"info": "info", "warning": "warning", "failure": "error"}),
        (f"apprises://{PLACE}/{events}", "apprise", {"success": "info", "failure": "error"}),
    ]
    for address, channel, kinds in table:
        tool = address.split("/")[0]
        for kind, severity in kinds.items():
            sender = apprise.Apprise()
            sender.add(address)
            title, body = f"Copia {kind}", "Ñandú — 11 °C"
            check(f"Apprise {tool} {kind}: accepted", bool(sender.notify(title=title, body=body, notify_type=kind)))
            expect(api, f"Apprise {tool} {kind}: recorded", channel, severity, f"{title}: {body}")
    attached(api, ntfy)
    wrong = apprise.Apprise()
    wrong.add(f"gotifys://{PLACE}/AAAAAAAAAAAAAAA")
    check("Apprise gotifys with a wrong token: refused", not wrong.notify(body="x"))


def attached(api, ntfy):
    import apprise

    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "plan.txt"
        file.write_text("not kept")
        sender = apprise.Apprise()
        sender.add(f"ntfys://{PLACE}/backups?auth=token&token={ntfy}")
        check("Apprise ntfys with a file: accepted", bool(sender.notify(title="Plan", body="read it", attach=str(file))))
        check("Apprise ntfys with a file: recorded", api.until(lambda event: "read it" in event["message"]) is not None)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


ALERTMANAGER = """
route: {{ receiver: pregon, group_wait: 0s, group_interval: 1s, repeat_interval: 1h, group_by: [alertname] }}
receivers:
- name: pregon
  webhook_configs:
  - url: {url}/hooks/alertmanager
    send_resolved: true
    http_config:
      tls_config: {{ ca_file: {ca} }}
      authorization: {{ credentials: {token} }}
"""


def alertmanager(api):
    """A real Alertmanager that notifies the hub; amtool gives it the alert."""
    secret = token("events", "alertmanager")
    with tempfile.TemporaryDirectory() as folder:
        config = pathlib.Path(folder) / "alertmanager.yml"
        config.write_text(ALERTMANAGER.format(url=URL, ca=CA, token=secret))
        port = free_port()
        place = f"http://127.0.0.1:{port}"
        command = ["prometheus-alertmanager", f"--config.file={config}", f"--storage.path={folder}/data", "--cluster.listen-address=",
                   f"--web.listen-address=127.0.0.1:{port}", "--log.level=error"]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_for(port)
            amtool = ["amtool", f"--alertmanager.url={place}", "alert", "add", "alertname=FridgeWarm", "severity=critical",
                      "--annotation=summary=The fridge is warm"]
            subprocess.run(amtool, check=True, timeout=PATIENCE_S, stdout=subprocess.DEVNULL)
            fired = api.until(lambda event: event["channel"] == "alertmanager" and event["severity"] == "critical")
            check("Alertmanager webhook: firing is recorded", fired is not None and fired["message"] == "The fridge is warm", fired)
            over = subprocess.run([*amtool, "--end=" + moment(-1)], timeout=PATIENCE_S, stdout=subprocess.DEVNULL)
            gone = api.until(lambda event: '"resolved"' in json.dumps(event["raw_payload"]) and event["channel"] == "alertmanager")
            check("Alertmanager webhook: resolved is recorded", over.returncode == 0 and gone is not None, gone)
        finally:
            server.terminate()
            server.wait(PATIENCE_S)


def wait_for(port):
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    sys.exit(f"nothing listens on port {port}")


def moment(minutes):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


def amtool(api):
    """amtool speaks to the hub itself, as to an Alertmanager."""
    secret = token("events", "amtool")
    with tempfile.TemporaryDirectory() as folder:
        config = pathlib.Path(folder) / "http.yml"
        config.write_text(f"authorization: {{ credentials: {secret} }}\n")

        def run(*command):
            tool = ["amtool", f"--alertmanager.url={URL}", f"--http.config.file={config}", "-o", "json", *command]
            return subprocess.run(tool, capture_output=True, text=True, timeout=PATIENCE_S)

        added = run("alert", "add", "alertname=DiskFull", "severity=critical", "site=sol", "--annotation=summary=The disk is full")
        check("amtool alert add: accepted", added.returncode == 0, added.stderr)
        expect(api, "amtool alert add: recorded", "alertmanager", "critical", "The disk is full")
        listed = run("alert", "query", "alertname=DiskFull")
        alerts = json.loads(listed.stdout or "[]")
        check("amtool alert query: finds it", [alert["labels"]["site"] for alert in alerts] == ["sol"], listed.stderr or alerts)
        other = run("alert", "query", "alertname=~Mem.*")
        check("amtool alert query: leaves others out", json.loads(other.stdout or "[]") == [], other.stdout)
        ended = run("alert", "add", "alertname=DiskFull", "severity=critical", "site=sol", "--end=" + moment(-1))
        check("amtool alert add with an end: accepted", ended.returncode == 0, ended.stderr)
        over = json.loads(run("alert", "query", "alertname=DiskFull").stdout or "[]")
        check("amtool alert query: it is over", over == [], over)


def silences(api):
    """amtool silences what a sender reports, and ends the silence again."""
    secret, sender = token("alerts", "amtool silences"), token("events", "prometheus")
    with tempfile.TemporaryDirectory() as folder:
        def run(secret, *command):
            config = pathlib.Path(folder) / "http.yml"
            config.write_text(f"authorization: {{ credentials: {secret} }}\n")
            tool = ["amtool", f"--alertmanager.url={URL}", f"--http.config.file={config}", "-o", "json", *command]
            return subprocess.run(tool, capture_output=True, text=True, timeout=PATIENCE_S)

        alert = ("alert", "add", "alertname=PumpStopped", "severity=error", "--annotation=summary=The pump stands")
        added = run(secret, "silence", "add", "alertname=~Pump.*", "--comment=new pump", "--duration=1h", "--author=ana")
        identity = added.stdout.strip().strip('"')
        check("amtool silence add: accepted", added.returncode == 0 and len(identity) == 36, added.stderr or added.stdout)
        found = json.loads(run(secret, "silence", "query", "alertname=~Pump.*").stdout or "[]")
        check("amtool silence query: finds it", [one["comment"] for one in found] == ["new pump"], found)
        check("amtool alert add while it is silenced: accepted", run(sender, *alert).returncode == 0)
        event = api.last()[0]
        check("amtool alert add while it is silenced: recorded as silenced", event.get("silenced_by") is not None, event)
        quiet = json.loads(run(secret, "alert", "query", "alertname=PumpStopped").stdout or "[]")
        check("amtool alert query: leaves out what is silenced", quiet == [], quiet)
        held = json.loads(run(secret, "alert", "query", "--silenced", "alertname=PumpStopped").stdout or "[]")
        check("amtool alert query --silenced: finds it", [one["status"]["silencedBy"] for one in held] == [[identity]], held)
        longer = run(secret, "silence", "update", identity, "--duration=2h")
        check("amtool silence update: accepted", longer.returncode == 0, longer.stderr)
        found = json.loads(run(secret, "silence", "query", "alertname=~Pump.*").stdout or "[]")
        ended = run(secret, "silence", "expire", *[one["id"] for one in found])
        check("amtool silence expire: accepted", len(found) == 1 and ended.returncode == 0, ended.stderr or found)
        left = json.loads(run(secret, "silence", "query", "alertname=~Pump.*").stdout or "[]")
        check("amtool silence query: it is over", left == [], left)
        run(sender, *alert)
        event = api.last()[0]
        check("the alert that still stands is told then", event.get("silenced_by") is None and event["message"] == "The pump stands", event)


DOCUMENT = pathlib.Path(__file__).parents[2] / "docs" / "operations.md"


def prometheus():
    """promtool reads the metrics, and what docs/operations.md tells people to put into their Prometheus."""
    request = urllib.request.Request(URL + "/metrics")
    request.add_header("Authorization", "Bearer " + token("metrics", "promtool"))
    with urllib.request.urlopen(request, context=ssl.create_default_context(cafile=CA), timeout=PATIENCE_S) as answer:
        figures = answer.read()
    read = subprocess.run(["promtool", "check", "metrics"], input=figures, capture_output=True, timeout=PATIENCE_S)
    # 3 is a matter of style: 1 is what cannot be read.
    check("promtool check metrics: can be read", read.returncode in (0, 3) and b"error while" not in read.stderr, read.stderr)
    blocks = [block.split("```")[0] for block in DOCUMENT.read_text().split("```yaml\n")[1:]]
    with tempfile.TemporaryDirectory() as folder:
        for kind, first in (("rules", "groups:"), ("config", "scrape_configs:")):
            text = next(block for block in blocks if block.startswith(first))
            file = pathlib.Path(folder) / f"{kind}.yml"
            file.write_text(text)
            # The files that the config names are on another machine.
            how = ["--syntax-only"] if kind == "config" else []
            told = subprocess.run(["promtool", "check", kind, *how, str(file)], capture_output=True, text=True, timeout=PATIENCE_S)
            check(f"promtool check {kind}: as docs/operations.md has it", told.returncode == 0, told.stdout + told.stderr)


if __name__ == "__main__":
    interface = Api()
    apprise_clients(interface)
    alertmanager(interface)
    amtool(interface)
    silences(interface)
    prometheus()
    sys.exit(1 if failed else 0)
