package report

// summary is a report as JSON.
type summary struct {
	Failed   bool      `json:"failed"`
	Checked  int       `json:"checked"` // objects
	Ignored  int       `json:"ignored"` // findings
	Findings []finding `json:"findings"`
}

type finding struct {
	Rule       string `json:"rule"` // or the code of what is no finding of a rule
	Name       string `json:"name,omitempty"`
	Severity   string `json:"severity"`
	Fails      bool   `json:"fails"`
	File       string `json:"file,omitempty"`
	Line       int    `json:"line,omitempty"`
	APIVersion string `json:"apiVersion,omitempty"`
	Kind       string `json:"kind,omitempty"`
	Namespace  string `json:"namespace,omitempty"`
	Object     string `json:"object,omitempty"`
	Field      string `json:"field,omitempty"`
	Message    string `json:"message"`
}

func (r Run) findings() summary {
	s := summary{Failed: r.Report.Failed(), Checked: r.Report.Judged.Objects, Ignored: r.Report.Judged.Ignored, Findings: []finding{}}
	for _, res := range r.Report.Results {
		s.Findings = append(s.Findings, finding{
			Rule: rule(res), Name: r.nameOf(res.Rule), Severity: string(res.Severity), Fails: res.Fatal(),
			File: file(res), Line: res.AtLine,
			APIVersion: res.Ref.APIVersion, Kind: res.Ref.Kind, Namespace: res.Ref.Namespace, Object: res.Ref.Name,
			Field: res.Field, Message: res.Message,
		})
	}
	return s
}
