package kube

import (
	"context"

	cmdutil "k8s.io/kubectl/pkg/cmd/util"
	"k8s.io/kubectl/pkg/describe"
)

// Describe gives the text of `kubectl describe`, byte for byte.
func (c *Client) Describe(ctx context.Context, target Target) (string, error) {
	tried := "cannot describe " + target.label()
	call, err := c.begin(ctx)
	if err != nil {
		return "", err
	}
	mapping, err := call.mapping(&target)
	if err != nil {
		return "", call.explain(err, tried)
	}
	describer, ok := describe.DescriberFor(mapping.GroupVersionKind.GroupKind(), call.config)
	if !ok {
		describer, ok = describe.GenericDescriberFor(mapping, call.config)
	}
	if !ok {
		return "", fail(CodeUnsupported, "%s: kubectl has no description for it", tried)
	}
	settings := describe.DescriberSettings{ShowEvents: true, ChunkSize: cmdutil.DefaultChunkSize}
	text, err := describer.Describe(target.Namespace, target.Name, settings)
	return text, call.explain(err, tried)
}
