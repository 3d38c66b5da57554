package vaultinit

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template"

	"github.com/google/go-cmp/cmp"
)

// functions are those of the agent's template language that we use, as its manual
// describes them. secret answers with data; written gets what writeToFile writes.
func functions(data map[string]any, written map[string]string) template.FuncMap {
	return template.FuncMap{
		"secret":          func(string) map[string]any { return map[string]any{"Data": data} },
		"replaceAll":      func(from, to, text string) string { return strings.ReplaceAll(text, from, to) },
		"regexReplaceAll": func(re, to, text string) string { return regexp.MustCompile(re).ReplaceAllString(text, to) },
		"regexMatch":      func(re, text string) bool { return regexp.MustCompile(re).MatchString(text) },
		"sprig_hasKey":    func(m map[string]any, key string) bool { _, ok := m[key]; return ok },
		"sprig_fail":      func(text string) (string, error) { return "", errors.New(text) },
		"sprig_kindOf":    func(v any) string { return reflect.ValueOf(v).Kind().String() },
		"sprig_kindIs":    func(kind string, v any) bool { return kind == reflect.ValueOf(v).Kind().String() },
		"sprig_list":      func(all ...any) []any { return all },
		"sprig_pick": func(m map[string]any, keys ...string) map[string]any {
			m = maps.Clone(m)
			maps.DeleteFunc(m, func(key string, _ any) bool { return !slices.Contains(keys, key) })
			return m
		},
		"toJSON": func(v any) (string, error) {
			text, err := json.Marshal(v)
			return string(text), err
		},
		"pkiCert": func(path string, args ...string) map[string]any {
			written["issued"] += path + " " + strings.Join(args, " ") + "\n"
			return map[string]any{"Data": map[string]any{"Key": "KEY\n", "Cert": "CERT\n", "CA": "CA\n"}}
		},
		"writeToFile": func(path, user, group, mode, text string) string {
			written[path] = fmt.Sprintf("%s:%s %s %s", user, group, mode, text)
			return ""
		},
	}
}

func render(text string, data map[string]any, written map[string]string) (string, error) {
	t, err := template.New("").Option("missingkey=error").Funcs(functions(data, written)).Parse(text)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = t.Execute(&b, nil)
	return b.String(), err
}

func TestFormats(t *testing.T) {
	values := map[string]any{"user": "web", "pass": "it's $1 & \"x\"\\\n2", "api-key": " k"}
	two := map[string]any{"data": values, "metadata": map[string]any{"version": 3}}
	for name, c := range map[string]struct {
		secret Secret
		data   map[string]any
		want   string
	}{
		"file":                    {Secret{Path: "secret/data/web"}, two, "api-key:  k\npass: it's $1 & \"x\"\\\n2\nuser: web\n"},
		"one key":                 {Secret{Path: "secret/data/web", Keys: []string{"user"}}, two, "web"},
		"one key with a dash":     {Secret{Path: "secret/data/web", Keys: []string{"api-key"}}, two, " k"},
		"two keys":                {Secret{Path: "secret/data/web", Keys: []string{"user", "api-key"}}, two, "user: web\napi-key:  k\n"},
		"version 1":               {Secret{Path: "kv/web", Version: 1, Keys: []string{"user"}}, values, "web"},
		"version 1 under data":    {Secret{Path: "kv/data/web", Version: 1, Keys: []string{"user"}}, values, "web"},
		"version 2":               {Secret{Path: "secret/web", Version: 2, Keys: []string{"user"}}, two, "web"},
		"any version, answers 1":  {Secret{Path: "kv/web", Keys: []string{"user"}}, values, "web"},
		"any version, answers 2":  {Secret{Path: "kv/web", Keys: []string{"user"}}, two, "web"},
		"a key named data":        {Secret{Path: "kv/web", Keys: []string{"data"}}, map[string]any{"data": "x"}, "x"},
		"a key named metadata":    {Secret{Path: "kv/web"}, map[string]any{"data": "x", "metadata": "y"}, "data: x\nmetadata: y\n"},
		"metadata of their own":   {Secret{Path: "kv/web", Format: formatJSON}, map[string]any{"data": "x", "metadata": map[string]any{"owner": "y"}}, `{"data":"x","metadata":{"owner":"y"}}` + "\n"},
		"no text at all":          {Secret{Path: "aws/creds/web"}, map[string]any{"user": "web", "session": nil}, "user: web\n"},
		"numbers and truths":      {Secret{Path: "kv/web"}, map[string]any{"empty": "", "no": false, "zero": 0, "long": json.Number("12345678901234")}, "empty: \nlong: 12345678901234\nno: false\nzero: 0\n"},
		"json of a map":           {Secret{Path: "kv/web", Format: formatJSON, Keys: []string{"map", "null"}}, map[string]any{"map": map[string]any{"a": 1}, "null": nil, "x": 1}, `{"map":{"a":1},"null":null}` + "\n"},
		"env":                     {Secret{Path: "kv/web", Format: formatEnv}, map[string]any{"PASS_1": values["pass"], "user": "web"}, "PASS_1='it'\\''s $1 & \"x\"\\\n2'\nuser='web'\n"},
		"env of keys":             {Secret{Path: "secret/data/web", Format: formatEnv, Keys: []string{"pass"}}, two, "pass='it'\\''s $1 & \"x\"\\\n2'\n"},
		"json":                    {Secret{Path: "secret/data/web", Format: formatJSON}, two, `{"api-key":" k","pass":"it's $1 \u0026 \"x\"\\\n2","user":"web"}` + "\n"},
		"json of keys":            {Secret{Path: "secret/data/web", Format: formatJSON, Keys: []string{"user", "api-key"}}, two, `{"api-key":" k","user":"web"}` + "\n"},
		"properties":              {Secret{Path: "secret/data/web", Format: formatProperties}, two, "api-key=\\ k\npass=it's $1 & \"x\"\\\\\\n2\nuser=web\n"},
		"properties of keys":      {Secret{Path: "secret/data/web", Format: formatProperties, Keys: []string{"api-key"}}, two, "api-key=\\ k\n"},
		"properties of odd keys":  {Secret{Path: "kv/web", Format: formatProperties}, map[string]any{"a b:c": "1", "d\n\\": "2"}, "a\\ b\\:c=1\nd\\n\\\\=2\n"},
		"properties of such keys": {Secret{Path: "kv/web", Format: formatProperties, Keys: []string{"key:colon", "a b", `\`}}, map[string]any{"a b": "1", "key:colon": "2", `\`: "3"}, "key\\:colon=2\na\\ b=1\n\\\\=3\n"},
		"template with text only": {Secret{Template: "hello"}, nil, "hello"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := render(c.secret.contents(access{}, secretsDir), c.data, nil)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What cannot be written as it is must not come out as something else.
func TestRefusals(t *testing.T) {
	const path = "secret/data/web"
	odd := map[string]any{"map": map[string]any{"a": 1}, "list": []any{"x", "y"}, "null": nil}
	texts := []string{formatFile, formatEnv, formatProperties}
	for want, c := range map[string]struct {
		formats []string
		keys    []string
		data    map[string]any
	}{
		"secret/data/web has no key token":                         {append(texts, formatJSON), []string{"token"}, nil},
		"secret/data/web has no key token_2":                       {append(texts, formatJSON), []string{"map", "token_2"}, map[string]any{"map": "text"}},
		"map of secret/data/web is no text; use format json":       {texts, []string{"map"}, odd},
		"list of secret/data/web is no text; use format json":      {texts, []string{"list", "map"}, odd},
		"null of secret/data/web is no text; use format json":      {texts, []string{"null"}, odd},
		"any of secret/data/web is no text; use format json":       {texts, nil, map[string]any{"any": odd}},
		"api-key of secret/data/web is no name of a variable":      {[]string{formatEnv}, nil, map[string]any{"api-key": "x"}},
		"1st of secret/data/web is no name of a variable":          {[]string{formatEnv}, nil, map[string]any{"1st": "x"}},
		"touch /tmp/x # of secret/data/web is no name of a variab": {[]string{formatEnv}, nil, map[string]any{"touch /tmp/x #": "x"}},
		"a\nb of secret/data/web is no name of a variable":         {[]string{formatEnv}, nil, map[string]any{"a\nb": "x"}},
	} {
		for _, format := range c.formats {
			s := Secret{Path: path, Format: format, Keys: c.keys}
			got, err := render(s.contents(access{}, secretsDir), map[string]any{"data": c.data}, nil)
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: want %q, got %q, %v", format, want, got, err)
			}
		}
	}
}

func TestCertificateIsIssuedOnce(t *testing.T) {
	p := &PKI{Path: "pki/issue/web", CommonName: "web.example.com", AltNames: []string{"a.example.com", "b.example.com"}, IPSANs: []string{"10.0.0.1"}, TTL: "24h"}
	s := Secret{PKI: p}
	s.setDefaults()
	written := map[string]string{}
	own, err := render(s.contents(access{group: "2000"}, secretsDir), nil, written)
	if err != nil {
		t.Fatal(err)
	}
	if want := "KEY\nCERT\nCA\n"; own != want {
		t.Errorf("the secret's own file is %q, want %q", own, want)
	}
	if diff := cmp.Diff(map[string]string{
		"issued":                 "pki/issue/web common_name=web.example.com alt_names=a.example.com,b.example.com ip_sans=10.0.0.1 ttl=24h\n",
		"/vault/secrets/tls.key": ":2000 0640 KEY\n",
		"/vault/secrets/tls.crt": ":2000 0640 CERT\n",
		"/vault/secrets/ca.crt":  ":2000 0640 CA\n",
	}, written); diff != "" {
		t.Error(diff)
	}
	p.Chain = true
	if _, err := render(s.contents(access{}, secretsDir), nil, written); err != nil || written["/vault/secrets/tls.crt"] != ": 0644 CERT\nCA\n" {
		t.Errorf("with its chain the certificate is %q, %v", written["/vault/secrets/tls.crt"], err)
	}
}

func TestVariables(t *testing.T) {
	c := &Config{Secrets: []Secret{{Path: "database/creds/web", Name: "db"}, {Path: "kv/api", Name: "api", Version: 1}},
		Env: []Env{{"DB_USER", "db", "username"}, {"TOKEN", "api", "api-token"}, {"DB_PASSWORD", "db", "password"}}}
	p := &plan{Config: c}
	for _, v := range []struct {
		password               any
		kubelet, shell, refuse string // refuse: what the kubelet's file cannot hold
	}{
		{password: "x", kubelet: "'x'", shell: "'x'"},
		{password: "a\nb\r", kubelet: "'a\nb\r'", shell: "'a\nb\r'"},
		{password: 12, kubelet: "'12'", shell: "'12'"},
		{password: "it's", shell: `'it'\''s'`, refuse: "password of database/creds/web holds a single quote"},
		{password: "a\r\nb", shell: "'a\r\nb'", refuse: "password of database/creds/web holds a single quote"},
		{password: nil, refuse: "password of database/creds/web is no text"},
		{password: []any{"x"}, refuse: "password of database/creds/web is no text"},
	} {
		data := map[string]any{"username": "web", "password": v.password, "api-token": "t"}
		for _, way := range []struct {
			wrap *EnvWrap
			want string
		}{{nil, v.kubelet}, {&EnvWrap{}, v.shell}} {
			c.EnvWrap = way.wrap
			got, err := render(p.envContents(), data, nil)
			switch want := "DB_USER='web'\nDB_PASSWORD=" + way.want + "\nTOKEN='t'\n"; {
			case way.want == "" && (err == nil || !strings.Contains(err.Error(), v.refuse)):
				t.Errorf("%q: want %q, got %q, %v", v.password, v.refuse, got, err)
			case way.want != "" && (err != nil || got != want):
				t.Errorf("%q: want %q, got %q, %v", v.password, want, got, err)
			}
		}
	}
	if got, err := render(p.envContents(), map[string]any{"username": "web"}, nil); err == nil || !strings.Contains(err.Error(), "database/creds/web has no key password") {
		t.Errorf("without a password: %q, %v", got, err)
	}
}
