package inject

import corev1 "k8s.io/api/core/v1"

// GitSSH has git-sync use the key of a Secret and the known_hosts in it, for a
// repository over ssh, and returns the flags that say so. The key is ssh-privatekey
// in Secrets of the type kubernetes.io/ssh-auth.
func (inj *Injection) GitSSH(c *corev1.Container, volume, secret, key string) []string {
	const dir, hosts = "/etc/git-ssh", "known_hosts"
	inj.MountSecret(c, volume, secret, dir, key, hosts)
	return Flags("--ssh-key-file", dir+"/"+key, "--ssh-known-hosts-file", dir+"/"+hosts)
}
