#!/bin/sh
# The script of a Zadig 通用任务 that deploys, for workflows outside of a release plan. Variables of the task:
# SP_NO, IMAGE, CHANGEGATE_SERVER, CHANGEGATE_TOKEN (sensitive), DEPLOY_COMMAND. The release plan's own external check
# needs no script: see README.md.
set -eu
changegate-gate.sh run "$SP_NO" --image "$IMAGE" --wait 300 -- sh -ec "$DEPLOY_COMMAND"
