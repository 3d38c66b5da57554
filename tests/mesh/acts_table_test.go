package mesh

import "github.com/krm-sidecars/krm-sidecars/pkg/pod"

func acts() map[string]act {
	return map[string]act{
		"enabled in a namespace without labels":  {spec: "{mesh: istio}", in: plain(), after: "default"},
		"enabled where the namespace is, too":    {spec: "{mesh: istio}", in: shop("istio-injection: enabled") + plain(), before: "default", after: "default"},
		"enabled where the namespace is not":     {spec: "{mesh: istio}", in: shop("istio-injection: disabled") + plain(), told: []pod.Code{pod.MeshNamespaceOff}},
		"enabled where all must ask":             {values: []string{optIn}, spec: "{mesh: istio}", in: shop("istio-injection: enabled") + plain(), after: "default"},
		"enabled against a selector":             {values: []string{selected}, spec: "{mesh: istio}", in: shop("istio-injection: enabled") + plain(), after: "default"},
		"enabled in a system namespace":          {spec: "{mesh: istio}", in: inSystem(plain()), told: []pod.Code{pod.MeshNamespaceOff}},
		"enabled on the node's network":          {spec: "{mesh: istio}", in: web("labels: {app: web}", "      hostNetwork: true\n"), told: []pod.Code{pod.HostNetwork}},
		"disabled in a namespace without labels": {spec: "{mesh: istio, injection: disabled}", in: plain()},
		"disabled where the namespace is not":    {spec: "{mesh: istio, injection: disabled}", in: shop("istio-injection: enabled") + plain(), before: "default"},
		"disabled where all are injected":        {values: []string{everyone}, spec: "{mesh: istio, injection: disabled}", in: plain(), before: "default"},
		"disabled against a selector":            {values: []string{forced}, spec: "{mesh: istio, injection: disabled}", in: plain(), before: "default"},
		"disabled where a revision is":           {values: []string{canary}, spec: "{mesh: istio, injection: disabled}", in: shop("istio.io/rev: canary") + plain(), before: "canary"},
		"unchanged":                              {spec: "{mesh: istio, injection: unchanged, istio: {logLevel: debug}}", in: plain()},
		"unchanged where the namespace is":       {spec: "{mesh: istio, injection: unchanged, istio: {logLevel: debug}}", in: shop("istio-injection: enabled") + plain(), before: "default", after: "default"},

		"a revision":                          {values: []string{standard, canary}, spec: "{mesh: istio, revision: canary}", in: plain(), after: "canary"},
		"a tag of a revision":                 {values: []string{standard, canary}, spec: "{mesh: istio, revision: stable}", in: plain(), after: "canary"},
		"the default revision by its name":    {values: []string{standard, canary}, spec: "{mesh: istio, revision: default}", in: plain(), after: "default"},
		"no revision beside another":          {values: []string{standard, canary}, spec: "{mesh: istio}", in: plain(), after: "default"},
		"a revision that is not there":        {values: []string{standard}, spec: "{mesh: istio, revision: canary}", in: plain()},
		"a revision where the namespace is":   {values: []string{standard, canary}, spec: "{mesh: istio, revision: canary}", in: shop("istio-injection: enabled") + plain(), before: "default", after: "default", told: []pod.Code{pod.MeshNamespaceOff}},
		"another than the namespace":          {values: []string{standard, canary}, spec: "{mesh: istio, revision: default}", in: shop("istio.io/rev: canary") + plain(), before: "canary", after: "canary", told: []pod.Code{pod.MeshNamespaceOff}},
		"the namespace's own":                 {values: []string{standard, canary}, spec: "{mesh: istio, revision: canary}", in: shop("istio.io/rev: canary") + plain(), before: "canary", after: "canary"},
		"the channel of a managed mesh":       {values: []string{asm}, spec: "{mesh: gcp, revision: asm-managed}", in: plain(), after: "asm-managed"},
		"a managed mesh, disabled":            {values: []string{asm}, spec: "{mesh: gcp, injection: disabled}", in: shop("istio.io/rev: asm-managed") + plain(), before: "asm-managed"},
		"a namespace":                         {spec: "{mesh: istio, scope: namespace}", in: shop("team: shop") + plain(), after: "default"},
		"a namespace, disabled":               {values: []string{everyone}, spec: "{mesh: istio, scope: namespace, injection: disabled}", in: shop("team: shop") + plain(), before: "default"},
		"a namespace of a revision":           {values: []string{standard, canary}, spec: "{mesh: istio, scope: namespace, revision: canary}", in: shop("team: shop") + plain(), after: "canary"},
		"a namespace of a tag":                {values: []string{standard, canary}, spec: "{mesh: istio, scope: namespace, revision: stable}", in: shop("team: shop") + plain(), after: "canary"},
		"a namespace with both labels":        {values: []string{standard, canary}, spec: "{mesh: istio, scope: namespace, revision: canary}", in: shop("istio-injection: enabled, istio.io/rev: canary") + plain(), before: "default", after: "default", told: []pod.Code{pod.MeshWrongPlace}},
		"a namespace with both labels, fixed": {values: []string{standard, canary}, spec: "{mesh: istio, scope: namespace, revision: canary, fix: true}", in: shop("istio-injection: enabled, istio.io/rev: canary") + plain(), before: "default", after: "canary", told: []pod.Code{pod.Repaired}},

		"an annotation that is a label":        {spec: "{mesh: istio, fix: true}", in: web(`labels: {app: web}, annotations: {sidecar.istio.io/inject: "true"}`, ""), after: "default", told: []pod.Code{pod.Repaired}},
		"a value that is no text":              {spec: "{mesh: istio, fix: true}", in: web(`labels: {app: web, sidecar.istio.io/inject: "yes"}`, ""), after: "default", told: []pod.Code{pod.Repaired}},
		"the word for namespaces":              {spec: "{mesh: istio, fix: true}", in: web("labels: {app: web, istio-injection: enabled}", ""), after: "default", told: []pod.Code{pod.Repaired}},
		"an annotation that wants none, fixed": {spec: "{mesh: istio, injection: disabled, fix: true}", in: shop("istio-injection: enabled") + web(`labels: {app: web}, annotations: {sidecar.istio.io/inject: "false"}`, ""), told: []pod.Code{pod.Repaired}},

		"ambient":                       {spec: "{mesh: istio-ambient}", in: plain()},
		"ambient, a namespace":          {spec: "{mesh: istio-ambient, scope: namespace}", in: shop("team: shop") + plain()},
		"ambient where all get proxies": {spec: "{mesh: istio-ambient}", in: shop("istio-injection: enabled") + plain(), before: "default", after: "default", told: []pod.Code{pod.MeshSeveral}},
	}
}

// inSystem moves a manifest to a namespace that Istio leaves alone.
func inSystem(manifest string) string {
	return replaced(manifest, "namespace: shop", "namespace: kube-system")
}
