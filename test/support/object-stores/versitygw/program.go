//go:build tools

// Package versitygw pins the program that tests build.
package versitygw

import _ "github.com/versity/versitygw/cmd/versitygw"
