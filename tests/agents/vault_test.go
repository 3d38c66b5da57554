package agents

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template"

	ctconfig "github.com/hashicorp/consul-template/config"
	ctdependency "github.com/hashicorp/consul-template/dependency"
	cttemplate "github.com/hashicorp/consul-template/template"
	"github.com/hashicorp/hcl"
	"github.com/hashicorp/hcl/hcl/ast"
)

// checkVault reads the configuration of the agent of Vault and OpenBao: its
// syntax and its templates with the agent's own libraries, the other blocks
// against the manual. The agent itself is no module that could be had without
// the server.
func checkVault(t *testing.T, f file) []string {
	t.Helper()
	parsed, err := hcl.Parse(f.text)
	if err != nil {
		return []string{err.Error()}
	}
	root, ok := parsed.Node.(*ast.ObjectList)
	if !ok {
		return []string{"has to be an object"}
	}
	wrong := readDocumented(t, "vault").check(blocks(root))
	templates, err := templatesOf(f.text)
	if err != nil {
		return append(wrong, err.Error())
	}
	for i, c := range templates {
		if err := checkTemplate(c); err != nil {
			wrong = append(wrong, fmt.Sprintf("template[%d]: %v", i, err))
		}
	}
	return wrong
}

// blocks makes maps and lists of HCL. A block is an element of the list under
// its name. What the parser takes for the label of a block is its type: in JSON
// that is a member of an object that has nothing but objects.
func blocks(objects *ast.ObjectList) map[string]any {
	all := map[string]any{}
	for _, item := range objects.Items {
		key, _ := item.Keys[0].Token.Value().(string)
		body, isBlock := item.Val.(*ast.ObjectType)
		if !isBlock {
			all[key] = plainValue(item.Val)
			continue
		}
		inner := blocks(body.List)
		for _, label := range item.Keys[1:] {
			inner["type"] = label.Token.Value()
		}
		all[key] = append(list(all[key]), any(inner))
	}
	return all
}

func plainValue(node ast.Node) any {
	switch n := node.(type) {
	case *ast.LiteralType:
		if number, ok := n.Token.Value().(int64); ok {
			return int(number)
		}
		return n.Token.Value()
	case *ast.ListType:
		all := []any{}
		for _, element := range n.List {
			all = append(all, plainValue(element))
		}
		return all
	case *ast.ObjectType:
		return blocks(n.List)
	}
	return unknown{}
}

// templatesOf reads the template blocks as the agent does, strictly.
func templatesOf(text string) ([]*ctconfig.TemplateConfig, error) {
	var raw struct {
		Template json.RawMessage `json:"template"`
	}
	if err := json.Unmarshal([]byte(text), &raw); err != nil || raw.Template == nil {
		return nil, err
	}
	config, err := ctconfig.Parse(`{"template": ` + string(raw.Template) + `}`)
	if err != nil {
		return nil, err
	}
	config.Finalize()
	return *config.Templates, nil
}

// checkTemplate renders a template twice, as an agent does: first while its
// secrets are not there, then with values.
func checkTemplate(c *ctconfig.TemplateConfig) error {
	if *c.Source != "" {
		return nil // a file of the user's
	}
	parsed, err := cttemplate.NewTemplate(&cttemplate.NewTemplateInput{
		Contents: *c.Contents, Destination: *c.Destination, ErrMissingKey: *c.ErrMissingKey,
		LeftDelim: *c.LeftDelim, RightDelim: *c.RightDelim, Config: c,
		ExtFuncMap: template.FuncMap{"writeToFile": func(...string) string { return "" }},
	})
	if err != nil {
		return err
	}
	brain := cttemplate.NewBrain()
	first, err := parsed.Execute(&cttemplate.ExecuteInput{Brain: brain})
	if err != nil {
		return fmt.Errorf("before its secrets are there: %w", err)
	}
	for _, missing := range first.Missing.List() {
		if !remember(brain, missing, *c.Contents) {
			return fmt.Errorf("no answer to %s", missing)
		}
	}
	second, err := parsed.Execute(&cttemplate.ExecuteInput{Brain: brain})
	if err != nil {
		return err
	}
	text := string(second.Output)
	if strings.TrimSpace(text) == "" || strings.Contains(text, "<no value>") || strings.Contains(text, "map[") {
		return fmt.Errorf("renders %q", text)
	}
	return nil
}

var named = regexp.MustCompile(`\.([A-Za-z_]\w*)|"([\w.-]+)"`)

// remember answers for a server: with a certificate, or with a secret that has
// every field that the template names, once as version 1 and once as version 2 of
// the key/value engine has it.
func remember(brain *cttemplate.Brain, missing ctdependency.Dependency, contents string) bool {
	switch missing.(type) {
	case *ctdependency.VaultPKIQuery:
		brain.Remember(missing, ctdependency.PemEncoded{Cert: "CERT\n", Key: "KEY\n", CA: "CA\n", CAChain: []string{"CA\n"}})
	case *ctdependency.VaultReadQuery, *ctdependency.VaultWriteQuery:
		fields, value := map[string]any{}, `a "text" with $signs\`
		if strings.Contains(contents, "base64Decode") {
			value = "c2VjcmV0"
		}
		for _, match := range named.FindAllStringSubmatch(contents, -1) {
			fields[match[1]+match[2]] = value
		}
		if slices.Contains([]string{".Data.data", `.Data "data"`}, dataField.FindString(contents)) {
			fields = map[string]any{"data": fields, "metadata": map[string]any{"version": 1}}
		}
		brain.Remember(missing, &ctdependency.Secret{Data: fields})
	default:
		return false
	}
	return true
}

// dataField is how a template for version 2 gets at its fields.
var dataField = regexp.MustCompile(`\.Data(\.| ")data\b"?`)
