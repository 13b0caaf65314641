// coredns with the plugins that a cluster's own names need. Without `forward`, since nothing outside is resolved.
package main

import (
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/coremain"

	_ "github.com/coredns/coredns/plugin/cache"
	_ "github.com/coredns/coredns/plugin/errors"
	_ "github.com/coredns/coredns/plugin/health"
	_ "github.com/coredns/coredns/plugin/kubernetes"
	_ "github.com/coredns/coredns/plugin/loadbalance"
	_ "github.com/coredns/coredns/plugin/log"
	_ "github.com/coredns/coredns/plugin/ready"
	_ "github.com/coredns/coredns/plugin/reload"
)

func init() {
	// Their order is the order in which a query passes them.
	dnsserver.Directives = []string{"reload", "errors", "log", "health", "ready", "loadbalance", "cache", "kubernetes"}
}

func main() { coremain.Run() }
