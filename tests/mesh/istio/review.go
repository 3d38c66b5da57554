package istio

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"

	jsonpatch "github.com/evanphx/json-patch/v5"
	admissionv1 "k8s.io/api/admission/v1"
	registrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// review asks a webhook about a new pod, and returns the pod as it wants it.
func (i *injector) review(hook registrationv1.MutatingWebhook, pod corev1.Pod) (corev1.Pod, error) {
	source, err := json.Marshal(pod)
	if err != nil {
		return pod, fmt.Errorf("writing the pod: %w", err)
	}
	response, err := i.ask(path(hook), &admissionv1.AdmissionRequest{
		UID:       "1",
		Kind:      metav1.GroupVersionKind{Version: "v1", Kind: "Pod"},
		Resource:  metav1.GroupVersionResource{Version: "v1", Resource: "pods"},
		Namespace: pod.Namespace,
		Operation: admissionv1.Create,
		Object:    runtime.RawExtension{Raw: source},
	})
	if err != nil || len(response.Patch) == 0 {
		return pod, err
	}
	patch, err := jsonpatch.DecodePatch(response.Patch)
	if err != nil {
		return pod, fmt.Errorf("reading the patch: %w", err)
	}
	patched, err := patch.Apply(source)
	if err != nil {
		return pod, fmt.Errorf("applying the patch: %w", err)
	}
	var injected corev1.Pod
	return injected, json.Unmarshal(patched, &injected)
}

// ask sends a request to the webhook's handler. A pod that is not allowed is an
// error, as it is to who makes it.
func (i *injector) ask(path string, request *admissionv1.AdmissionRequest) (*admissionv1.AdmissionResponse, error) {
	review := admissionv1.AdmissionReview{
		TypeMeta: metav1.TypeMeta{APIVersion: admissionv1.SchemeGroupVersion.String(), Kind: "AdmissionReview"},
		Request:  request,
	}
	body, err := json.Marshal(review)
	if err != nil {
		return nil, fmt.Errorf("writing the review: %w", err)
	}
	r := httptest.NewRequest(http.MethodPost, path, bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	i.handler.ServeHTTP(w, r)
	var answer admissionv1.AdmissionReview
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || answer.Response == nil {
		return nil, fmt.Errorf("no review came back: %d %s", w.Code, w.Body)
	}
	if !answer.Response.Allowed {
		return nil, errors.New(answer.Response.Result.Message)
	}
	return answer.Response, nil
}

func path(hook registrationv1.MutatingWebhook) string {
	if s := hook.ClientConfig.Service; s != nil && s.Path != nil {
		return *s.Path
	}
	return "/"
}
