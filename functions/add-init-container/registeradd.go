package initcontainer

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/images"
	"github.com/krm-sidecars/krm-sidecars/pkg/inject"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// podFields are what the container knows of the pod, by the names of its
// variables.
func podFields() map[string]string {
	return map[string]string{"POD_IP": "status.podIP", "POD_NAME": "metadata.name", "POD_NAMESPACE": "metadata.namespace",
		"HOST_IP": "status.hostIP", "NODE_NAME": "spec.nodeName"}
}

func podNames() []string { return slices.Sorted(maps.Keys(podFields())) }

// tokenVariable holds the token. It reaches curl by its standard input: others can
// read arguments.
const tokenVariable = "REGISTER_TOKEN"

func (r *Register) add(p *plan) {
	c := p.container("", images.Get("curl"), withCurl())
	register, deregister, kind := r.requests(p)
	texts := slices.Concat(register.texts(), deregister.texts())
	for _, name := range podNames() {
		if name == "POD_IP" || slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(text, "$("+name+")") }) {
			c.Env = append(c.Env, corev1.EnvVar{Name: name, ValueFrom: &corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{FieldPath: podFields()[name]}}})
		}
	}
	if r.Token != nil {
		c.Env = append(c.Env, r.Token.Env(tokenVariable))
	}
	p.scratch(&c, "1Mi")
	shell(&c, registerScript, c.Name, p.timeout(), p.interval(), strconv.Itoa(int(r.RefreshSeconds)), strconv.Itoa(int(r.Port)), p.mountCA(&c, r.CA), kind)
	c.Command = append(c.Command, withPod(texts)...)
	c.Lifecycle = &corev1.Lifecycle{PreStop: &corev1.LifecycleHandler{Exec: &corev1.ExecAction{Command: []string{"sh", "-c", leaveScript}}}}
	p.runBeside(c, inject.RankBeside)
}

// requests are what the script sends, and their content type.
func (r *Register) requests(p *plan) (register, deregister *Request, contentType string) {
	if r.HTTP != nil {
		return r.HTTP.Register, r.HTTP.Deregister, r.HTTP.ContentType
	}
	k := r.Consul
	service := cmp.Or(k.Service, p.View.Object.Name)
	if service == "" {
		p.Findf(pod.Error, pod.InvalidConfig, "the workload has no name to register it by; set spec.register.consul.service")
	}
	base, id := strings.TrimSuffix(k.Address, "/")+"/v1/agent/service/", service+"-$(POD_NAME)"
	return &Request{Method: "PUT", URL: base + "register", Body: k.body(service, id, r.Port)},
		&Request{Method: "PUT", URL: base + "deregister/" + id}, "application/json"
}

// body is what Consul is told about the service.
func (k *Consul) body(service, id string, port int32) string {
	type check struct {
		HTTP                           string `json:",omitempty"`
		TCP                            string `json:",omitempty"`
		Interval                       string
		Timeout                        string
		DeregisterCriticalServiceAfter string
	}
	looks := check{TCP: fmt.Sprintf("$(POD_IP):%d", port), Interval: "10s", Timeout: "3s", DeregisterCriticalServiceAfter: k.DeregisterAfter}
	if k.HealthPath != "" {
		looks.HTTP, looks.TCP = "http://"+looks.TCP+k.HealthPath, ""
	}
	text, _ := json.Marshal(struct { // nothing in it can fail
		ID, Name, Address string
		Port              int32
		Tags              []string          `json:",omitempty"`
		Meta              map[string]string `json:",omitempty"`
		Check             check
	}{id, service, "$(POD_IP)", port, k.Tags, k.Meta, looks})
	return string(text)
}

func (q *Request) texts() []string {
	if q == nil {
		return []string{"", "", ""}
	}
	return []string{q.Method, q.URL, q.Body}
}

// withPod are texts in which the kubelet fills in what is known of the pod, and
// nothing else.
func withPod(texts []string) []string {
	var all []string
	for _, text := range inject.Literals(texts) {
		for _, name := range podNames() {
			text = strings.ReplaceAll(text, "$$("+name+")", "$("+name+")")
		}
		all = append(all, text)
	}
	return all
}

// registerScript registers the pod until it is asked to leave or to stop. A request
// that is on its way ends first, so that none overtakes the other. Its parameters
// are the seconds to keep trying, between attempts and between registrations, the
// port, the file of an authority, the content type, and the method, URL and body of
// both requests. It cannot write the shell's own number itself: for the kubelet, two
// dollars are one.
const registerScript = `asked=
trap 'asked=stop' TERM INT
trap 'asked=${asked:-leave}' USR1
limit=$1 interval=$2 refresh=$3 port=$4 ca=$5 type=$6 host=$POD_IP
shift 6
rm -f /tmp/left
sh -c 'echo "$PPID"' >/tmp/pid
listens() {
` + tryTCP + `
}
request() {
  if [ -n "$REGISTER_TOKEN" ]; then
    printf 'header = "Authorization: Bearer %s"\n' "$(printf %s "$REGISTER_TOKEN" | sed 's/["\\]/\\&/g')"
  fi | curl -fsSg --max-time 5 -K - ${ca:+--cacert "$ca"} -X "$1" ${3:+-H "Content-Type: $type" --data-raw "$3"} -o /dev/null "$2"
}
pause() {
  left=$1
  while [ "$left" -gt 0 ] && [ -z "$asked" ]; do
    sleep 1 & wait $!
    left=$((left - 1))
  done
}
state= since=
while [ -z "$asked" ]; do
  if ! listens >/dev/null 2>&1; then
    [ "$state" = waiting ] || echo "$0: waiting for the app at port $port"
    state=waiting
    pause "$interval"
  elif request "$1" "$2" "$3"; then
    [ "$state" = registered ] || echo "$0: registered"
    state=registered since=
    pause "$refresh"
  else
    since=${since:-$(date +%s)}
    if [ $(($(date +%s) - since)) -ge "$limit" ]; then
      echo "$0: gave up after $limit s" >&2
      exit 1
    fi
    state=failing
    pause "$interval"
  fi
done
if [ -z "$5" ]; then
  echo "$0: leaving"
elif request "$4" "$5" "$6"; then
  echo "$0: deregistered"
else
  echo "$0: cannot deregister" >&2
fi
: >/tmp/left
until [ "$asked" = stop ]; do
  sleep 1 & wait $!
done
exit 0
`

// leaveScript asks the other one to take the pod out, as soon as the pod begins to
// end: the container itself is told only when the app has ended.
const leaveScript = `kill -USR1 "$(cat /tmp/pid)"
for second in 1 2 3 4 5 6 7 8 9 10; do
  [ ! -e /tmp/left ] || exit 0
  sleep 1
done
`
