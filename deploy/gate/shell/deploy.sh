#!/bin/sh
# A deployment by hand or by cron that obeys the gate:
#   SP_NO=202611240001 CHANGEGATE_SERVER=https://changegate.example.com \
#   CHANGEGATE_TOKEN_FILE=/etc/changegate/token \
#   IMAGE=harbor.example.com/quote/gateway:v3 DEPLOY_COMMAND='./deploy.sh "$IMAGE"' sh deploy.sh
set -eu
exec changegate-gate.sh run "${SP_NO:?企业微信审批单号}" --image "${IMAGE:?要上线的镜像}" --actor "$(id -un)" -- \
    sh -ec "${DEPLOY_COMMAND:?部署命令}"
