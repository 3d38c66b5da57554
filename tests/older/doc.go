// Package older checks what the functions make for Kubernetes 1.28 with the types of
// Kubernetes 1.28: there is no field in it that those lack, and no native sidecar,
// which was off by default. It runs the program, since one Go program holds one
// version of the types.
package older
