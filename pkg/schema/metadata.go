package schema

// metadata is what a functionConfig says about itself. Of the fields that objects
// in a cluster have, files are seldom seen to hold more than the first four.
func metadata() map[string]any {
	text := map[string]any{"type": "string"}
	texts := map[string]any{"type": "object", "additionalProperties": text}
	fields := map[string]any{
		"name": map[string]any{
			"type": "string", "maxLength": 253, "pattern": `^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`,
			"description": "Name of this use of the function, such as web-logs: one function may run several times on a workload.",
		},
		"namespace": text, "labels": texts, "annotations": texts,
	}
	for _, name := range []string{
		"creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "finalizers", "generateName", "generation",
		"managedFields", "ownerReferences", "resourceVersion", "selfLink", "uid",
	} {
		fields[name] = true
	}
	return map[string]any{"type": "object", "required": []string{"name"}, "properties": fields, "additionalProperties": false}
}
