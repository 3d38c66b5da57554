package krm

import (
	"errors"
	"fmt"
	"strings"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
	"github.com/krm-sidecars/krm-sidecars/pkg/edit"
	"github.com/krm-sidecars/krm-sidecars/pkg/manifest"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// ErrNoInput says that there was nothing on stdin. Hosts take an empty answer
// for an order to delete everything, so it must not be given.
var ErrNoInput = errors.New("no input: expected a ResourceList")

// RunList runs one function on a ResourceList, as kustomize and kpt call it. The
// functionConfig's kind picks the function, unless only names it. The text that
// is returned is to be written whether the report failed or not: a failed run
// has the items as they came, and results. The error is for input that is no
// ResourceList; there is no text then.
func RunList(functions []Function, only, src string) (string, Report, error) {
	if strings.TrimSpace(src) == "" {
		return "", Report{}, ErrNoInput
	}
	s, err := manifest.ReadList(src)
	if err != nil {
		return "", Report{}, err
	}
	if s.List == nil {
		return "", Report{}, errors.New("expected a ResourceList on stdin; for a YAML stream use krm-sidecars post-render, for files krm-sidecars inject")
	}
	report := runList(functions, only, s)
	if report.Function == "" {
		report.Function = program
	}
	if report.Failed() {
		if s, err = manifest.ReadList(src); err != nil {
			return "", report, err
		}
	}
	values := make([]edit.Value, len(report.Results))
	for i, r := range report.Results {
		values[i] = r.Value()
	}
	if err := s.List.AddResults(values); err != nil {
		return "", report, err
	}
	return s.String(), report, nil
}

func runList(functions []Function, only string, s *manifest.Stream) Report {
	f, err := pick(functions, only, s.List)
	if err != nil {
		return failed(program, err)
	}
	in, err := NewInstance(functions, f, s.List.Config)
	if err != nil {
		report := failed(f.Name, err)
		report.Function = f.Name
		return report
	}
	e, err := NewEngine([]*Instance{in}, "")
	if err != nil {
		return failed(f.Name, err)
	}
	report := e.Run(s)
	report.Function = f.Name
	if !report.Failed() {
		report.Add(e.Unmatched())
	}
	return report
}

// RunText runs an engine over the text of a stream. With an error in the report
// there is no text.
func (e *Engine) RunText(name, src string) (string, Report) {
	texts, report := e.RunTexts(Text{Name: name, Source: src})
	if texts == nil {
		return "", report
	}
	return texts[0], report
}

// Text is the text of a file.
type Text struct {
	Name, Source string
}

// RunTexts runs an engine over several files at once: what a function generates
// may lie in another file than its workload. With an error in the report there
// are no texts.
func (e *Engine) RunTexts(texts ...Text) ([]string, Report) {
	streams, report := e.RunStreams(texts...)
	if streams == nil {
		return nil, report
	}
	out := make([]string, len(streams))
	for i, s := range streams {
		out[i] = s.String()
	}
	return out, report
}

// RunStreams is RunTexts for who looks at the objects.
func (e *Engine) RunStreams(texts ...Text) ([]*manifest.Stream, Report) {
	var report Report
	streams := make([]*manifest.Stream, len(texts))
	for i, text := range texts {
		s, err := manifest.Read(text.Name, text.Source)
		if err != nil {
			report.Add(invalidInput(err))
		}
		streams[i] = s
	}
	if !report.Failed() {
		report.Add(e.Run(streams...))
	}
	if report.Failed() {
		return nil, report
	}
	return streams, report
}

// RunStream is RunText for who writes the stream out by parts.
func (e *Engine) RunStream(name, src string) (*manifest.Stream, Report) {
	s, err := manifest.Read(name, src)
	if err != nil {
		return nil, invalidInput(err)
	}
	report := e.Run(s)
	if report.Failed() {
		return nil, report
	}
	return s, report
}

// invalidInput is the report of a text that could not be read.
func invalidInput(err error) Report {
	r := Result{Function: program, Severity: pod.Error, Code: pod.InvalidInput, Message: err.Error()}
	r.Source, r.AtLine = whereUnread(err)
	return Report{Results: []Result{r}}
}

// whereUnread is the file and line at which a text could not be read.
func whereUnread(err error) (file string, line int) {
	var unread *manifest.ReadError
	if errors.As(err, &unread) {
		return unread.Position.File, unread.Position.Line
	}
	return "", 0
}

// program speaks where no function does.
const program = "krm-sidecars"

// pick finds the function that a ResourceList asks for.
func pick(functions []Function, only string, list *manifest.ResourceList) (Function, error) {
	name := only
	if name == "" {
		if list.Config == nil {
			return Function{}, fmt.Errorf("there is no functionConfig to tell which function to run; the kinds are %s", strings.Join(Kinds(functions), ", "))
		}
		name = config.ReadHeader(list.Config.Root).Kind
	}
	f, ok := Find(functions, name)
	if !ok {
		return f, fmt.Errorf("functionConfig: %s; with a ConfigMap, run the program or image of one function", unknownKind(name, functions))
	}
	return f, nil
}

// unknownKind says that a kind names no function, and which one may be meant.
func unknownKind(kind string, functions []Function) string {
	said := fmt.Sprintf("kind %q names no function; the kinds are %s", kind, strings.Join(Kinds(functions), ", "))
	if near := config.Nearest(kind, Kinds(functions)); near != "" {
		said += "; did you mean " + near + "?"
	}
	return said
}

// Kinds lists the kinds of functionConfigs.
func Kinds(functions []Function) []string {
	all := make([]string, len(functions))
	for i, f := range functions {
		all[i] = f.Kind
	}
	return all
}

// refOfConfig names a functionConfig in results.
func refOfConfig(h config.Header) pod.Ref {
	return pod.Ref{APIVersion: h.APIVersion, Kind: h.Kind, Namespace: h.Namespace, Name: h.Name}
}

// Failure is the report of configs that cannot be used.
func Failure(err error) Report { return failed(program, err) }

// failed is the report of a run that could not begin.
func failed(name string, err error) Report {
	var bad *ConfigError
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var report Report
		for _, e := range joined.Unwrap() {
			report.Add(failed(name, e))
		}
		return report
	}
	if !errors.As(err, &bad) {
		return Report{Results: []Result{{Function: name, Severity: pod.Error, Code: pod.InvalidConfig, Message: err.Error()}}}
	}
	var report Report
	for _, e := range bad.Errors {
		where := ""
		if bad.File != "" {
			where = bad.File
			if e.Line > 0 {
				where = fmt.Sprintf("%s, line %d", bad.File, bad.Line+e.Line)
			}
		}
		report.Results = append(report.Results, Result{
			Where: where, Function: bad.Function, Severity: pod.Error, Code: pod.InvalidConfig, Field: e.Path, Message: e.Msg,
			Ref: refOfConfig(bad.Header), File: bad.Header.Path, Index: bad.Header.Index,
		})
	}
	return report
}
