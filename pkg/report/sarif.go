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
		Tool    sarifTool     `json:"tool"`
		Results []sarifResult `json:"results"`
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
		Locations []sarifLocation `json:"locations,omitempty"`
	}
	sarifLocation struct {
		Physical *sarifPhysical `json:"physicalLocation,omitempty"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
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
			ID: rule.ID, Name: rule.Name, ShortDescription: sarifMessage{rule.About}, Help: sarifMessage{rule.About + " To do: " + rule.Remedy + "."},
			HelpURI: manual, DefaultConfiguration: sarifLevel{level(rule.Severity)},
		})
	}
	run := sarifRun{Tool: sarifTool{driver}, Results: []sarifResult{}}
	for _, res := range r.Report.Results {
		run.Results = append(run.Results, r.sarifResult(res))
	}
	return sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{run}}
}

func (r Run) sarifResult(res krm.Result) sarifResult {
	s := sarifResult{RuleID: rule(res), Level: level(res.Severity), Message: sarifMessage{res.Message}}
	if i := r.indexOf(res.Rule); i >= 0 {
		s.RuleIndex = &i
	}
	var at sarifLocation
	if res.Source != "" && res.Source != "-" {
		at.Physical = &sarifPhysical{Artifact: sarifArtifact{uri(res.Source)}}
		if res.AtLine > 0 {
			at.Physical.Region = &sarifRegion{res.AtLine}
		}
	}
	if res.Ref != (pod.Ref{}) {
		name := res.Ref.String()
		if res.Field != "" {
			name += " " + res.Field
		}
		at.Logical = []sarifLogical{{name, "object"}}
	}
	if at.Physical != nil || at.Logical != nil {
		s.Locations = []sarifLocation{at}
	}
	return s
}

// level is a severity in the words of SARIF.
func level(s pod.Severity) string {
	if s == pod.Info {
		return "note"
	}
	return string(s)
}

// uri is the name of a file as a URI, relative to the root of the repository where
// the name is relative.
func uri(file string) string {
	u := url.URL{Path: filepath.ToSlash(filepath.Clean(file))}
	if filepath.IsAbs(file) {
		u.Scheme = "file"
	}
	return u.String()
}
