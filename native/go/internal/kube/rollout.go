package kube

import (
	"context"
	"errors"
	"fmt"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
	"k8s.io/client-go/kubernetes"
	cmdutil "k8s.io/kubectl/pkg/cmd/util"
	"k8s.io/kubectl/pkg/polymorphichelpers"
	"k8s.io/kubectl/pkg/scheme"
)

// rollout is a workload and what is needed to act on its revisions.
type rollout struct {
	*call
	target    Target
	tried     string
	kind      schema.GroupKind
	clientset *kubernetes.Clientset
}

func (c *Client) rollout(ctx context.Context, target Target, tried string) (*rollout, error) {
	tried = "cannot " + tried + " " + target.label()
	call, err := c.begin(ctx)
	if err != nil {
		return nil, err
	}
	mapping, err := call.mapping(&target)
	if err != nil {
		return nil, call.explain(err, tried)
	}
	clientset, err := call.clientset()
	if err != nil {
		return nil, call.explain(err, tried)
	}
	kind := mapping.GroupVersionKind.GroupKind()
	target.Version = mapping.GroupVersionKind.Version
	return &rollout{call: call, target: target, tried: tried, kind: kind, clientset: clientset}, nil
}

// explain also knows kubectl's own refusals, which come as plain text.
func (r *rollout) explain(err error) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	switch {
	case strings.HasPrefix(text, "unable to find"), strings.HasPrefix(text, "no last revision"), strings.HasPrefix(text, "no rollout history"):
		return fail(CodeNotFound, "%s: %s", r.tried, text)
	case strings.Contains(text, "paused deployment"), strings.HasPrefix(text, "is already paused"), strings.HasPrefix(text, "is not paused"):
		return fail(CodeConflict, "%s: %s", r.tried, text)
	case strings.Contains(text, "no visitor method exists"), strings.Contains(text, "has been implemented for"), strings.HasSuffix(text, "is not supported"):
		return fail(CodeUnsupported, "%s: %s have no rollouts", r.tried, r.target.Resource)
	}
	return r.call.explain(err, r.tried)
}

// printed is how kubectl prints what it did: "deployment.apps/web rolled back".
func (r *rollout) printed(operation string) string {
	kind := strings.ToLower(r.kind.Kind)
	if r.kind.Group != "" {
		kind += "." + r.kind.Group
	}
	return fmt.Sprintf("%s/%s %s\n", kind, r.target.Name, operation)
}

// RolloutHistory gives the text of `kubectl rollout history`; with a revision, that revision's pod template.
func (c *Client) RolloutHistory(ctx context.Context, target Target, revision int64) (string, error) {
	r, err := c.rollout(ctx, target, "read the rollout history of")
	if err != nil {
		return "", err
	}
	viewer, err := polymorphichelpers.HistoryViewerFor(r.kind, r.clientset)
	if err != nil {
		return "", r.explain(err)
	}
	history, err := viewer.ViewHistory(target.Namespace, target.Name, revision)
	if err != nil {
		return "", r.explain(err)
	}
	with := ""
	if revision > 0 {
		with = fmt.Sprintf("with revision #%d", revision)
	}
	return r.printed(with + "\n" + history), nil
}

// RolloutUndo rolls back to a revision, or to the one before when it is 0. A dry run asks the server whether it
// would accept the change, then gives kubectl's preview: the pod template that would come back.
func (c *Client) RolloutUndo(ctx context.Context, target Target, revision int64, dryRun bool) (string, error) {
	r, err := c.rollout(ctx, target, "roll back")
	if err != nil {
		return "", err
	}
	rollbacker, err := polymorphichelpers.RollbackerFor(r.kind, r.clientset)
	if err != nil {
		return "", r.explain(err)
	}
	named := &metav1.PartialObjectMetadata{ObjectMeta: metav1.ObjectMeta{Namespace: target.Namespace, Name: target.Name}}
	if !dryRun {
		result, err := rollbacker.Rollback(named, nil, revision, cmdutil.DryRunNone)
		return r.printed(result), r.explain(err)
	}
	result, err := rollbacker.Rollback(named, nil, revision, cmdutil.DryRunServer)
	if err != nil {
		return "", r.explain(err)
	}
	if !strings.HasPrefix(result, "skipped") {
		if result, err = rollbacker.Rollback(named, nil, revision, cmdutil.DryRunClient); err != nil {
			return "", r.explain(err)
		}
	}
	return r.printed(result + " (dry run)"), nil
}

// RolloutRestart starts new pods with the same template.
func (c *Client) RolloutRestart(ctx context.Context, target Target, dryRun bool) (string, error) {
	return c.change(ctx, target, "restart", "restarted", dryRun, polymorphichelpers.ObjectRestarterFn)
}

// RolloutPause stops a deployment from acting on changes of its template.
func (c *Client) RolloutPause(ctx context.Context, target Target, dryRun bool) (string, error) {
	return c.change(ctx, target, "pause", "paused", dryRun, polymorphichelpers.ObjectPauserFn)
}

// RolloutResume undoes RolloutPause.
func (c *Client) RolloutResume(ctx context.Context, target Target, dryRun bool) (string, error) {
	return c.change(ctx, target, "resume", "resumed", dryRun, polymorphichelpers.ObjectResumerFn)
}

func (c *Client) change(ctx context.Context, target Target, verb, done string, dryRun bool, edit func(runtime.Object) ([]byte, error)) (string, error) {
	r, err := c.rollout(ctx, target, verb)
	if err != nil {
		return "", err
	}
	object, err := r.get()
	if err != nil {
		return "", r.explain(err)
	}
	before, err := runtime.Encode(scheme.DefaultJSONEncoder(), object)
	if err != nil {
		return "", r.explain(err)
	}
	after, err := edit(object)
	if err != nil {
		return "", r.explain(err)
	}
	patch, err := strategicpatch.CreateTwoWayMergePatch(before, after, object)
	if err != nil {
		return "", r.explain(err)
	}
	options := metav1.PatchOptions{FieldManager: "kubectl-rollout"}
	if dryRun {
		options.DryRun = []string{metav1.DryRunAll}
		done += " (server dry run)"
	}
	return r.printed(done), r.explain(r.patch(patch, options))
}

func (r *rollout) get() (runtime.Object, error) {
	apps, namespace, name := r.clientset.AppsV1(), r.target.Namespace, r.target.Name
	switch r.kind {
	case schema.GroupKind{Group: "apps", Kind: "Deployment"}:
		return apps.Deployments(namespace).Get(r.ctx, name, metav1.GetOptions{})
	case schema.GroupKind{Group: "apps", Kind: "StatefulSet"}:
		return apps.StatefulSets(namespace).Get(r.ctx, name, metav1.GetOptions{})
	case schema.GroupKind{Group: "apps", Kind: "DaemonSet"}:
		return apps.DaemonSets(namespace).Get(r.ctx, name, metav1.GetOptions{})
	}
	return nil, errors.New("this is not supported")
}

func (r *rollout) patch(patch []byte, options metav1.PatchOptions) error {
	resource := r.clientset.AppsV1().RESTClient().Patch(types.StrategicMergePatchType)
	return resource.Namespace(r.target.Namespace).Resource(r.target.Resource).Name(r.target.Name).
		VersionedParams(&options, metav1.ParameterCodec).Body(patch).Do(r.ctx).Error()
}
