//go:build !linux

package kube

import "errors"

var errLinux = errors.New("a cluster takes Linux")

func outside() (int, error) { return 0, errLinux }

func reap() (int, error) { return 0, errLinux }

func furnish(string) error { return errLinux }
