// Serves the upstream Terraform provider for Docker to Pulumi, under the names of the npm package @pulumi/docker.
package main

import (
	"strings"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shimv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/terraform-providers/terraform-provider-docker/shim"
)

// The build sets it to the version of the npm package, which the engine asks for.
var version = "0.0.0"

type (
	fields    = map[string]*tfbridge.SchemaInfo
	resources = map[string]*tfbridge.ResourceInfo
)

func main() {
	tfbridge.Main("docker", version, providerInfo(), []byte("{}"))
}

func providerInfo() tfbridge.ProviderInfo {
	engine := &tfbridge.DefaultInfo{EnvVars: []string{"DOCKER_HOST"}, Value: "unix:///var/run/docker.sock"}
	info := tfbridge.ProviderInfo{
		P:       shimv2.NewProvider(shim.NewProvider(version)),
		Name:    "docker",
		Version: version,
		Config: fields{
			"host":          {Default: engine},
			"registry_auth": {Name: "registryAuth", MaxItemsOne: tfbridge.False()},
		},
		Resources: resources{
			// @pulumi/docker names these lists in the singular, the bridge by itself in the plural.
			"docker_container": {Tok: token("Container"), DeleteBeforeReplace: true, Fields: fields{
				"command":           {Name: "command"},
				"networks_advanced": {Name: "networksAdvanced"},
			}},
			"docker_image":   {Tok: token("RemoteImage"), Fields: fields{"name": {Name: "name"}}},
			"docker_network": {Tok: token("Network")},
			"docker_volume":  {Tok: token("Volume")},
		},
	}
	info.SetAutonaming(255, "-")
	return info
}

func token(name string) tokens.Type {
	return tokens.Type("docker:index/" + strings.ToLower(name[:1]) + name[1:] + ":" + name)
}
