#!/bin/sh
# Replays a seeded corpus through the agent. Raw output: results/replay/.
set -eu

usage() {
	cat <<'EOF'
usage: run_replay.sh [--profile NAME] [--seed N] [--processes N] [--ticks N] [--out DIR]

  --profile    standard (default), high_pid_churn or edges
  --seed       seed of the corpus, default 42
  --processes  live processes at each tick, default 500
  --ticks      number of ticks, default 240
  --out        folder for the raw output, default results/replay
EOF
}

fail() {
	printf 'run_replay.sh: %s\n' "$1" >&2
	exit "$2"
}

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
agent_source="$here/../infrastructure-agent"
results="$here/results"
profile=standard
seed=42
processes=500
ticks=240
out="$results/replay"

while [ $# -gt 0 ]; do
	option=$1
	case "$option" in
	-h | --help)
		usage
		exit 0
		;;
	--*=*)
		value=${option#*=}
		option=${option%%=*}
		;;
	*)
		[ $# -ge 2 ] || {
			usage >&2
			fail "$option needs a value, or is unknown" 2
		}
		value=$2
		shift
		;;
	esac
	shift
	case "$option" in
	--profile) profile=$value ;;
	--seed) seed=$value ;;
	--processes) processes=$value ;;
	--ticks) ticks=$value ;;
	--out) out=$value ;;
	*)
		usage >&2
		fail "unknown option $option" 2
		;;
	esac
done

command -v go >/dev/null 2>&1 || fail "go is not on the PATH; install Go 1.22 or later from https://go.dev/dl/" 1
case "$out" in
/*) ;;
*) out="$(pwd)/$out" ;;
esac

mkdir -p "$results/bin"
corpus="$results/corpus.jsonl"
stamp="$results/corpus.params"

# The corpus is the truth that the agent is judged by: one that was changed since is not used.
generated() { printf '%s corpus=%s\n' "$params" "$(cksum <"$corpus")"; }

# The generator's own code is part of what a corpus depends on.
(cd "$here" && go build -o "$results/bin/corpusgen" ./cmd/corpusgen)
params="profile=$profile seed=$seed processes=$processes ticks=$ticks generator=$(cksum <"$results/bin/corpusgen")"
if [ ! -f "$corpus" ] || [ ! -f "$stamp" ] || [ "$(cat "$stamp")" != "$(generated)" ]; then
	rm -f "$stamp"
	printf 'corpus: generate %s, seed %s, %s processes, %s ticks\n' "$profile" "$seed" "$processes" "$ticks"
	"$results/bin/corpusgen" --profile "$profile" --seed "$seed" --processes "$processes" --ticks "$ticks" --out "$corpus"
	generated >"$stamp"
fi

(cd "$agent_source" && go build -o "$results/bin/agent" ./cmd/agent)
truth=$(generated)
"$results/bin/agent" replay --corpus "$corpus" --out "$out"
[ "$truth" = "$(generated)" ] || fail "the agent changed $corpus, which it must only read" 1
printf 'corpus: %s\noutput: %s\n' "$corpus" "$out"
