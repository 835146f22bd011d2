#!/bin/sh
# Milestone M4: what the agent exports over OTLP arrives whole and in order.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
exec "$here/run_integration.sh" --scenario=dualwrite
