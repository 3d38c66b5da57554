package guide_test

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/kube"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/sidecars"
)

// TestRegister: the agent of the node hears of a pod when its app listens, again
// after it has forgotten, and that the pod leaves while the app still listens.
func TestRegister(t *testing.T) {
	n := restricted(t, curlImage())
	agent := &agent{}
	listen(t, kube.NodeIP+":8500", agent)
	n.Kubectl("create", "secret", "generic", "consul", `--from-literal=token=t0"ken`)
	n.Apply(sidecars.Inject(t, config("AddInitContainer", `
register:
  consul: {tags: [blue], meta: {team: 'a "b" $(POD_IP)'}}
  port: 8080
  token: {name: consul, key: token}
  refreshSeconds: 1
intervalSeconds: 1
`), app(`mkdir -p /tmp/www; sleep 3; httpd -p 8080 -h /tmp/www; trap "sleep 3; exit 0" TERM; while :; do sleep 1 & wait $!; done`)))
	pod := n.Ready("app=web")
	id := "web-" + pod.Name
	n.WaitFor("the agent to know the pod", func() error { return agent.knows(id, true) })
	agent.forget()
	n.WaitFor("the agent to know the pod again", func() error { return agent.knows(id, true) })
	if told := n.Logs(pod, "register"); strings.Contains(told, "t0") || strings.Count(told, "registered") != 1 {
		t.Errorf("the log says:\n%s", told)
	}
	n.Delete("pod/" + pod.Name)
	box.Check(t, agent.knows(id, false))
	box.Equal(t, "what the agent saw of the pod", "joined while it listened, left while it listened", agent.saw(id))
	found.Found(t, "register: the agent of the node, which forgets the pod once, in the words of Consul, a small server that we wrote",
		"it hears of the pod when the app listens, again after a second, and that it leaves while the app still listens")
}

// agent knows services. It speaks those words of Consul that our sidecar does.
type agent struct {
	lock     sync.Mutex
	services map[string]service
	history  []string
}

type service struct {
	ID, Name, Address string
	Port              int
	Tags              []string
	Meta              map[string]string
	Check             struct{ TCP, Interval, Timeout, DeregisterCriticalServiceAfter string }
}

func (a *agent) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.lock.Lock()
	defer a.lock.Unlock()
	id, leaves := strings.CutPrefix(r.URL.Path, "/v1/agent/service/deregister/")
	var s service
	switch {
	case r.Header.Get("Authorization") != `Bearer t0"ken`:
		w.WriteHeader(http.StatusForbidden)
	case r.Method == http.MethodPut && leaves && a.services[id].ID == id:
		a.note(a.services[id], "left")
		delete(a.services, id)
	case r.Method == http.MethodPut && r.URL.Path == "/v1/agent/service/register" && json.NewDecoder(r.Body).Decode(&s) == nil && s.valid():
		if a.services == nil {
			a.services = map[string]service{}
		}
		a.note(s, "joined")
		a.services[s.ID] = s
	default:
		w.WriteHeader(http.StatusBadRequest)
	}
}

// valid reports whether all that the test asked for is there.
func (s service) valid() bool {
	interval, err := time.ParseDuration(s.Check.Interval)
	return err == nil && interval > 0 && s.Name == "web" && s.Port == 8080 && s.Check.TCP == s.Address+":8080" &&
		slices.Equal(s.Tags, []string{"blue"}) && s.Meta["team"] == `a "b" `+s.Address
}

// note keeps what a service did first, and whether it listened when it did.
func (a *agent) note(s service, did string) {
	connection, err := net.DialTimeout("tcp", net.JoinHostPort(s.Address, strconv.Itoa(s.Port)), time.Second)
	while := "while it did not listen: " + fmt.Sprint(err)
	if err == nil {
		connection.Close()
		while = "while it listened"
	}
	if line := s.ID + " " + did + " " + while; !slices.Contains(a.history, line) {
		a.history = append(a.history, line)
	}
}

func (a *agent) forget() {
	a.lock.Lock()
	defer a.lock.Unlock()
	clear(a.services)
}

// knows checks whether a service is known, or not.
func (a *agent) knows(id string, want bool) error {
	a.lock.Lock()
	defer a.lock.Unlock()
	if _, known := a.services[id]; known != want {
		return fmt.Errorf("it knows %v", a.services)
	}
	return nil
}

// saw is what it has seen of a service.
func (a *agent) saw(id string) string {
	a.lock.Lock()
	defer a.lock.Unlock()
	var all []string
	for _, line := range a.history {
		if what, its := strings.CutPrefix(line, id+" "); its {
			all = append(all, what)
		}
	}
	return strings.Join(all, ", ")
}
