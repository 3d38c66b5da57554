package kube

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/tests/box"
)

// Log is what a container writes. It can be read after its pod is gone.
type Log struct{ file *os.File }

// Follow opens the log of a container that was started, its first run.
func (n *Namespace) Follow(pod *corev1.Pod, container string) *Log {
	n.T.Helper()
	path := n.cluster.path(filepath.Join("logs", fmt.Sprintf("%s_%s_%s", n.Name, pod.Name, pod.UID), container, "0.log"))
	log := &Log{}
	n.WaitFor("the log of "+container, func() error {
		var err error
		log.file, err = os.Open(path)
		return err
	})
	n.T.Cleanup(func() { log.file.Close() })
	return log
}

// Text is all that was written so far, stdout and stderr.
func (l *Log) Text() (string, error) { return l.read("") }

// Stdout is what was written to stdout so far.
func (l *Log) Stdout() (string, error) { return l.read("stdout") }

// read returns what was written to a stream, or to both.
func (l *Log) read(stream string) (string, error) {
	info, err := l.file.Stat()
	if err != nil {
		return "", err
	}
	text := make([]byte, info.Size())
	if _, err := l.file.ReadAt(text, 0); err != nil {
		return "", err
	}
	var written strings.Builder
	for line := range strings.Lines(string(text)) {
		fields := strings.SplitN(line, " ", 4) // time, stream, P for a part of a line or F, text
		if len(fields) < 4 {
			return "", errors.New("not a log of a container: " + line)
		}
		if stream != "" && stream != fields[1] {
			continue
		}
		if fields[2] == "P" {
			fields[3] = strings.TrimSuffix(fields[3], "\n")
		}
		written.WriteString(fields[3])
	}
	return written.String(), nil
}

// Logs returns what a container that was started wrote so far, in its first run.
func (n *Namespace) Logs(pod *corev1.Pod, container string) string {
	n.T.Helper()
	text, err := n.Follow(pod, container).Text()
	box.Check(n.T, err)
	return text
}

// WaitForLog waits until a log holds a text.
func (n *Namespace) WaitForLog(log *Log, text string) {
	n.T.Helper()
	n.WaitFor(fmt.Sprintf("the log to hold %q", text), func() error {
		written, err := log.Text()
		if err == nil && !strings.Contains(written, text) {
			err = fmt.Errorf("the log is:\n%s", written)
		}
		return err
	})
}
