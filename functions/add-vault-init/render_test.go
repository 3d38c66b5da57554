package vaultinit

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
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
		"env":                     {Secret{Path: "secret/data/web", Format: formatEnv}, two, "api-key=' k'\npass='it'\\''s $1 & \"x\"\\\n2'\nuser='web'\n"},
		"env of keys":             {Secret{Path: "secret/data/web", Format: formatEnv, Keys: []string{"pass"}}, two, "pass='it'\\''s $1 & \"x\"\\\n2'\n"},
		"json":                    {Secret{Path: "secret/data/web", Format: formatJSON}, two, `{"api-key":" k","pass":"it's $1 \u0026 \"x\"\\\n2","user":"web"}` + "\n"},
		"json of keys":            {Secret{Path: "secret/data/web", Format: formatJSON, Keys: []string{"user", "api-key"}}, two, `{"user": "web", "api-key": " k"}` + "\n"},
		"properties":              {Secret{Path: "secret/data/web", Format: formatProperties}, two, "api-key=\\ k\npass=it's $1 & \"x\"\\\\\\n2\nuser=web\n"},
		"properties of keys":      {Secret{Path: "secret/data/web", Format: formatProperties, Keys: []string{"api-key"}}, two, "api-key=\\ k\n"},
		"properties of odd keys":  {Secret{Path: "kv/web", Format: formatProperties}, map[string]any{"a b:c": "1"}, "a\\ b\\:c=1\n"},
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

// A key that is not there must not come out as an empty value.
func TestMissingKeys(t *testing.T) {
	for _, key := range []string{"token", "api-token"} {
		for _, format := range []string{formatFile, formatEnv, formatJSON, formatProperties} {
			s := Secret{Path: "secret/data/web", Format: format, Keys: []string{key}}
			if got, err := render(s.contents(access{}, secretsDir), map[string]any{"data": map[string]any{}}, nil); err == nil {
				t.Errorf("%s as %s: no error, but %q", key, format, got)
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
	c := &Config{Secrets: []Secret{{Path: "database/creds/web", Name: "db"}, {Path: "secret/data/api", Name: "api"}},
		Env: []Env{{"DB_USER", "db", "username"}, {"TOKEN", "api", "api-token"}, {"DB_PASSWORD", "db", "password"}}}
	data := map[string]any{"username": "web", "password": "it's", "data": map[string]any{"api-token": "t"}, "metadata": map[string]any{"version": 1}}
	delete(data, "metadata")
	p := &plan{Config: c}
	if _, err := render(p.envContents(), data, nil); err == nil {
		t.Error("a single quote went into a file of the kubelet's syntax")
	}
	data["password"] = "a\nb"
	got, err := render(p.envContents(), data, nil)
	if want := "DB_USER='web'\nDB_PASSWORD='a\nb'\nTOKEN='t'\n"; err != nil || got != want {
		t.Errorf("for the kubelet: %q, want %q, %v", got, want, err)
	}
	data["password"] = "it's"
	c.EnvWrap = &EnvWrap{}
	got, err = render(p.envContents(), data, nil)
	if want := "DB_USER='web'\nDB_PASSWORD='it'\\''s'\nTOKEN='t'\n"; err != nil || got != want {
		t.Errorf("for a shell: %q, want %q, %v", got, want, err)
	}
}
