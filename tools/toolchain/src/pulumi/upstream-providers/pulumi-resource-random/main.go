// Serves the upstream Terraform provider for random values to Pulumi, under the names of the npm package @pulumi/random.
package main

import (
	"context"

	pf "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	"github.com/terraform-providers/terraform-provider-random/shim"
)

// The build sets it to the version of the npm package, which the engine asks for.
var version = "0.0.0"

func main() {
	pf.Main(context.Background(), "random", providerInfo(), pf.ProviderMetadata{PackageSchema: []byte("{}")})
}

func providerInfo() tfbridge.ProviderInfo {
	info := tfbridge.ProviderInfo{
		P:       pf.ShimProvider(shim.NewProvider()),
		Name:    "random",
		Version: version,
		// Without it the bridge would look for a history of names.
		MetadataInfo:                tfbridge.NewProviderMetadata([]byte("{}")),
		EnableAccurateBridgePreview: true,
		EnableRawStateDelta:         true,
	}
	name := func(module, name string) (string, error) { return tokens.MakeStandard("random")(module, "Random"+name) }
	info.MustComputeTokens(tokens.SingleModule("random_", "index", name))
	return info
}
