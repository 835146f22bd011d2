#!/bin/sh
# Validates one goal: validate_goal.sh G-2
case ${1-} in
  '' | -*)
    echo "usage: $0 GOAL [options of infrabuilder verify]   for example: $0 G-2" >&2
    exit 2
    ;;
esac
here=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd) || exit 3
goal=$1
shift
exec "${INFRABUILDER:-infrabuilder}" verify --cwd "$here" --goal "$goal" "$@"
