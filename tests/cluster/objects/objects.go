// Package objects puts YAML documents into a running lab through its API.
package objects

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
	"k8s.io/client-go/tools/clientcmd"
)

// fieldManager is who the objects say wrote them.
const fieldManager = "lab"

// retryFor is how long an object may be refused because something it needs (its CRD, its namespace)
// was made a moment before it.
const retryFor = 20 * time.Second

// Applier applies objects of any kind.
type Applier struct {
	dynamic dynamic.Interface
	mapper  *restmapper.DeferredDiscoveryRESTMapper
}

// Config is a client configuration without client-side throttling: the lab is ours alone.
func Config(kubeconfig string) (*rest.Config, error) {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return nil, err
	}
	config.QPS = -1
	return config, nil
}

// NewApplier makes an applier.
func NewApplier(config *rest.Config) (*Applier, error) {
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	typed, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	mapper := restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(typed.Discovery()))
	return &Applier{dynamic: client, mapper: mapper}, nil
}

// Apply applies every document in order. A status in a document is applied too, which is how a
// load balancer gets an address where there is nobody to give it one.
func (a *Applier) Apply(ctx context.Context, documents []byte) error {
	decoder := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(documents), 4096)
	for {
		object := &unstructured.Unstructured{}
		err := decoder.Decode(&object.Object)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read a document: %w", err)
		}
		if len(object.Object) == 0 {
			continue
		}
		if err := a.applyOne(ctx, object); err != nil {
			return fmt.Errorf("apply %s %s: %w", object.GetKind(), object.GetName(), err)
		}
	}
}

func (a *Applier) applyOne(ctx context.Context, object *unstructured.Unstructured) error {
	deadline := time.Now().Add(retryFor)
	for {
		err := a.try(ctx, object)
		if err == nil || apierrors.IsInvalid(err) || apierrors.IsBadRequest(err) || time.Now().After(deadline) {
			return err
		}
		if meta.IsNoMatchError(err) {
			a.mapper.Reset()
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func (a *Applier) try(ctx context.Context, object *unstructured.Unstructured) error {
	kind := object.GroupVersionKind()
	mapping, err := a.mapper.RESTMapping(kind.GroupKind(), kind.Version)
	if err != nil {
		return err
	}
	var client dynamic.ResourceInterface = a.dynamic.Resource(mapping.Resource)
	if mapping.Scope.Name() == meta.RESTScopeNameNamespace {
		client = a.dynamic.Resource(mapping.Resource).Namespace(object.GetNamespace())
	}
	whole, err := json.Marshal(object.Object)
	if err != nil {
		return err
	}
	force := true
	options := metav1.PatchOptions{FieldManager: fieldManager, Force: &force}
	if _, err := client.Patch(ctx, object.GetName(), types.ApplyPatchType, whole, options); err != nil {
		return err
	}
	if _, has := object.Object["status"]; !has {
		return nil
	}
	_, err = client.Patch(ctx, object.GetName(), types.ApplyPatchType, whole, options, "status")
	return err
}
