//go:build e2e

package e2e

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// `helm install --dry-run=client` asks for the server's version and kinds and
// for nothing else: these answers are all the cluster that it needs.
var kinds = map[string][]string{
	"v1":                      {"ConfigMap", "Service", "Pod", "List"},
	"apps/v1":                 {"Deployment", "StatefulSet"},
	"batch/v1":                {"Job"},
	"apiextensions.k8s.io/v1": {"CustomResourceDefinition"},
}

type object = map[string]any

func startAPIServer(t *testing.T) string {
	t.Helper()
	pages := discovery()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer(w, pages[r.URL.Path])
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// discovery is what tells the server's version and kinds, by path.
func discovery() map[string]object {
	pages := map[string]object{
		"/version": {"major": "1", "minor": "36", "gitVersion": "v1.36.0"},
		"/api":     {"kind": "APIVersions", "versions": []string{"v1"}},
		"/apis":    {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups()},
	}
	for version, list := range kinds {
		root := "/apis/"
		if version == "v1" {
			root = "/api/"
		}
		pages[root+version] = object{"kind": "APIResourceList", "groupVersion": version, "resources": resources(list)}
	}
	return pages
}

func answer(w http.ResponseWriter, page object) {
	w.Header().Set("Content-Type", "application/json")
	if page == nil {
		w.WriteHeader(http.StatusNotFound)
		page = object{"kind": "Status", "status": "Failure", "reason": "NotFound", "code": 404}
	}
	_ = json.NewEncoder(w).Encode(page)
}

func groups() []object {
	var list []object
	for version := range kinds {
		if group, v, found := strings.Cut(version, "/"); found {
			entry := object{"groupVersion": version, "version": v}
			list = append(list, object{"name": group, "versions": []object{entry}, "preferredVersion": entry})
		}
	}
	return list
}

func resources(kinds []string) []object {
	var list []object
	for _, kind := range kinds {
		list = append(list, object{
			"kind": kind, "name": strings.ToLower(kind) + "s", "singularName": "",
			"namespaced": kind != "CustomResourceDefinition", "verbs": []string{"get"},
		})
	}
	return list
}
