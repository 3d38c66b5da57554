// Package vaultinit implements add-vault-init: it brings secrets of HashiCorp
// Vault or OpenBao to an app as files or variables, with an agent in an init
// container, in a sidecar, or in both.
//
//	apiVersion: krm-sidecars.dev/v1alpha1
//	kind: AddVaultInit
//	metadata:
//	  name: web-secrets
//	spec:
//	  address: https://vault.vault.svc:8200
//	  role: web
//	  secrets:
//	  - path: secret/data/web
package vaultinit
