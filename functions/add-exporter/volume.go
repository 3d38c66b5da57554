package exporter

import (
	"slices"
	"strconv"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/pod"
)

// writable reports whether files can be mounted below a volume.
func writable(v pod.Volume) bool {
	return slices.ContainsFunc([]string{"emptyDir", "persistentVolumeClaim", "ephemeral"}, func(source string) bool {
		_, ok := v.Source.Get(source)
		return ok
	})
}

// joined is a volume of a ConfigMap or Secret as one that may have more sources.
func joined(v pod.Volume) (corev1.ProjectedVolumeSource, bool) {
	for _, kind := range []struct{ source, name string }{{"configMap", "name"}, {"secret", "secretName"}} {
		source, ok := v.Source.Get(kind.source)
		if !ok || v.Owner != "" {
			continue
		}
		name, _ := source.Get(kind.name)
		ref := corev1.LocalObjectReference{Name: name.Text}
		optional, _ := source.Get("optional")
		yes := truth(optional.Text)
		projection := corev1.VolumeProjection{ConfigMap: &corev1.ConfigMapProjection{LocalObjectReference: ref, Items: items(v, kind.source), Optional: yes}}
		if kind.source == "secret" {
			projection = corev1.VolumeProjection{Secret: &corev1.SecretProjection{LocalObjectReference: ref, Items: items(v, kind.source), Optional: yes}}
		}
		defaultMode, _ := source.Get("defaultMode")
		return corev1.ProjectedVolumeSource{Sources: []corev1.VolumeProjection{projection}, DefaultMode: mode(defaultMode.Text)}, true
	}
	return corev1.ProjectedVolumeSource{}, false
}

// items are the keys that a volume shows.
func items(v pod.Volume, source string) []corev1.KeyToPath {
	from, _ := v.Source.Get(source)
	list, _ := from.Get("items")
	var all []corev1.KeyToPath
	for _, item := range list.Items {
		key, _ := item.Get("key")
		path, _ := item.Get("path")
		bits, _ := item.Get("mode")
		all = append(all, corev1.KeyToPath{Key: key.Text, Path: path.Text, Mode: mode(bits.Text)})
	}
	return all
}

// mode reads the mode of a file, which may be written in octal.
func mode(text string) *int32 {
	n, err := strconv.ParseInt(text, 0, 32)
	if err != nil {
		return nil
	}
	bits := int32(n)
	return &bits
}

func truth(text string) *bool {
	b, err := strconv.ParseBool(text)
	if err != nil {
		return nil
	}
	return &b
}
