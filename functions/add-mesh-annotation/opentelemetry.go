package meshannotation

// OpenTelemetry configures what the OpenTelemetry operator injects. The fields
// that choose what that is take true, false, the name of an object, or its
// namespace and name: shop/otel.
type OpenTelemetry struct {
	// Sidecar injects a collector, by the name of an OpenTelemetryCollector. Default
	// "true" when no language is chosen.
	Sidecar string `json:"sidecar,omitempty" mesh:"sidecar.opentelemetry.io/inject,choice,decides,namespace"`
	// Java instruments Java, by the name of an Instrumentation.
	Java string `json:"java,omitempty" mesh:"instrumentation.opentelemetry.io/inject-java,choice,decides,namespace"`
	// NodeJS instruments Node.js, by the name of an Instrumentation.
	NodeJS string `json:"nodejs,omitempty" mesh:"instrumentation.opentelemetry.io/inject-nodejs,choice,decides,namespace"`
	// Python instruments Python, by the name of an Instrumentation.
	Python string `json:"python,omitempty" mesh:"instrumentation.opentelemetry.io/inject-python,choice,decides,namespace"`
	// DotNet instruments .NET, by the name of an Instrumentation.
	DotNet string `json:"dotnet,omitempty" mesh:"instrumentation.opentelemetry.io/inject-dotnet,choice,decides,namespace"`
	// Go instruments Go, by the name of an Instrumentation.
	Go string `json:"go,omitempty" mesh:"instrumentation.opentelemetry.io/inject-go,choice,decides,namespace"`
	// ApacheHTTPD instruments the Apache HTTP server, by the name of an
	// Instrumentation.
	ApacheHTTPD string `json:"apacheHTTPD,omitempty" mesh:"instrumentation.opentelemetry.io/inject-apache-httpd,choice,decides,namespace"`
	// Nginx instruments nginx, by the name of an Instrumentation.
	Nginx string `json:"nginx,omitempty" mesh:"instrumentation.opentelemetry.io/inject-nginx,choice,decides,namespace"`
	// SDK sets the variables of the SDK alone, by the name of an Instrumentation.
	SDK string `json:"sdk,omitempty" mesh:"instrumentation.opentelemetry.io/inject-sdk,choice,decides,namespace"`

	// Containers names the containers to instrument. Default: the first.
	Containers OpenTelemetryContainers `json:"containers,omitempty"`
	// PythonPlatform is glibc or musl.
	PythonPlatform string `json:"pythonPlatform,omitempty" mesh:"instrumentation.opentelemetry.io/otel-python-platform,glibc|musl"`
	// DotNetRuntime is linux-x64 or linux-musl-x64.
	DotNetRuntime string `json:"dotnetRuntime,omitempty" mesh:"instrumentation.opentelemetry.io/otel-dotnet-auto-runtime,linux-x64|linux-musl-x64"`
	// GoExecutable is the Go program to instrument, which Go needs.
	GoExecutable string `json:"goExecutable,omitempty" mesh:"instrumentation.opentelemetry.io/otel-go-auto-target-exe,path"`
}

// OpenTelemetryContainers names the containers that are instrumented.
type OpenTelemetryContainers struct {
	// All are containers for every language.
	All []string `json:"all,omitempty" mesh:"instrumentation.opentelemetry.io/container-names,dns-labels"`
	// Java are containers with Java.
	Java []string `json:"java,omitempty" mesh:"instrumentation.opentelemetry.io/java-container-names,dns-labels"`
	// NodeJS are containers with Node.js.
	NodeJS []string `json:"nodejs,omitempty" mesh:"instrumentation.opentelemetry.io/nodejs-container-names,dns-labels"`
	// Python are containers with Python.
	Python []string `json:"python,omitempty" mesh:"instrumentation.opentelemetry.io/python-container-names,dns-labels"`
	// DotNet are containers with .NET.
	DotNet []string `json:"dotnet,omitempty" mesh:"instrumentation.opentelemetry.io/dotnet-container-names,dns-labels"`
	// Go are containers with Go.
	Go []string `json:"go,omitempty" mesh:"instrumentation.opentelemetry.io/go-container-names,dns-labels"`
	// ApacheHTTPD are containers with the Apache HTTP server.
	ApacheHTTPD []string `json:"apacheHTTPD,omitempty" mesh:"instrumentation.opentelemetry.io/apache-httpd-container-names,dns-labels"`
	// Nginx are containers with nginx.
	Nginx []string `json:"nginx,omitempty" mesh:"instrumentation.opentelemetry.io/inject-nginx-container-names,dns-labels"`
	// SDK are containers with an SDK of their own.
	SDK []string `json:"sdk,omitempty" mesh:"instrumentation.opentelemetry.io/sdk-container-names,dns-labels"`
}
