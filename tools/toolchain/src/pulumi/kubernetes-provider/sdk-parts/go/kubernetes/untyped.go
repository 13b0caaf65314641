// Package kubernetes has what the provider uses of Pulumi's Go SDK for Kubernetes. The SDK itself has a type for each kind of object,
// twenty minutes of compiling, for components that are made by the provider: Helm's Chart, and YAML's. They are left out.
package kubernetes

import "reflect"

// UntypedArgs are the properties of any object.
type UntypedArgs map[string]any

// ElementType makes it an input.
func (UntypedArgs) ElementType() reflect.Type { return reflect.TypeOf((*map[string]any)(nil)).Elem() }
