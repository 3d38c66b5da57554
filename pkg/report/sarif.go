package report

import (
	"net/url"
	"path/filepath"

	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// The parts of SARIF 2.1.0 (OASIS) that code scanning shows.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool        sarifTool         `json:"tool"`
		Invocations []sarifInvocation `json:"invocations"`
		Results     []sarifResult     `json:"results"`
	}
	sarifInvocation struct {
		Successful    bool                `json:"executionSuccessful"`
		Notifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
	}
	sarifNotification struct {
		Descriptor sarifDescriptor `json:"descriptor"`
		Level      string          `json:"level"`
		Message    sarifMessage    `json:"message"`
	}
	sarifDescriptor struct {
		ID string `json:"id"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		Version        string      `json:"version,omitempty"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID                   string       `json:"id"`
		Name                 string       `json:"name"`
		ShortDescription     sarifMessage `json:"shortDescription"`
		FullDescription      sarifMessage `json:"fullDescription"`
		Help                 sarifMessage `json:"help"`
		HelpURI              string       `json:"helpUri"`
		DefaultConfiguration sarifLevel   `json:"defaultConfiguration"`
	}
	sarifLevel struct {
		Level string `json:"level"`
	}
	sarifMessage struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		RuleIndex *int            `json:"ruleIndex,omitempty"` // none for what is no rule
		Level     string          `json:"level"`
		Message   sarifMessage    `json:"message"`
		Locations []sarifLocation `json:"locations"`
	}
	sarifLocation struct {
		Physical sarifPhysical  `json:"physicalLocation"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine int `json:"startLine"`
	}
	sarifLogical struct {
		FullyQualifiedName string `json:"fullyQualifiedName"`
		Kind               string `json:"kind"`
	}
)

// Where SARIF, and what we have to say, is written down.
const (
	sarifSchema = "https://json.schemastore.org/sarif-2.1.0.json"
	home        = "https://github.com/krm-sidecars/krm-sidecars"
	manual      = home + "/blob/main/docs/lint.md#the-rules"
)

func (r Run) sarif() sarifLog {
	driver := sarifDriver{Name: r.Program, Version: r.Version, InformationURI: home, Rules: []sarifRule{}}
	for _, rule := range r.Rules {
		driver.Rules = append(driver.Rules, sarifRule{
			ID: rule.ID, Name: rule.Name, ShortDescription: sarifMessage{rule.About}, FullDescription: sarifMessage{rule.About},
			Help:    sarifMessage{rule.About + " To do: " + rule.Remedy + "."},
			HelpURI: manual, DefaultConfiguration: sarifLevel{level(rule.Severity)},
		})
	}
	run := sarifRun{Tool: sarifTool{driver}, Results: []sarifResult{}}
	done := sarifInvocation{Successful: true}
	for _, res := range r.Report.Results {
		if res.Source != "" {
			run.Results = append(run.Results, r.sarifResult(res))
		} else {
			done.Notifications = append(done.Notifications, sarifNotification{sarifDescriptor{rule(res)}, level(res.Severity), sarifText(res)})
		}
		done.Successful = done.Successful && (res.Rule != "" || res.Severity != pod.Error)
	}
	run.Invocations = []sarifInvocation{done}
	return sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{run}}
}

// sarifResult is a result that is about a file. Code scanning refuses a log in
// which one has no file.
func (r Run) sarifResult(res krm.Result) sarifResult {
	s := sarifResult{RuleID: rule(res), Level: level(res.Severity), Message: sarifText(res)}
	if i := r.indexOf(res.Rule); i >= 0 {
		s.RuleIndex = &i
	}
	at := sarifLocation{Physical: sarifPhysical{sarifArtifact{uri(r.Dir, file(res))}, sarifRegion{max(res.AtLine, 1)}}}
	if about := subject(res); about != "" {
		at.Logical = []sarifLogical{{about, "object"}}
	}
	s.Locations = []sarifLocation{at}
	return s
}

// sarifText is the message of a result, which is shown without what it is about.
func sarifText(res krm.Result) sarifMessage {
	if about := subject(res); about != "" {
		return sarifMessage{about + ": " + res.Message}
	}
	return sarifMessage{res.Message}
}

// level is a severity in the words of SARIF.
func level(s pod.Severity) string {
	if s == pod.Info {
		return "note"
	}
	return string(s)
}

// uri is the name of a file as a URI: relative to the working directory, as code
// scanning wants it, where the file lies there.
func uri(dir, file string) string {
	if near, err := filepath.Rel(dir, file); err == nil && filepath.IsAbs(file) && filepath.IsLocal(near) {
		file = near
	}
	u := url.URL{Path: filepath.ToSlash(filepath.Clean(file))}
	if filepath.IsAbs(file) {
		u.Scheme = "file"
	}
	return u.String()
}
