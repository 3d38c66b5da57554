// Package vault runs pods that add-vault-init has changed against a real Vault,
// which knows the service accounts of the cluster by their tokens.
package vault
