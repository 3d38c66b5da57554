package guide_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/kube"
	"github.com/krm-sidecars/krm-sidecars/tests/cluster/sidecars"
)

// wrote checks that a command succeeded with an output.
func wrote(out box.Output, want string) error {
	if out.Code != 0 || out.Stdout != want {
		return fmt.Errorf("exit code %d, %q, %s", out.Code, out.Stdout, out.Stderr)
	}
	return nil
}

// refused checks that a command failed for a reason.
func refused(out box.Output, why string) error {
	if out.Code == 0 || !strings.Contains(out.Stderr, why) {
		return fmt.Errorf("exit code %d without %q: %s%s", out.Code, why, out.Stdout, out.Stderr)
	}
	return nil
}

// waiting waits until the one pod waits for something, and checks that the app does
// not run.
func waiting(n *kube.Namespace) *corev1.Pod {
	n.T.Helper()
	pod := n.Reach("app=web", "in its init container", func(pod *corev1.Pod) bool {
		for _, s := range pod.Status.InitContainerStatuses {
			if s.Name == "wait-for" && s.State.Running != nil {
				return true
			}
		}
		return false
	})
	if s := pod.Status.ContainerStatuses[0].State; s.Waiting == nil {
		n.T.Fatalf("the app does not wait: %s", s.String())
	}
	return pod
}

// failure waits until an init container of the one pod has failed, and returns what
// the pod's status says about it. The app must not have started.
func failure(n *kube.Namespace, container string) (message string) {
	n.T.Helper()
	pod := n.Reach("app=web", "failed in its init container", func(pod *corev1.Pod) bool {
		for _, s := range pod.Status.InitContainerStatuses {
			for _, ended := range []*corev1.ContainerStateTerminated{s.LastTerminationState.Terminated, s.State.Terminated} {
				if s.Name == container && ended != nil && ended.ExitCode != 0 {
					message = fmt.Sprintf("exit code %d: %s", ended.ExitCode, ended.Message)
				}
			}
		}
		return message != ""
	})
	if s := pod.Status.ContainerStatuses[0].State; s.Waiting == nil {
		n.T.Errorf("the app does not wait: %s", s.String())
	}
	return message
}

// TestWaitForTCP: the app starts once the port is open, and not before.
func TestWaitForTCP(t *testing.T) {
	n := restricted(t)
	address := kube.NodeIP + ":7001"
	n.Apply(sidecars.Inject(t, config("AddInitContainer", "waitFor: [{tcp: '"+address+"'}]\nintervalSeconds: 1"), app(idle)))
	pod := waiting(n)
	log := n.Follow(pod, "wait-for")
	n.WaitForLog(log, "wait-for: waiting for tcp "+address+"\n")
	listen(t, address, nil)
	n.WaitForLog(log, "wait-for: tcp "+address+" is there after ")
	n.Ready("app=web")
	found.Found(t, "wait-for: a TCP port that opens later", "the app starts then, and not before")
}

// TestWaitForHTTP: a server that answers with an error is not there yet.
func TestWaitForHTTP(t *testing.T) {
	n := restricted(t)
	status := http.StatusServiceUnavailable
	listen(t, kube.NodeIP+":7002", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
	url := "http://" + kube.NodeIP + ":7002/ready"
	n.Apply(sidecars.Inject(t, config("AddInitContainer", "waitFor: [{http: '"+url+"'}]\nintervalSeconds: 1"), app(idle)))
	log := n.Follow(waiting(n), "wait-for")
	n.WaitForLog(log, "wait-for: waiting for http "+url+"\n")
	status = http.StatusOK
	n.WaitForLog(log, "is there after ")
	n.Ready("app=web")
	found.Found(t, "wait-for: an HTTP server that answers 503, then 200", "the app starts at 200")
}

// TestWaitTimeout: what never comes fails the container, with a line that says so.
func TestWaitTimeout(t *testing.T) {
	n := restricted(t)
	address := kube.NodeIP + ":7003"
	n.Apply(sidecars.Inject(t, config("AddInitContainer", "waitFor: [{tcp: '"+address+"'}]\nintervalSeconds: 1\ntimeoutSeconds: 2"), app(idle)))
	message := failure(n, "wait-for")
	if !strings.HasPrefix(message, "exit code 1: ") || !strings.Contains(message, "wait-for: gave up on tcp "+address+" after ") {
		t.Errorf("the pod's status says: %s", message)
	}
	found.Found(t, "wait-for: what does not come within timeoutSeconds", "the pod's status says what was waited for")
}

// TestWaitIsInterrupted: a pod that waits goes at once, far within its grace period.
func TestWaitIsInterrupted(t *testing.T) {
	n := restricted(t)
	patient := strings.Replace(app(idle), "terminationGracePeriodSeconds: 5", "terminationGracePeriodSeconds: 600", 1)
	n.Apply(sidecars.Inject(t, config("AddInitContainer", "waitFor: [{tcp: '"+kube.NodeIP+":7004'}]"), patient))
	n.WaitForLog(n.Follow(waiting(n), "wait-for"), "wait-for: waiting for ")
	n.Delete("deployment/web")
	n.WaitFor("the pod to go", func() error {
		pods, err := n.Pods("app=web")
		if err == nil && len(pods) > 0 {
			err = errors.New("it is there")
		}
		return err
	})
	found.Found(t, "wait-for: a pod that is deleted while it waits, with 600 s of grace", "it goes within seconds")
}

// listen serves at an address until the test ends.
func listen(t *testing.T, address string, handler http.Handler) {
	t.Helper()
	listener, err := net.Listen("tcp", address)
	box.Check(t, err)
	t.Cleanup(func() { listener.Close() })
	if handler == nil {
		handler = http.NotFoundHandler()
	}
	go func() {
		if err := http.Serve(listener, handler); !errors.Is(err, net.ErrClosed) && !errors.Is(err, io.EOF) {
			fmt.Println("serving:", err)
		}
	}()
}
