// Package proxysidecar is the function add-proxy-sidecar: it puts a proxy in front
// of an app, for the traffic that comes in, or beside it, for what goes out.
//
// Each proxy has a file of its own, whose type tells how its container runs. What
// they share stands in front.go, for proxies that the app's Service leads to, and
// in back.go, for those that the app connects to.
package proxysidecar
