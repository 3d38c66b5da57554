package agents

import (
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	nginxlogger "github.com/martin-helmich/prometheus-nginxlog-exporter/log"
	nginxlog "github.com/martin-helmich/prometheus-nginxlog-exporter/pkg/config"
	process "github.com/ncabatoff/process-exporter/config"
	jsonexporter "github.com/prometheus-community/json_exporter/config"
	blackbox "github.com/prometheus/blackbox_exporter/config"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/statsd_exporter/pkg/mapper"
)

func checkBlackbox(t *testing.T, f file) []string {
	t.Helper()
	return messages(blackbox.NewSafeConfig(prometheus.NewRegistry()).ReloadConfig(saved(t, f), slog.New(slog.DiscardHandler)))
}

func checkJSON(t *testing.T, f file) []string {
	t.Helper()
	_, err := jsonexporter.LoadConfig(saved(t, f))
	return messages(err)
}

func checkProcess(_ *testing.T, f file) []string {
	_, err := process.GetConfig(f.text, false)
	return messages(err)
}

func checkStatsd(_ *testing.T, f file) []string {
	m := mapper.MetricMapper{Logger: slog.New(slog.DiscardHandler)}
	return messages(m.InitFromYAMLString(f.text))
}

func checkNginxLog(t *testing.T, f file) []string {
	t.Helper()
	var config nginxlog.Config
	logger, err := nginxlogger.New("error", "console")
	if err != nil {
		t.Fatal(err)
	}
	if err := nginxlog.LoadConfigFromStream(logger, &config, strings.NewReader(f.text), nginxlog.TypeHCL); err != nil {
		return messages(err)
	}
	if len(config.Namespaces) == 0 {
		return []string{"no namespace"}
	}
	return messages(config.Namespaces[0].Compile())
}

// checkJMX holds the configuration against the manual: the exporter is written
// in Java.
func checkJMX(t *testing.T, f file) []string {
	t.Helper()
	_, wrong := checkDocumented(t, "jmx-exporter", f)
	return wrong
}

// checkLines checks that each line of a snippet for a server is a statement, and
// that all that is opened is closed.
func checkLines(statement string) func(*testing.T, file) []string {
	line := regexp.MustCompile(`^\s*(` + statement + `)?\s*$`)
	return func(_ *testing.T, f file) []string {
		var wrong []string
		open := 0
		for text := range strings.Lines(f.text) {
			if text, _, _ = strings.Cut(text, "#"); !line.MatchString(text) {
				wrong = append(wrong, "no statement: "+text)
			}
			open += strings.Count(text, "{") - strings.Count(text, "}") + strings.Count(text, "<") - 2*strings.Count(text, "</")
		}
		if open != 0 {
			wrong = append(wrong, "something is opened and not closed, or closed twice")
		}
		return wrong
	}
}

func saved(t *testing.T, f file) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(name, []byte(f.text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func messages(err error) []string {
	if err == nil {
		return nil
	}
	return []string{err.Error()}
}

// TestVersions keeps modules at the version of the image that is injected by
// default.
func TestVersions(t *testing.T) {
	table, err := os.ReadFile("../../pkg/images/images.go")
	if err != nil {
		t.Fatal(err)
	}
	modules, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	for image, module := range map[string]string{
		"otel-collector":    "opentelemetry-collector-contrib/receiver/filelogreceiver",
		"blackbox-exporter": "prometheus/blackbox_exporter",
		"json-exporter":     "prometheus-community/json_exporter",
		"process-exporter":  "ncabatoff/process-exporter",
		"statsd-exporter":   "prometheus/statsd_exporter",
		"nginxlog-exporter": "martin-helmich/prometheus-nginxlog-exporter",
	} {
		row := regexp.MustCompile(`(?m)^` + image + ` +\S+ +v?(\S+)`).FindSubmatch(table)
		if row == nil {
			t.Errorf("pkg/images has no %s", image)
		} else if want := module + " v" + string(row[1]) + "\n"; !strings.Contains(string(modules), want) {
			t.Errorf("go.mod has not %s; go get that version", want)
		}
	}
}
