#!/bin/sh
# Runs end-to-end scenarios: --scenario=NAME, or --matrix; --goal=G-n and --platform=NAME narrow them.
here=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd) || exit 3
verb=run
for argument in "$@"; do
  shift
  case $argument in
    --matrix) verb=matrix ;;
    *) set -- "$@" "$argument" ;;
  esac
done
exec "${INFRABUILDER:-infrabuilder}" e2e "$verb" --cwd "$here" "$@"
