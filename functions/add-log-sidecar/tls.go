package logsidecar

// caPath is the file of the certificate authority in the sidecar; "" for that
// of the image.
func (t *TLS) caPath() string {
	if t == nil || t.CA == nil {
		return ""
	}
	return caDir + "/" + caFile
}

// verified reports whether certificates are checked.
func (t *TLS) verified() bool { return t == nil || !t.InsecureSkipVerify }

// serverName is the name in the certificate; "" for the host.
func (t *TLS) serverName() string {
	if t == nil {
		return ""
	}
	return t.ServerName
}
