package vault_test

import (
	"testing"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// awkward are values that a shell, or a reader of lines, could get wrong.
func awkward() map[string]any {
	return map[string]any{"QUOTED": `it's "$(id)" $HOME \n`, "LINES": "one\ntwo", "EMPTY": "", "NUMBER": 1000000}
}

// TestFormats: each format says what the server has, whatever that is.
func TestFormats(t *testing.T) {
	n := newTenant(t)
	n.Keep(awkward())
	n.start(base+`  secrets:
  - {name: env, path: secret/data/NAMESPACE/web, format: env}
  - {name: json, path: secret/data/NAMESPACE/web, format: json}
  - {name: properties, path: secret/data/NAMESPACE/web, format: properties}
  - {name: lines, path: secret/data/NAMESPACE/web, keys: [LINES]}
  - {name: deep, path: secret/data/NAMESPACE/web, keys: [QUOTED], dir: /etc/deep, file: one/two, fileMode: "0444"}
`, does(`. /vault/secrets/env
printf '%s|' "$QUOTED" "$LINES" "$EMPTY" "$NUMBER"; echo
cat /vault/secrets/json /vault/secrets/properties /vault/secrets/lines; echo
cat /etc/deep/one/two; echo; stat -Lc '%a %u' /vault/secrets/env /etc/deep/one/two
`+idle))
	pod := n.Ready("app=web")
	n.shows(pod, "444 1000")
	box.Equal(t, "what the app finds", `it's "$(id)" $HOME \n|one
two||1000000|
{"EMPTY":"","LINES":"one\ntwo","NUMBER":1000000,"QUOTED":"it's \"$(id)\" $HOME \\n"}
EMPTY=
LINES=one\ntwo
NUMBER=1000000
QUOTED=it's "$(id)" $HOME \\n
one
two
it's "$(id)" $HOME \n
640 1000
444 1000
`, n.Logs(pod, "app"))
	found.Found(t, "formats file, env, json and properties, with quotes, $, line ends and empty values", "the app reads what the server has; modes and users of the files as asked")
}

// TestVariables: the app has the values in its environment, as they are.
func TestVariables(t *testing.T) {
	n := newTenant(t)
	n.Keep(awkward())
	n.start(base+`  secrets: [{path: secret/data/NAMESPACE/web}]
  env:
  - {name: A, secret: web, key: QUOTED}
  - {name: B, secret: web, key: LINES}
  - {name: C, secret: web, key: EMPTY}
  envWrap: {}
`, does(`printf '%s|' "$A" "$B" "$C"; echo
ls /vault/secrets 2>/dev/null
`+idle))
	pod := n.Ready("app=web")
	n.shows(pod, "two||")
	box.Equal(t, "what the app finds", "it's \"$(id)\" $HOME \\n|one\ntwo||\n", n.Logs(pod, "app"))
	found.Found(t, "variables through envWrap, with quotes, $, line ends and empty values", "the app has them as they are")
}
