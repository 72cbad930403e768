package kube

import (
	"context"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/dynamic"
	"k8s.io/kubectl/pkg/polymorphichelpers"
)

// The pause after a watch ended before the next read, so that a server which ends them at once is not hammered.
const statusPause = time.Second

// statusWatch follows one object until its rollout is done. kubectl's own (UntilWithSync) retries a forbidden list
// for ever in silence; this one reads, watches from what it read, and reads again when the watch ends.
type statusWatch struct {
	*rollout
	objects dynamic.ResourceInterface
	viewer  polymorphichelpers.StatusViewer
	report  func(string)
	uid     types.UID
	said    string
}

// RolloutStatus waits until the rollout is done and gives kubectl's last line; every line before it is reported once.
func (c *Client) RolloutStatus(ctx context.Context, target Target, report func(string)) (string, error) {
	r, err := c.rollout(ctx, target, "follow the rollout of")
	if err != nil {
		return "", err
	}
	viewer, err := polymorphichelpers.StatusViewerFor(r.kind)
	if err != nil {
		return "", r.explain(err)
	}
	objects, err := dynamic.NewForConfig(r.config)
	if err != nil {
		return "", r.explain(err)
	}
	resource := schema.GroupVersionResource{Group: target.Group, Version: r.target.Version, Resource: target.Resource}
	w := &statusWatch{rollout: r, objects: objects.Resource(resource).Namespace(target.Namespace), viewer: viewer, report: report}
	for {
		done, version, err := w.read()
		if err == nil && !done {
			done, err = w.watch(version)
		}
		if err != nil || done {
			return w.said, r.explain(err)
		}
		select {
		case <-ctx.Done():
			return "", r.explain(ctx.Err())
		case <-time.After(statusPause):
		}
	}
}

func (w *statusWatch) read() (done bool, version string, err error) {
	object, err := w.objects.Get(w.ctx, w.target.Name, metav1.GetOptions{})
	if err != nil {
		return false, "", err
	}
	done, err = w.look(object)
	return done, object.GetResourceVersion(), err
}

func (w *statusWatch) watch(version string) (bool, error) {
	watcher, err := w.objects.Watch(w.ctx, metav1.ListOptions{
		FieldSelector:   fields.OneTermEqualSelector("metadata.name", w.target.Name).String(),
		ResourceVersion: version,
	})
	if err != nil {
		return false, err
	}
	defer watcher.Stop()
	for event := range watcher.ResultChan() {
		object, ok := event.Object.(*unstructured.Unstructured)
		if !ok || event.Type == watch.Error {
			return false, nil // 410 and the like: read afresh
		}
		if event.Type == watch.Deleted {
			return false, w.gone()
		}
		if done, err := w.look(object); err != nil || done {
			return done, err
		}
	}
	return false, w.ctx.Err()
}

func (w *statusWatch) look(object *unstructured.Unstructured) (bool, error) {
	if w.uid == "" {
		w.uid = object.GetUID()
	}
	if w.uid != object.GetUID() {
		return false, w.gone()
	}
	text, done, err := w.viewer.Status(object, 0)
	if err != nil {
		return false, w.verdict(err)
	}
	if text != w.said {
		w.said = text
		w.report(text)
	}
	return done, nil
}

func (w *statusWatch) gone() error {
	return fail(CodeNotFound, "%s: it was deleted meanwhile", w.tried)
}

// verdict is kubectl's word that this rollout will not get there: the progress deadline, or a strategy without status.
func (w *statusWatch) verdict(err error) error {
	if w.kind.Kind == "Deployment" {
		return fail(CodeTimeout, "%s: %v", w.tried, err)
	}
	return fail(CodeUnsupported, "%s: %v", w.tried, err)
}
