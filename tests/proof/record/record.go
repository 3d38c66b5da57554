// Package record keeps what tests and benchmarks measured, for docs/proof.md.
package record

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Variable names the folder that measurements are kept in. Without it none are.
const Variable = "KRM_SIDECARS_PROOF"

// Part is what one group of tests measured.
type Part struct {
	Rows    []Row   `json:"rows,omitempty"`
	Tables  []Table `json:"tables,omitempty"`
	Date    string  `json:"date"`
	Machine Machine `json:"machine"`
}

// Row is one thing that was found.
type Row struct {
	What   string `json:"what"`
	Result string `json:"result"`
}

// Table is for what has several figures each.
type Table struct {
	Caption string     `json:"caption,omitempty"`
	Head    []string   `json:"head"`
	Rows    [][]string `json:"rows"`
}

// Write keeps a part under a name, with the day and the machine. It does nothing
// where no folder is named.
func Write(name string, part Part) error {
	folder := os.Getenv(Variable)
	if folder == "" {
		return nil
	}
	part.Date, part.Machine = time.Now().UTC().Format(time.DateOnly), machine()
	text, err := json.MarshalIndent(part, "", "  ")
	if err != nil {
		return fmt.Errorf("recording %s: %w", name, err)
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("recording %s: %w", name, err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".json"), append(text, '\n'), 0o644); err != nil {
		return fmt.Errorf("recording %s: %w", name, err)
	}
	return nil
}

// ReadAll returns the parts that Write kept in a folder, by name.
func ReadAll(folder string) (map[string]Part, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil {
		return nil, fmt.Errorf("reading measurements: %w", err)
	}
	parts := map[string]Part{}
	for _, file := range files {
		var part Part
		text, err := os.ReadFile(file)
		if err == nil {
			err = json.Unmarshal(text, &part)
		}
		if err != nil {
			return nil, fmt.Errorf("reading measurements: %w", err)
		}
		parts[strings.TrimSuffix(filepath.Base(file), ".json")] = part
	}
	return parts, nil
}
