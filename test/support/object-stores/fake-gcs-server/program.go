//go:build tools

// Package fakegcsserver pins the program that tests build.
package fakegcsserver

import _ "github.com/fsouza/fake-gcs-server"
