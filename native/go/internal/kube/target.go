package kube

import (
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Target is what an operation acts on. Version and kind are found by discovery when the caller does not know them.
type Target struct {
	Group     string `json:"group"`
	Version   string `json:"version"`
	Resource  string `json:"resource"`
	Kind      string `json:"kind"`
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
}

// label is how messages name the target: "deployments.apps default/web".
func (t *Target) label() string {
	resource := t.Resource
	if t.Group != "" {
		resource += "." + t.Group
	}
	if t.Namespace == "" {
		return resource + " " + t.Name
	}
	return resource + " " + t.Namespace + "/" + t.Name
}

func (c *call) mapping(t *Target) (*meta.RESTMapping, error) {
	if t.Version == "" || t.Kind == "" {
		kind, err := c.restMapper.KindFor(schema.GroupVersionResource{Group: t.Group, Version: t.Version, Resource: t.Resource})
		if err != nil {
			return nil, err
		}
		return c.restMapper.RESTMapping(kind.GroupKind(), kind.Version)
	}
	scope := meta.RESTScopeRoot
	if t.Namespace != "" {
		scope = meta.RESTScopeNamespace
	}
	return &meta.RESTMapping{
		Resource:         schema.GroupVersionResource{Group: t.Group, Version: t.Version, Resource: t.Resource},
		GroupVersionKind: schema.GroupVersionKind{Group: t.Group, Version: t.Version, Kind: t.Kind},
		Scope:            scope,
	}, nil
}
