package kube

import (
	"context"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/kubectl/pkg/drain"
)

// Cordon marks a node unschedulable, or schedulable again. It tells whether that changed anything.
func (c *Client) Cordon(ctx context.Context, node string, on, dryRun bool) (bool, error) {
	tried := "cannot uncordon node " + node
	if on {
		tried = "cannot cordon node " + node
	}
	call, err := c.begin(ctx)
	if err != nil {
		return false, err
	}
	clientset, err := call.clientset()
	if err != nil {
		return false, call.explain(err, tried)
	}
	changed, err := cordon(ctx, clientset, node, on, dryRun)
	return changed, call.explain(err, tried)
}

func cordon(ctx context.Context, clientset kubernetes.Interface, name string, on, dryRun bool) (bool, error) {
	node, err := clientset.CoreV1().Nodes().Get(ctx, name, metav1.GetOptions{})
	if err != nil {
		return false, err
	}
	helper := drain.NewCordonHelper(node)
	if !helper.UpdateIfRequired(on) {
		return false, nil
	}
	// The second error says only that no patch could be made and the node was replaced instead.
	err, _ = helper.PatchOrReplaceWithContext(ctx, clientset, dryRun)
	return err == nil, err
}
