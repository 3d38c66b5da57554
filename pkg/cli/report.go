package cli

import (
	"encoding/json"

	"github.com/krm-sidecars/krm-sidecars/pkg/krm"
)

// jsonReport is the report of --output json.
type jsonReport struct {
	Objects []jsonObject      `json:"objects"`
	Results []json.RawMessage `json:"results"`
}

type jsonObject struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Namespace  string `json:"namespace,omitempty"`
	Name       string `json:"name"`
	Status     string `json:"status"`
	Code       string `json:"code,omitempty"`
	Position   string `json:"position"`
}

func (a *app) printReport(report krm.Report) error {
	out := jsonReport{Objects: []jsonObject{}, Results: []json.RawMessage{}}
	for _, o := range report.Objects {
		out.Objects = append(out.Objects, jsonObject{
			APIVersion: o.Ref.APIVersion, Kind: o.Ref.Kind, Namespace: o.Ref.Namespace, Name: o.Ref.Name,
			Status: string(o.Status), Code: string(o.Code), Position: o.Where(),
		})
	}
	for _, r := range report.Results {
		out.Results = append(out.Results, json.RawMessage(r.Value().JSON()))
	}
	return a.printJSON(out)
}

func (a *app) printJSON(v any) error {
	enc := json.NewEncoder(a.out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
