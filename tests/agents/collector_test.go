package agents

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/exporter/kafkaexporter"
	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/bearertokenauthextension"
	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/healthcheckextension"
	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/filestorage"
	"github.com/open-telemetry/opentelemetry-collector-contrib/processor/resourceprocessor"
	"github.com/open-telemetry/opentelemetry-collector-contrib/receiver/filelogreceiver"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/provider/yamlprovider"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/debugexporter"
	"go.opentelemetry.io/collector/exporter/otlpexporter"
	"go.opentelemetry.io/collector/exporter/otlphttpexporter"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/otelcol"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/batchprocessor"
	"go.opentelemetry.io/collector/processor/memorylimiterprocessor"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/service/telemetry"
)

// checkCollector has the Collector read the configuration and build its
// pipelines, as "otelcol validate" does.
func checkCollector(t *testing.T, f file) []string {
	t.Helper()
	config, wrong := decode(f.text)
	if wrong != nil {
		return wrong
	}
	collector, err := otelcol.NewCollector(otelcol.CollectorSettings{
		BuildInfo:              component.NewDefaultBuildInfo(),
		Factories:              factories,
		ConfigProviderSettings: otelcol.ConfigProviderSettings{ResolverSettings: resolver(f)},
		SkipSettingGRPCLogger:  true,
	})
	if err == nil {
		err = collector.DryRun(t.Context())
	}
	if err != nil {
		wrong = append(wrong, err.Error())
	}
	return append(wrong, extensions(config)...)
}

// extensions returns extensions that the service does not start although it
// needs them. The Collector itself looks for these when it starts.
func extensions(config map[string]any) []string {
	started := []string{}
	for _, name := range list(get(config, "service", "extensions")) {
		started = append(started, fmt.Sprint(name))
	}
	needed := slices.Collect(maps.Keys(asMap(config["extensions"])))
	var look func(value any)
	look = func(value any) {
		for key, member := range asMap(value) {
			if name, ok := member.(string); ok && (key == "storage" || key == "authenticator") {
				needed = append(needed, name)
			}
			look(member)
		}
	}
	look(config["receivers"])
	look(config["exporters"])
	slices.Sort(needed)
	var wrong []string
	for _, name := range slices.Compact(needed) {
		if !slices.Contains(started, name) {
			wrong = append(wrong, "service::extensions: lacks "+name)
		}
	}
	return wrong
}

// factories are the components that configurations may name.
func factories() (f otelcol.Factories, err error) {
	collect := func(e error) { err = errors.Join(err, e) }
	var e error
	f.Receivers, e = otelcol.MakeFactoryMap[receiver.Factory](filelogreceiver.NewFactory())
	collect(e)
	f.Processors, e = otelcol.MakeFactoryMap[processor.Factory](
		batchprocessor.NewFactory(), memorylimiterprocessor.NewFactory(), resourceprocessor.NewFactory())
	collect(e)
	f.Exporters, e = otelcol.MakeFactoryMap[exporter.Factory](append(documentedExporters(),
		debugexporter.NewFactory(), kafkaexporter.NewFactory(), otlpexporter.NewFactory(), otlphttpexporter.NewFactory())...)
	collect(e)
	f.Extensions, e = otelcol.MakeFactoryMap[extension.Factory](append(documentedExtensions(),
		bearertokenauthextension.NewFactory(), filestorage.NewFactory(), healthcheckextension.NewFactory())...)
	collect(e)
	f.Telemetry = telemetry.NewFactory(func() component.Config { return &ownTelemetry{} })
	return f, err
}

// ownTelemetry takes any settings of the Collector's own telemetry.
type ownTelemetry struct {
	All map[string]any `mapstructure:",remain"`
}

// resolver reads the text, and takes variables from the container.
func resolver(f file) confmap.ResolverSettings {
	return confmap.ResolverSettings{
		URIs:          []string{"yaml:" + f.text},
		DefaultScheme: "env",
		ProviderFactories: []confmap.ProviderFactory{
			yamlprovider.NewFactory(),
			confmap.NewProviderFactory(func(confmap.ProviderSettings) confmap.Provider { return environment{f} }),
		},
	}
}

// environment provides the variables of the containers that read a file.
type environment struct{ file }

func (e environment) Retrieve(_ context.Context, uri string, _ confmap.WatcherFunc) (*confmap.Retrieved, error) {
	name := strings.TrimPrefix(uri, "env:")
	for _, r := range e.reader {
		if value, ok := r.env[name]; ok {
			if value == "" {
				value = "value-of-" + name
			}
			return confmap.NewRetrieved(value)
		}
	}
	return nil, fmt.Errorf("no variable %s", name)
}

func (environment) Scheme() string                 { return "env" }
func (environment) Shutdown(context.Context) error { return nil }
