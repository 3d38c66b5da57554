package agents

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/grafana/alloy/syntax/ast"
	"github.com/grafana/alloy/syntax/parser"
	"github.com/grafana/alloy/syntax/token"
)

// checkAlloy parses with Alloy's own parser, and holds blocks and attributes
// against the manual.
func checkAlloy(t *testing.T, f file) []string {
	t.Helper()
	parsed, err := parser.ParseFile(f.from, []byte(f.text))
	if err != nil {
		return []string{err.Error()}
	}
	r := alloyReader{}
	config, wrong := r.body(parsed.Body)
	wrong = append(wrong, readDocumented(t, "alloy").check(config)...)
	for _, name := range r.named {
		if !slices.Contains(r.declared, name) {
			wrong = append(wrong, name+" is not declared")
		}
	}
	return wrong
}

// alloyReader makes maps and lists of Alloy's syntax. A block is an element of
// the list under its name.
type alloyReader struct {
	declared, named []string // components, as loki.write.out
}

func (r *alloyReader) body(body ast.Body) (map[string]any, []string) {
	config := map[string]any{}
	var wrong []string
	for _, statement := range body {
		switch s := statement.(type) {
		case *ast.AttributeStmt:
			if _, twice := config[s.Name.Name]; twice {
				wrong = append(wrong, s.Name.Name+" is set twice")
			}
			config[s.Name.Name] = r.value(s.Value)
		case *ast.BlockStmt:
			name := strings.Join(s.Name, ".")
			if s.Label != "" {
				r.declared = append(r.declared, name+"."+s.Label)
			}
			inner, more := r.body(s.Body)
			wrong = append(wrong, more...)
			config[name] = append(list(config[name]), any(inner))
		}
	}
	return config, wrong
}

func (r *alloyReader) value(expression ast.Expr) any {
	switch e := expression.(type) {
	case *ast.LiteralExpr:
		return literal(e)
	case *ast.ArrayExpr:
		all := []any{}
		for _, element := range e.Elements {
			all = append(all, r.value(element))
		}
		return all
	case *ast.ObjectExpr:
		all := map[string]any{}
		for _, field := range e.Fields {
			all[field.Name.Name] = r.value(field.Value)
		}
		return all
	case *ast.AccessExpr:
		r.name(access(e))
	case *ast.CallExpr:
		for _, argument := range e.Args {
			r.value(argument)
		}
	case *ast.BinaryExpr:
		r.value(e.Left)
		r.value(e.Right)
	}
	return unknown{}
}

// name notes a component that is named by a field of it, as loki.write.out.receiver.
func (r *alloyReader) name(path string) {
	parts := strings.Split(path, ".")
	if n := len(parts); n > 2 && slices.Contains([]string{"loki", "otelcol", "local"}, parts[0]) {
		r.named = append(r.named, strings.Join(parts[:n-1], "."))
	}
}

func access(expression ast.Expr) string {
	switch e := expression.(type) {
	case *ast.AccessExpr:
		return access(e.Value) + "." + e.Name.Name
	case *ast.IdentifierExpr:
		return e.Ident.Name
	}
	return fmt.Sprintf("%T", expression)
}

func literal(e *ast.LiteralExpr) any {
	switch e.Kind {
	case token.STRING:
		if text, err := strconv.Unquote(e.Value); err == nil {
			return text
		}
	case token.NUMBER:
		if n, err := strconv.Atoi(e.Value); err == nil {
			return n
		}
	case token.FLOAT:
		if n, err := strconv.ParseFloat(e.Value, 64); err == nil {
			return n
		}
	case token.BOOL:
		return e.Value == "true"
	case token.NULL:
		return nil
	}
	return e.Value
}
