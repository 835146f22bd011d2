#!/bin/sh
# Verifies the goals of this workspace. Arguments go to "infrabuilder verify": --goal G-2, --task SLUG, --json.
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd) || exit 3
exec "${INFRABUILDER:-infrabuilder}" verify --cwd "$here" "$@"
