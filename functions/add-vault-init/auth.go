package vaultinit

import (
	"cmp"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/krm-sidecars/krm-sidecars/pkg/config"
)

// Auth is how the agent logs in: one member.
// +kubebuilder:validation:MaxProperties=1
type Auth struct {
	// Kubernetes logs in with a token of the pod's service account, which the server
	// has the cluster review.
	Kubernetes *TokenAuth `json:"kubernetes,omitempty"`
	// JWT logs in with such a token too; the server checks its signature.
	JWT *TokenAuth `json:"jwt,omitempty"`
	// AppRole logs in with a role id and a secret id from a Secret.
	AppRole *AppRoleAuth `json:"approle,omitempty"`
	// Raw is any other method of the agent, such as aws, gcp or azure.
	Raw *RawAuth `json:"raw,omitempty"`
}

// TokenAuth logs in with a token of the pod's service account. The token is made
// for the agent alone, also with automountServiceAccountToken: false.
type TokenAuth struct {
	// Path is where the method is enabled. Default: auth/kubernetes or auth/jwt.
	// +krm-sidecars:text=server-path
	Path string `json:"path,omitempty"`
	// Audience is whom the token is for, as the role on the server expects it. Default: that of
	// the Kubernetes API, which fits roles without an audience.
	// +krm-sidecars:text=single-line
	Audience string `json:"audience,omitempty"`
	// ExpirationSeconds is how long a token lives, at least 600; the kubelet renews
	// it. Default: 3600, as Kubernetes has it.
	// +kubebuilder:validation:Minimum=600
	ExpirationSeconds *int64 `json:"expirationSeconds,omitempty"`
	// Config holds further settings of the method, with the keys of the agent's
	// manual, which win over ours. Default: none.
	Config map[string]any `json:"config,omitempty"`
}

// AppRoleAuth logs in with a role id and a secret id.
type AppRoleAuth struct {
	// Path is where the method is enabled. Default auth/approle.
	// +kubebuilder:default=auth/approle
	// +krm-sidecars:text=server-path
	Path string `json:"path,omitempty"`
	// Secret is the name of the Secret that holds both. Required.
	// +required
	// +krm-sidecars:text=object-name
	Secret string `json:"secret,omitempty"`
	// RoleIDKey is the key of the role id. Default role-id.
	// +krm-sidecars:text=data-key
	// +kubebuilder:default=role-id
	RoleIDKey string `json:"roleIdKey,omitempty"`
	// SecretIDKey is the key of the secret id. Default secret-id.
	// +krm-sidecars:text=data-key
	// +kubebuilder:default=secret-id
	SecretIDKey string `json:"secretIdKey,omitempty"`
}

// RawAuth is a method of the agent's auto-auth with its own settings.
type RawAuth struct {
	// Type is the name of the method, such as aws. Required.
	// +required
	// +krm-sidecars:text=dns-label
	Type string `json:"type,omitempty"`
	// Path is where the method is enabled. Default: auth/ and the type.
	// +krm-sidecars:text=server-path
	Path string `json:"path,omitempty"`
	// Config holds the settings of the method, with the keys of the agent's manual.
	Config map[string]any `json:"config,omitempty"`
}

func (a *Auth) setDefaults() {
	if a.Kubernetes == nil && a.JWT == nil && a.AppRole == nil && a.Raw == nil {
		a.Kubernetes = &TokenAuth{}
	}
	if a.Kubernetes != nil {
		setDefault(&a.Kubernetes.Path, "auth/kubernetes")
	}
	if a.JWT != nil {
		setDefault(&a.JWT.Path, "auth/jwt")
	}
	if a.AppRole != nil {
		setDefault(&a.AppRole.Path, "auth/approle")
		setDefault(&a.AppRole.RoleIDKey, "role-id")
		setDefault(&a.AppRole.SecretIDKey, "secret-id")
	}
	if a.Raw != nil && a.Raw.Type != "" {
		setDefault(&a.Raw.Path, "auth/"+a.Raw.Type)
	}
}

// needsRole: the other methods have their own ways to say who they are.
func (a Auth) needsRole() bool { return a.Kubernetes != nil || a.JWT != nil }

func (a Auth) validate() config.Errors {
	const at = "spec.auth"
	errs := config.OneMember(at, a)
	errs = append(errs, a.Kubernetes.validate().Under(at+".kubernetes")...)
	errs = append(errs, a.JWT.validate().Under(at+".jwt")...)
	errs = append(errs, a.AppRole.validate().Under(at+".approle")...)
	return append(errs, a.Raw.validate().Under(at+".raw")...)
}

func (t *TokenAuth) validate() config.Errors {
	if t == nil {
		return nil
	}
	errs := config.Each("path", t.Path, serverPath("auth/kubernetes"))
	errs = append(errs, config.Each("audience", t.Audience, config.SingleLine)...)
	if t.ExpirationSeconds != nil && *t.ExpirationSeconds < minExpiration {
		errs.Addf("expirationSeconds", "%d is too short for Kubernetes; use %d or more", *t.ExpirationSeconds, minExpiration)
	}
	return append(errs, literalSecrets(t.Config)...)
}

// minExpiration is the shortest life of a projected token, in seconds.
const minExpiration = 600

func (a *AppRoleAuth) validate() config.Errors {
	if a == nil {
		return nil
	}
	errs := config.Each("path", a.Path, serverPath("auth/approle"))
	if a.Secret == "" {
		errs.Addf("secret", "missing; name the Secret that holds %s and %s", a.RoleIDKey, a.SecretIDKey)
	}
	errs = append(errs, config.Each("secret", a.Secret, config.ObjectName)...)
	errs = append(errs, config.Each("roleIdKey", a.RoleIDKey, config.DataKey)...)
	return append(errs, config.Each("secretIdKey", a.SecretIDKey, config.DataKey)...)
}

func (r *RawAuth) validate() config.Errors {
	if r == nil {
		return nil
	}
	var errs config.Errors
	if r.Type == "" {
		errs.Addf("type", "missing; name the method, such as aws, gcp or azure")
	}
	errs = append(errs, config.Each("type", r.Type, config.DNSLabel)...)
	errs = append(errs, config.Each("path", r.Path, serverPath("auth/aws"))...)
	return append(errs, literalSecrets(r.Config)...)
}

// literalSecrets reports settings of a method that hold a secret.
func literalSecrets(settings map[string]any) config.Errors {
	var errs config.Errors
	for _, key := range slices.Sorted(maps.Keys(settings)) {
		text, _ := settings[key].(string)
		if len(config.LiteralSecrets([]corev1.EnvVar{{Name: key, Value: text}}, "")) > 0 {
			errs.Addf("config."+key, "a secret in plain text; give it to the agent as a variable in spec.container.env, with valueFrom.secretKeyRef")
		}
	}
	return errs
}

// The files of the agent's own credentials.
const (
	authDir      = "/var/run/secrets/vault"
	tokenFile    = "token"
	roleIDFile   = "role-id"
	secretIDFile = "secret-id"
)

// method is how the agent is told to log in.
func (a Auth) method(role string) methodBlock {
	switch {
	case a.Kubernetes != nil:
		return methodBlock{Type: "kubernetes", MountPath: a.Kubernetes.Path, Config: a.Kubernetes.over(map[string]any{
			"role": role, tokenPath: authDir + "/" + tokenFile})}
	case a.JWT != nil: // what the kubelet renews must not be removed
		return methodBlock{Type: "jwt", MountPath: a.JWT.Path, Config: a.JWT.over(map[string]any{
			"role": role, jwtPath: authDir + "/" + tokenFile, "remove_jwt_after_reading": false})}
	case a.AppRole != nil: // nor can what a Secret holds
		return methodBlock{Type: "approle", MountPath: a.AppRole.Path, Config: map[string]any{
			"role_id_file_path": authDir + "/" + roleIDFile, "secret_id_file_path": authDir + "/" + secretIDFile,
			"remove_secret_id_file_after_reading": false}}
	default:
		return methodBlock{Type: a.Raw.Type, MountPath: a.Raw.Path, Config: a.Raw.Config}
	}
}

// The settings that say where the token is.
const (
	tokenPath = "token_path"
	jwtPath   = "path"
)

// over puts the user's settings over ours.
func (t *TokenAuth) over(settings map[string]any) map[string]any {
	maps.Copy(settings, t.Config)
	return settings
}

// ownToken reports whether the user says where the token is.
func (a Auth) ownToken() bool {
	return a.Kubernetes != nil && a.Kubernetes.Config[tokenPath] != nil || a.JWT != nil && a.JWT.Config[jwtPath] != nil
}

// volume holds the credentials; false for methods that need none of ours.
func (a Auth) volume(name string) (corev1.Volume, bool) {
	var source corev1.VolumeProjection
	switch {
	case a.AppRole != nil:
		source.Secret = &corev1.SecretProjection{
			LocalObjectReference: corev1.LocalObjectReference{Name: a.AppRole.Secret},
			Items:                []corev1.KeyToPath{{Key: a.AppRole.RoleIDKey, Path: roleIDFile}, {Key: a.AppRole.SecretIDKey, Path: secretIDFile}},
		}
	case a.needsRole() && !a.ownToken():
		t := cmp.Or(a.Kubernetes, a.JWT)
		source.ServiceAccountToken = &corev1.ServiceAccountTokenProjection{Audience: t.Audience, ExpirationSeconds: t.ExpirationSeconds, Path: tokenFile}
	default:
		return corev1.Volume{}, false
	}
	return projected(name, source), true
}

func projected(name string, sources ...corev1.VolumeProjection) corev1.Volume {
	return corev1.Volume{Name: name, VolumeSource: corev1.VolumeSource{Projected: &corev1.ProjectedVolumeSource{Sources: sources}}}
}
