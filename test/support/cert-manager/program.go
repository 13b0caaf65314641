//go:build tools

// Package certmanager pins the program that tests build.
package certmanager

import _ "github.com/cert-manager/cert-manager/cmd/controller"
