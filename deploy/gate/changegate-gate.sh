#!/bin/sh
# Asks changegate (变更闸) whether a change may be deployed now, and reports what was deployed.
#
#   changegate-gate.sh check SP_NO
#   changegate-gate.sh report SP_NO|- started|succeeded|failed|rolled_back --id ID [--image IMAGE]...
#   changegate-gate.sh run SP_NO [--id ID] [--image IMAGE]... -- COMMAND...
#
# `check` ends with 0 yes; 1 no, with the reasons on standard output; 3 not known; 2 no answer. Only 0 may deploy.
# `report` ends with 0 once the report is stored, else with 2. `-` in place of SP_NO: the job knows of no change.
# `run` does check, report and COMMAND in turn, and ends as COMMAND does; without a yes COMMAND is not run.
#
# Options, each also a variable of the environment:
#   --server URL        CHANGEGATE_SERVER        https only, or http on this machine
#   --token-file FILE   CHANGEGATE_TOKEN_FILE    or the token itself in CHANGEGATE_TOKEN; scope `gate`
#   --ca-file FILE      CHANGEGATE_CA_FILE       root certificates in PEM, in place of the system's
#   --wait SECONDS      CHANGEGATE_WAIT          ask again for so long while it is not known; default 0
#   --pause SECONDS     CHANGEGATE_PAUSE         between two tries; default 15 (check), 2, 4, 8 ... (report)
#   --environment NAME, --actor WHO, --note WORDS, --at RFC3339   for reports
#   CHANGEGATE_HTTP=yes                          http to other machines too: anybody on the way reads the token
#
# Needs a POSIX shell with awk, sed and tr, and curl. Proxies are those that curl finds in the environment.

set -eu
# A caller's `sh -x` must not write the token into a log.
set +x

# What a report is tried, in all.
TRIES=5

say() { printf '%s\n' "变更闸：$*" >&2; }

# No answer is no yes.
give_up() {
    say "$*"
    exit 2
}

usage() {
    sed -n '4,6s/^# *//p' "$0" >&2
    give_up "$*"
}

# A string as JSON has it. Control characters are left out.
json() { printf '"%s"' "$(printf '%s' "$1" | tr -d '\000-\037\177' | sed 's/[\\"]/\\&/g')"; }

# A value as a line of curl's configuration has it.
quoted() { printf '"%s"' "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')"; }

# Whether the answer's JSON holds this pair. Quotes inside of strings are escaped, so that no text can pass for it.
holds() {
    case $(printf '%s' "$1" | tr -d ' \t\r\n') in
    "{"*"$2"*"}") return 0 ;;
    *) return 1 ;;
    esac
}

# One line for each reason: rule, clause, and what is wrong and what to do.
reasons() {
    printf '%s\n' "$1" | awk '
        function text(name, from,    found) {
            if (!match(from, "\"" name "\":\"([^\"\\\\]|\\\\.)*\"")) return ""
            found = substr(from, RSTART + length(name) + 4, RLENGTH - length(name) - 5)
            gsub(/\\[nrt]/, " ", found)
            gsub(/\\"/, "\"", found)
            gsub(/\\\\/, "\\", found)
            return found
        }
        {
            rest = $0
            while (match(rest, /\{("[a-z_]+":("([^"\\]|\\.)*"|null),?)+\}/)) {
                reason = substr(rest, RSTART, RLENGTH)
                rest = substr(rest, RSTART + RLENGTH)
                if (text("message", reason) == "") continue
                rule = text("rule", reason)
                clause = text("clause", reason)
                line = "- " (rule == "" ? text("code", reason) : rule)
                if (clause != "") line = line "（" clause "）"
                print line "：" text("message", reason)
            }
        }'
}

find_server() {
    [ -n "$server" ] || usage "没有服务器地址：--server 或 CHANGEGATE_SERVER"
    case $server in
    *[!A-Za-z0-9:/._~%-]* | *\[*) usage "服务器地址里有不该有的字符" ;;
    https://?*) protocols='=https' ;;
    http://127.0.0.1 | http://127.0.0.1[:/]* | http://localhost | http://localhost[:/]*) protocols='=http' ;;
    http://?*)
        [ "${CHANGEGATE_HTTP:-}" = yes ] ||
            usage "服务器地址须为 https://；确需明文 http 的内网，设 CHANGEGATE_HTTP=yes"
        protocols='=http'
        ;;
    *) usage "服务器地址须以 https:// 开头" ;;
    esac
    server=${server%/}
}

find_token() {
    if [ -n "$token_file" ]; then
        [ -r "$token_file" ] || give_up "令牌文件读不了：$token_file"
        token=$(tr -d '\r\n' <"$token_file")
    else
        token=${CHANGEGATE_TOKEN:-}
    fi
    [ -n "$token" ] || give_up "没有令牌：--token-file、CHANGEGATE_TOKEN_FILE 或 CHANGEGATE_TOKEN（changegate token create --scope gate）"
    case $token in
    *[!A-Za-z0-9._~+/=-]*) give_up "令牌里有不该有的字符" ;;
    esac
}

# Asks PATH, with BODY as a POST. Sets `status` (000: no answer) and `body`. The token goes to curl by its standard
# input, where `ps` does not see it; `-q` keeps a .curlrc from following redirects or trusting anybody.
ask() {
    status=000
    body=
    answer=$(
        {
            printf 'url = %s\n' "$(quoted "$server/api/v1/$1")"
            printf 'header = %s\n' "$(quoted "Authorization: Bearer $token")"
            printf 'header = "Accept: application/json"\n'
            if [ -n "$ca_file" ]; then printf 'cacert = %s\n' "$(quoted "$ca_file")"; fi
            if [ $# -gt 1 ]; then
                printf 'header = "Content-Type: application/json"\n'
                printf 'data-binary = %s\n' "$(quoted "$2")"
            fi
        } | curl -q --config - --silent --show-error --proto "$protocols" --max-redirs 0 \
            --connect-timeout 5 --max-time "${CHANGEGATE_TIMEOUT:-15}" --max-filesize 1048576 \
            --write-out '\n%{http_code}'
    ) || return 0
    status=${answer##*
}
    body=${answer%
*}
}

# Whether another try may help: no answer, or a passing trouble of the server's.
passes() {
    case $status in
    000 | 408 | 429 | 5??) return 0 ;;
    *) return 1 ;;
    esac
}

in_words() {
    case $status in
    000) printf '没有回答' ;;
    401 | 403) printf '令牌不被接受（HTTP %s）' "$status" ;;
    *) printf '回答 HTTP %s %s' "$status" "$(printf '%s' "$body" | tr -d '\000-\037\177' | cut -c 1-300)" ;;
    esac
}

# One question. Returns what `check` ends with; `passing` says whether another try may help.
check_once() {
    passing=no
    ask "changes/$sp_no/gate"
    if [ "$status" != 200 ]; then
        if passes; then passing=yes; fi
        say "没有得到答复，请勿部署：$(in_words)"
        return 2
    fi
    if holds "$body" '"allowed":true' && holds "$body" '"decision":"allowed"'; then
        printf '允许发布：%s\n' "$sp_no"
        return 0
    fi
    if holds "$body" '"allowed":false' && holds "$body" '"decision":"denied"'; then
        printf '不允许发布：%s\n' "$sp_no"
        reasons "$body"
        return 1
    fi
    if holds "$body" '"allowed":false' && holds "$body" '"decision":"unknown"'; then
        passing=yes
        printf '暂不能确认可否发布，不得发布：%s\n' "$sp_no"
        reasons "$body"
        return 3
    fi
    say "看不懂答复，请勿部署"
    return 2
}

check() {
    waited=0
    while :; do
        said=0
        check_once || said=$?
        if [ "$passing" = no ] || [ "$waited" -ge "$wait" ]; then return "$said"; fi
        left=$((wait - waited))
        nap=${pause:-15}
        if [ "$nap" -gt "$left" ]; then nap=$left; fi
        if [ "$nap" -lt 1 ]; then nap=1; fi
        say "${nap} 秒后再问（还等 ${left} 秒）"
        sleep "$nap"
        waited=$((waited + nap))
    done
}

# Reports STATE. What cannot be delivered is told loudly and returns 2.
report() {
    report_body="{\"id\":$(json "$id"),\"state\":\"$1\""
    if [ -n "$environment" ]; then report_body="$report_body,\"environment\":$(json "$environment")"; fi
    if [ -n "$images" ]; then report_body="$report_body,\"images\":[$images]"; fi
    if [ -n "$actor" ]; then report_body="$report_body,\"actor\":$(json "$actor")"; fi
    if [ -n "$at" ]; then report_body="$report_body,\"at\":$(json "$at")"; fi
    report_body="$report_body,\"note\":$(json "$note")}"
    case $sp_no in
    -) where=deployments ;;
    *) where=changes/$sp_no/deployments ;;
    esac
    try=1
    nap=2
    while :; do
        ask "$where" "$report_body"
        if [ "$status" = 202 ]; then break; fi
        if [ "$try" -ge "$TRIES" ] || ! passes; then
            say "！！上报未送达（$1，$id）：$(in_words)；部署本身不受影响，请通知运维负责人并重新上报"
            return 2
        fi
        sleep "${pause:-$nap}"
        try=$((try + 1))
        nap=$((nap * 2))
    done
    if holds "$body" '"allowed":false'; then
        say "已上报 $1；但变更闸不允许这次部署，运维负责人会收到通知："
        reasons "$body" >&2
    else
        say "已上报 $1"
    fi
}

# What the job is called by its CI; the same for all reports of this run.
own_id() {
    if [ -n "${CI_JOB_URL:-}" ]; then
        printf '%s' "$CI_JOB_URL"
    elif [ -n "${BUILD_URL:-}" ]; then
        printf '%s' "$BUILD_URL"
    elif [ -n "${GITHUB_RUN_ID:-}" ]; then
        printf '%s/%s/actions/runs/%s/attempts/%s/%s' "${GITHUB_SERVER_URL:-https://github.com}" \
            "${GITHUB_REPOSITORY:-}" "$GITHUB_RUN_ID" "${GITHUB_RUN_ATTEMPT:-1}" "${GITHUB_JOB:-job}"
    else
        printf '%s/%s/%s' "$(uname -n)" "$(date -u +%Y%m%dT%H%M%SZ)" "$$"
    fi
}

add_image() {
    # Several in one argument are parted by blanks or commas: CI variables cannot hold lists.
    set -f
    # shellcheck disable=SC2046 # the words are wanted
    set -- $(printf '%s' "$1" | tr ',' ' ')
    set +f
    for image in "$@"; do images="$images${images:+,}$(json "$image")"; done
}

is_number() {
    case $1 in
    '' | *[!0-9]* | ??????*) return 1 ;;
    esac
}

server=${CHANGEGATE_SERVER:-}
token_file=${CHANGEGATE_TOKEN_FILE:-}
ca_file=${CHANGEGATE_CA_FILE:-}
wait=${CHANGEGATE_WAIT:-0}
pause=${CHANGEGATE_PAUSE:-}
environment=${CHANGEGATE_ENVIRONMENT:-production}
actor=${CHANGEGATE_ACTOR:-}
images=
id=${CHANGEGATE_ID:-}
note=
at=

[ $# -ge 2 ] || usage "缺少命令或单号"
command=$1
sp_no=$2
shift 2
case $command in
check | run)
    state=
    case $sp_no in -) usage "单号应为企业微信审批单号" ;; esac
    ;;
report)
    [ $# -ge 1 ] || usage "缺少状态"
    state=$1
    shift
    case $state in
    started | succeeded | failed | rolled_back) ;;
    *) usage "状态应为 started、succeeded、failed 或 rolled_back" ;;
    esac
    ;;
*) usage "没有这个命令：$command" ;;
esac
case $sp_no in
-) ;;
'' | *[!0-9A-Za-z]*) usage "单号应为企业微信审批单号，如 202611240001" ;;
esac

if [ -n "${CHANGEGATE_IMAGES:-}" ]; then add_image "$CHANGEGATE_IMAGES"; fi
while [ $# -gt 0 ]; do
    case $1 in
    --)
        shift
        break
        ;;
    --server | --token-file | --ca-file | --wait | --pause | --id | --image | --environment | --actor | --note | --at)
        [ $# -ge 2 ] || usage "$1 之后缺少值"
        case $1 in
        --server) server=$2 ;;
        --token-file) token_file=$2 ;;
        --ca-file) ca_file=$2 ;;
        --wait) wait=$2 ;;
        --pause) pause=$2 ;;
        --id) id=$2 ;;
        --image) add_image "$2" ;;
        --environment) environment=$2 ;;
        --actor) actor=$2 ;;
        --note) note=$2 ;;
        --at) at=$2 ;;
        esac
        shift 2
        ;;
    *) usage "没有这个选项：$1" ;;
    esac
done
is_number "$wait" || usage "--wait 应为秒数"
if [ -n "$pause" ]; then is_number "$pause" || usage "--pause 应为秒数"; fi
if ! command -v curl >/dev/null 2>&1; then give_up "没有 curl"; fi
find_server
find_token

case $command in
check)
    [ $# -eq 0 ] || usage "多余的参数"
    check
    ;;
report)
    [ $# -eq 0 ] || usage "多余的参数"
    [ -n "$id" ] || usage "report 须有 --id：同一次部署的各次上报用同一个"
    report "$state"
    ;;
run)
    [ $# -ge 1 ] || usage "-- 之后缺少要执行的命令"
    if [ -z "$id" ]; then id=$(own_id); fi
    # What is started here has no use for the token.
    unset CHANGEGATE_TOKEN
    check
    report started || :
    # A cancelled job ends the command; what became of it is reported all the same.
    trap 'note=被中断' INT TERM HUP
    ended=0
    "$@" || ended=$?
    if [ "$ended" -eq 0 ]; then
        report succeeded || :
    else
        note="${note:+$note；}命令以 $ended 结束"
        report failed || :
    fi
    exit "$ended"
    ;;
esac
