// Package shim is below the upstream provider's path, which lets it import the upstream's internal packages.
package shim

import (
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/terraform-providers/terraform-provider-docker/internal/provider"
)

// NewProvider returns the upstream provider.
func NewProvider(version string) *schema.Provider { return provider.New(version)() }
