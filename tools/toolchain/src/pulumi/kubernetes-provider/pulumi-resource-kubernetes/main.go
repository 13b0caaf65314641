// Serves Pulumi's own Kubernetes provider. Its schema, which only code generators ask for, is left out.
package main

import (
	"encoding/json"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version"
)

func main() {
	schema, err := json.Marshal(map[string]any{"name": "kubernetes", "version": version.Version, "resources": map[string]any{}})
	if err != nil {
		panic(err)
	}
	provider.Serve("kubernetes", version.Version, schema, []byte("{}"))
}
