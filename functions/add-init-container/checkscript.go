package initcontainer

import "strings"

// look is a kind of check.
type look struct {
	kind string
	try  string // shell script that tells what is wrong with $target, for which $want is expected
	file bool   // only where $target is there: that it is not is told once
}

// looks is the table. Names of variables are safe to evaluate: shellName has seen
// them.
func looks() []look {
	return []look{
		{kind: "present", try: `[ -e "$target" ] || bad "$target is not there, or user $(id -u) may not see it"`},
		{kind: "absent", try: `{ [ ! -e "$target" ] && [ ! -L "$target" ]; } || bad "$target is there, and must not be"`},
		{kind: "file", file: true, try: `[ -f "$target" ] || bad "$target is no file"`},
		{kind: "directory", file: true, try: `[ -d "$target" ] || bad "$target is no directory"`},
		{kind: "filled", file: true, try: `if [ -d "$target" ]; then [ -n "$(ls -A "$target")" ]; else [ -s "$target" ]; fi || bad "$target is empty"`},
		{kind: "mode", file: true, try: `{ have=$(stat -L -c %a "$target") && [ $((0$have & ~0$want)) -eq 0 ]; } || bad "$target has mode $have, and $want is the most"`},
		{kind: "owner", file: true, try: `{ have=$(stat -L -c %u "$target") && [ "$have" = "$want" ]; } || bad "$target belongs to user $have, and not to $want"`},
		{kind: "group", file: true, try: `{ have=$(stat -L -c %g "$target") && [ "$have" = "$want" ]; } || bad "$target belongs to group $have, and not to $want"`},
		{kind: "writable", file: true, try: `[ -w "$target" ] || bad "$target cannot be written to by user $(id -u)"`},
		{kind: "readonly", file: true, try: `[ ! -w "$target" ] || bad "$target can be written to by user $(id -u)"`},
		{kind: "set", try: `eval "value=\${$target-}"; [ -n "$value" ] || bad "variable $target is not set, or is empty"`},
		{kind: "unset", try: `eval "value=\${$target+set}"; [ -z "$value" ] || bad "variable $target is set, and must not be"`},
		{kind: "match", try: `eval "value=\${$target-}"; printf '%s\n' "$value" | grep -Eq -e "$want" || bad "variable $target does not match $want"`},
		{kind: "tcp", try: `port=${target##*:} host=${target%:*}
  host=${host#[} host=${host%]}
  { { ` + strings.TrimSpace(tryTCP) + `; } >/dev/null 2>&1 & wait $!; } || bad "$target does not accept connections"`},
		{kind: "http", try: `{ ` + strings.TrimSpace(tryHTTP) + ` 2>&1 & wait $!; } || bad "$target does not answer with 2xx"`},
		{kind: "https", try: `{ curl -fsSLg --max-time 5 ${ca:+--cacert "$ca"} -o /dev/null "$target" & wait $!; } || bad "$target does not answer with 2xx"`},
	}
}

// checkScript tells all that is wrong with rows of three, a kind, what is looked at
// and what is expected of it, and fails if something is. In front of the rows
// stands the file of an authority.
func checkScript(rows [][]string) string {
	used := map[string]bool{}
	for _, row := range rows {
		used[row[0]] = true
	}
	var b strings.Builder
	b.WriteString(checkBegin)
	for _, l := range looks() {
		if !used[l.kind] {
			continue
		}
		try := l.try
		if l.file {
			try = `[ ! -e "$target" ] || ` + try
		}
		b.WriteString("  " + l.kind + ") " + try + " ;;\n")
	}
	b.WriteString(checkEnd)
	return b.String()
}

const checkBegin = `trap 'exit 143' TERM INT
ca=$1 failed=0 total=0
shift
bad() {
  echo "$0: $*" >&2
  failed=$((failed + 1))
}
while [ $# -gt 2 ]; do
  kind=$1 target=$2 want=$3
  shift 3
  total=$((total + 1))
  case $kind in
`

const checkEnd = `  *) bad "$kind is no check" ;;
  esac
done
if [ "$failed" -gt 0 ]; then
  echo "$0: $failed of $total checks failed" >&2
  exit 1
fi
echo "$0: all $total checks passed"
`
