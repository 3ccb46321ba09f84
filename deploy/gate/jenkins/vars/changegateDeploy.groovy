// A step of a shared library: changegateDeploy(spNo: params.SP_NO, images: '…', command: './deploy.sh')
//
// Runs the command only if changegate allows the change now, and reports how it ended. Needs the credentials
// `changegate-token` (secret text) and the variable CHANGEGATE_SERVER; changegate-gate.sh is on the agent's PATH.
// Values reach the shell as variables, never as text of the script: a parameter cannot bring a command of its own.
def call(Map args) {
    withCredentials([string(credentialsId: 'changegate-token', variable: 'CHANGEGATE_TOKEN')]) {
        withEnv([
            "SP_NO=${args.spNo ?: ''}",
            "CHANGEGATE_IMAGES=${args.images ?: ''}",
            "CHANGEGATE_ACTOR=${env.BUILD_USER_ID ?: ''}",
            "CHANGEGATE_WAIT=${args.wait ?: 300}",
            "DEPLOY_COMMAND=${args.command}",
        ]) {
            sh '''
                changegate-gate.sh run "$SP_NO" --id "$BUILD_URL" -- sh -ec "$DEPLOY_COMMAND"
            '''
        }
    }
}
