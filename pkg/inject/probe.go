package inject

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// Asks is a probe that asks a path over HTTP every so many seconds.
func Asks(path string, port, period int32) *corev1.Probe {
	return &corev1.Probe{PeriodSeconds: period, TimeoutSeconds: 5, ProbeHandler: corev1.ProbeHandler{
		HTTPGet: &corev1.HTTPGetAction{Path: path, Port: intstr.FromInt32(port)}}}
}

// Connects is a probe that opens a connection every so many seconds.
func Connects(port, period int32) *corev1.Probe {
	return &corev1.Probe{PeriodSeconds: period, TimeoutSeconds: 5, ProbeHandler: corev1.ProbeHandler{
		TCPSocket: &corev1.TCPSocketAction{Port: intstr.FromInt32(port)}}}
}

// Starts is a probe as one that other containers wait for, up to five minutes.
func Starts(probe *corev1.Probe) *corev1.Probe {
	s := *probe
	s.PeriodSeconds, s.FailureThreshold = 2, 150
	return &s
}
