package initcontainer

import (
	"slices"
	"strings"
)

// script waits for one thing after the other. It takes the limit and the interval
// in seconds, then pairs: an option and its value, or a kind and what to wait for.
func (g group) script() string {
	options, reset := "", ""
	if g.needsCurl() {
		options, reset = waitOptions, waitReset
	}
	return "try() {\n" + g.tries() + "\n}\n" + strings.NewReplacer("OPTIONS\n", options, "RESET\n", reset).Replace(waitLoop)
}

// tries says whether a thing of one of the kinds is there.
func (g group) tries() string {
	var branches []string
	for _, w := range g.waits {
		for _, k := range w.kinds() {
			try := k.try
			if k.name == "http" && g.needsCurl() {
				try = curlHTTP
			}
			if branch := k.name + ")\n" + try + " ;;\n"; !slices.Contains(branches, branch) {
				branches = append(branches, branch)
			}
		}
	}
	if len(branches) == 1 {
		_, try, _ := strings.Cut(branches[0], "\n")
		return strings.TrimSuffix(try, " ;;\n")
	}
	return "case $kind in\n" + strings.Join(branches, "") + "esac"
}

// waitLoop runs each try in the background, so that the shell hears when it is
// told to stop. The last try may say why it fails.
const waitLoop = `trap 'exit 143' TERM INT
limit=$1 interval=$2
shift 2
start=$(date +%s) told=0
while [ $# -gt 1 ]; do
  kind=$1 target=$2
  shift 2
OPTIONS
  port=${target##*:} host=${target%:*}
  host=${host#[} host=${host%]}
  echo "$0: waiting for $kind $target"
  until { try >/dev/null 2>&1 & wait $!; }; do
    past=$(($(date +%s) - start))
    if [ "$past" -ge "$limit" ]; then
      try >&2
      echo "$0: gave up on $kind $target after $past s" >&2
      exit 1
    fi
    if [ "$((past - told))" -ge 30 ]; then
      told=$past
      echo "$0: still waiting for $kind $target after $past s"
    fi
    sleep "$interval" & wait $!
  done
  echo "$0: $kind $target is there after $(($(date +%s) - start)) s"
RESET
done`

// waitOptions are for the next thing alone.
const waitOptions = `  case $kind in
  status) status=$target; continue ;;
  expect) expect=$target; continue ;;
  service) service=$target; continue ;;
  tls) tls=$target; continue ;;
  ca) ca=$target; continue ;;
  esac
`

const waitReset = "  status= expect= service= tls= ca=\n"

// The tries with nothing but busybox. Some builds of its nc have no -z; those run
// a program once they are connected. A name that does not resolve is a bad
// address. RabbitMQ answers the header of its protocol.
const (
	tryTCP      = `  nc -z -w 3 "$host" "$port" || nc -w 3 "$host" "$port" -e true`
	tryHTTP     = `  timeout 5 wget -q -O /dev/null "$target"`
	tryDNS      = `  ! nc -w 1 "$target" 1 </dev/null 2>&1 | grep 'bad address'`
	tryRabbitMQ = `  printf 'AMQP\000\000\011\001' | timeout 5 nc -w 3 "$host" "$port" | grep -q .`
)

// curlHTTP checks certificates, the status and the text, which busybox cannot.
const curlHTTP = `  newline='
'
  follow=--location
  if [ -n "$status" ]; then follow=--no-location; fi
  reply=$(curl -sSg --max-time 5 $follow ${ca:+--cacert "$ca"} -w '\n%{http_code}' "$target") || return
  case ${reply##*"$newline"} in
  ${status:-2??}) ;;
  *) echo "$target answers with ${reply##*"$newline"}"; return 1 ;;
  esac
  case ${reply%"$newline"*} in
  *"$expect"*) ;;
  *) echo "$target answers without $expect"; return 1 ;;
  esac`

// tryGRPC asks the health service of gRPC by its wire format: a length in front of
// the message, and in the answer the status, 1 being SERVING.
const tryGRPC = `  scheme=http version=--http2-prior-knowledge
  if [ -n "$tls" ]; then scheme=https version=--http2; fi
  if [ -n "$service" ]; then
    size=${#service}
    printf "\\000\\000\\000\\000\\$(printf %03o $((size + 2)))\\012\\$(printf %03o "$size")%s" "$service"
  else
    printf '\000\000\000\000\000'
  fi | curl -sSg --max-time 5 $version ${ca:+--cacert "$ca"} --data-binary @- -H 'content-type: application/grpc' \
    -H 'te: trailers' "$scheme://$target/grpc.health.v1.Health/Check" | od -An -tx1 | grep -q '08 01'`
