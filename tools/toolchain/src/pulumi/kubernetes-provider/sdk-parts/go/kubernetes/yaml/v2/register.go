// Package v2 refuses what components of YAML consist of.
package v2

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// RegisterResource would declare an object of a component.
func RegisterResource(_ *pulumi.Context, apiVersion, kind, name string, _ pulumi.Input, _ ...pulumi.ResourceOption) (pulumi.CustomResource, error) {
	return nil, fmt.Errorf("%s %s %q: this build of the provider has no component resources", apiVersion, kind, name)
}
