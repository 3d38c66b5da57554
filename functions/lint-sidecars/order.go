package lint

import (
	"slices"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
	"github.com/krm-sidecars/krm-sidecars/pkg/servicemesh"
)

// orderRules are about what starts before what.
func orderRules() []rule {
	return []rule{{
		id: "SC021", name: "wrong-order", severity: pod.Warning, check: wrongOrder,
		about:  "An init container needs what starts after it: a proxy, or files that another one writes.",
		remedy: "make what it needs a native sidecar or an init container in front of it",
	}, {
		id: "SC040", name: "default-container", severity: pod.Info, check: noDefault,
		about:  "kubectl logs and exec take the first container, which is a helper.",
		remedy: "add the annotation " + defaultContainer + ", or put the app first",
	}, {
		id: "SC045", name: "native-unknown", severity: pod.Warning, check: nativeTooNew,
		about:  "A native sidecar is used, but the cluster may be older than Kubernetes 1.29, which does not know it: the pod would never start.",
		remedy: "make it a container, or raise kubernetesVersion",
	}}
}

// talkers are commands that use the network.
func talkers() []string {
	return []string{"curl", "wget", "nc", "ncat", "git", "psql", "pg_isready", "mysql", "mysqladmin", "redis-cli", "mongosh", "mongo", "nslookup",
		"dig", "ping", "telnet", "kubectl", "vault", "bao", "aws", "gsutil", "rclone", "flyway", "liquibase", "migrate", "wait-for-it.sh", "wait-for", "dockerize",
		"apt-get", "apk", "pip", "npm"}
}

// talks reports whether a container uses the network, as far as the manifest tells.
func (c container) talks() bool {
	if role := c.role(); role == secrets || role == syncing {
		return true
	}
	calls, _ := c.calls()
	return slices.ContainsFunc(calls, func(c call) bool { return slices.Contains(talkers(), c.name()) || talksInTest(c) })
}

// talksInTest finds a command in the condition of a loop or if, where something
// stands in front of it, as in timeout 5 nc.
func talksInTest(c call) bool {
	return slices.Contains([]string{"timeout", "until", "while", "if"}, c.name()) && slices.ContainsFunc(c.words, func(w string) bool { return slices.Contains(talkers(), w) })
}

func wrongOrder(s *subject) {
	s.behindRedirection()
	for i, c := range s.containers {
		if !c.plainInit() {
			continue
		}
		if later, ok := s.proxyAfter(i); ok && c.asksLocalhost() {
			s.findf(c.at, "asks localhost, but the proxy %s starts after it", later.Name)
		}
		for _, m := range c.VolumeMounts {
			if writer, ok := s.writtenAfter(i, m.Name); ok && m.ReadOnly {
				s.findf(c.at, "reads the volume %s, which is empty: %s fills it, and runs after it", m.Name, writer.Name)
			}
		}
	}
}

// behindRedirection finds init containers that use the network while the mesh sends
// their traffic to a proxy that does not run yet.
func (s *subject) behindRedirection() {
	mesh, how, _ := servicemesh.Of(s.view)
	if !how.Here || how.Native || s.view.Annotations[mesh.ExcludeOutbound] != "" { // which may be what is asked
		return
	}
	redirected := how.CNI
	for c := range s.all() {
		redirected = redirected || slices.Contains(mesh.Setup, c.Name)
		user := s.user(c)
		if redirected && c.plainInit() && !mesh.Owns(c.Name) && c.talks() && (user == nil || !slices.Contains(mesh.UIDs, *user)) {
			s.findf(c.at, "uses the network, but %s sends its traffic to a proxy that starts after it", mesh.Title)
		}
	}
}

// proxyAfter finds a proxy that starts after the container at a place. That of a
// mesh is another matter.
func (s *subject) proxyAfter(i int) (container, bool) {
	for _, c := range s.containers[i+1:] {
		if !c.plainInit() && (c.role() == proxy || c.role() == egress) && !ofMesh(c) {
			return c, true
		}
	}
	return container{}, false
}

// asksLocalhost reports whether a container is told to talk to its own pod.
func (c container) asksLocalhost() bool {
	local := func(text string) bool {
		return strings.Contains(text, "127.0.0.1") || strings.Contains(text, "localhost")
	}
	if slices.ContainsFunc(c.words(), local) {
		return true
	}
	for _, e := range c.Env {
		if local(e.Value) {
			return true
		}
	}
	return false
}

// writtenAfter finds what fills an emptyDir that nothing has filled before the
// container at a place.
func (s *subject) writtenAfter(i int, volume string) (container, bool) {
	if s.emptyDir(volume) == nil || slices.ContainsFunc(s.containers[:i], func(c container) bool { return c.mounts(volume) }) {
		return container{}, false
	}
	for _, c := range s.containers[i+1:] {
		if m, ok := c.mountOf(volume); ok && !m.ReadOnly && c.init {
			return c, true
		}
	}
	return container{}, false
}

func noDefault(s *subject) {
	if len(s.spec.Containers) < 2 || s.view.Annotations[defaultContainer] != "" {
		return
	}
	if first := s.spec.Containers[0]; first.Name != s.app() {
		s.findf("metadata.annotations", "kubectl takes container %s, a helper, where none is named", first.Name)
	}
}

// nativeFrom is the minor version of Kubernetes that has native sidecars without
// feature gates.
const nativeFrom = 29

func nativeTooNew(s *subject) {
	if s.config.shared.Minor() >= nativeFrom {
		return
	}
	for c := range s.all() {
		if c.native {
			s.findf(c.at+".restartPolicy", "makes it a native sidecar, and kubernetesVersion is %s", s.config.shared.KubernetesVersion)
		}
	}
}
