#!/bin/sh
# Runs the agent against real receivers on loopback and judges what they
# stored. Prints one line a check: "ok ..." or "FAIL ...".
set -eu

usage() {
	cat <<'EOF'
usage: run_integration.sh [--scenario=NAME]

  dualwrite              raw ticks and sketches are both stored, and agree
  nrdb_write             metrics are stored, survive a restart, and answer queries
  query_router_fallback  without a sketch sink, raw ticks are stored and answer queries

Without --scenario all three run.
EOF
}

fail() {
	printf 'run_integration.sh: %s\n' "$1" >&2
	exit "$2"
}

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
scenarios='dualwrite nrdb_write query_router_fallback'

while [ $# -gt 0 ]; do
	case "$1" in
	-h | --help)
		usage
		exit 0
		;;
	--scenario=*) scenarios=${1#*=} ;;
	--scenario)
		[ $# -ge 2 ] || fail '--scenario needs a name' 2
		scenarios=$2
		shift
		;;
	*)
		usage >&2
		fail "unknown option $1" 2
		;;
	esac
	shift
done
case "$scenarios" in
dualwrite | nrdb_write | query_router_fallback | 'dualwrite nrdb_write query_router_fallback') ;;
*)
	usage >&2
	fail "unknown scenario $scenarios" 2
	;;
esac
command -v go >/dev/null 2>&1 || fail "go is not on the PATH; install Go 1.22 or later from https://go.dev/dl/" 1

results="$here/results/integration"
bin="$here/results/bin"
receiver_pid=''
work=''

stop_receiver() {
	if [ -n "$receiver_pid" ]; then
		kill "$receiver_pid" 2>/dev/null || true
		wait "$receiver_pid" 2>/dev/null || true
		receiver_pid=''
	fi
}

cleanup() {
	code=$?
	trap - EXIT
	stop_receiver
	exit "$code"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# start_receiver STORE: sets receiver_pid and receiver_url.
start_receiver() {
	: >"$work/receiver.out"
	"$bin/receiver" --store "$1" >"$work/receiver.out" 2>>"$work/receiver.err" &
	receiver_pid=$!
	tries=0
	while ! grep -q '^listening ' "$work/receiver.out"; do
		tries=$((tries + 1))
		if [ "$tries" -gt 100 ] || ! kill -0 "$receiver_pid" 2>/dev/null; then
			cat "$work/receiver.err" >&2
			fail 'the receiver did not start' 1
		fi
		sleep 0.1
	done
	receiver_url="http://$(sed -n 's/^listening //p' "$work/receiver.out")"
}

# replay CONFIG: takes the corpus through the agent.
replay() {
	printf '%s\n' "$1" >"$work/config.json"
	"$bin/agent" replay --corpus "$corpus" --out "$work/replay" --config "$work/config.json" \
		--otlp "$receiver_url" 2>"$work/agent.log" || {
		cat "$work/agent.log" >&2
		fail 'the agent failed' 1
	}
}

run_scenario() {
	work="$results/$1"
	rm -rf "$work"
	mkdir -p "$work"
	case "$1" in
	dualwrite)
		start_receiver "$work/store"
		replay '{"run_id": "dualwrite", "dual_write_enable": true}'
		;;
	nrdb_write)
		start_receiver "$work/store"
		replay '{"run_id": "nrdb_write"}'
		stop_receiver
		start_receiver "$work/store"
		;;
	query_router_fallback)
		start_receiver "$work/sink"
		sink_url=$receiver_url
		stop_receiver # nothing listens on the sink's port from here on
		start_receiver "$work/store"
		replay "{\"run_id\": \"query_router_fallback\", \"retry_initial_seconds\": 0.05, \"otlp_endpoint\": \"$receiver_url\", \"sketch_endpoint\": \"$sink_url\"}"
		;;
	esac
	"$bin/check" --scenario "$1" --corpus "$corpus" --store "$work/store" \
		--receiver "$receiver_url" --log "$work/agent.log" || failed=1
	stop_receiver
}

mkdir -p "$results" "$bin"
(cd "$here" && go build -o "$bin/" ./cmd/corpusgen ./cmd/receiver ./cmd/check)
(cd "$here/../infrastructure-agent" && go build -o "$bin/agent" ./cmd/agent)
corpus="$results/corpus.jsonl"
"$bin/corpusgen" --out "$corpus"

failed=0
for scenario in $scenarios; do
	run_scenario "$scenario"
done
exit "$failed"
