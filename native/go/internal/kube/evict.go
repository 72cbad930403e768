package kube

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

type podEvent struct {
	index   int
	step    Step
	message string
	budgets []string
	failure error
}

// Waits between two tries of an eviction a budget forbids: kubectl's 5 s, reached gently.
const (
	firstRetry = time.Second
	lastRetry  = 5 * time.Second
)

func (d *drainer) evictInBackground(index int) {
	send := func(event podEvent) {
		event.index = index
		select {
		case d.events <- event:
		case <-d.ctx.Done():
		}
	}
	defer func() {
		if cause := recover(); cause != nil {
			send(podEvent{step: StepFailed, message: fmt.Sprint(cause), failure: fail(CodeInternal, "a bug in drain: %v", cause)})
		}
	}()
	d.evict(d.pods[index].pod, send)
}

// evict tries until the server accepts, the pod is gone, or there is no point.
func (d *drainer) evict(pod *corev1.Pod, send func(podEvent)) {
	verb := "evicting"
	if d.options.DisableEviction {
		verb = "deleting"
	}
	send(podEvent{step: StepEvicting, message: fmt.Sprintf("%s pod %s/%s%s", verb, pod.Namespace, pod.Name, d.dry())})
	for retry := firstRetry; ; retry = min(retry*3/2, lastRetry) {
		err := d.remove(pod)
		accepted, retriable := verdict(pod, err)
		switch {
		case accepted && d.options.DryRun:
			send(podEvent{step: StepGone, message: fmt.Sprintf("pod/%s would be evicted", pod.Name)})
			return
		case accepted:
			send(podEvent{step: StepTerminating, message: fmt.Sprintf("pod/%s is terminating", pod.Name)})
			return
		case apierrors.IsNotFound(err):
			send(podEvent{step: StepGone, message: fmt.Sprintf("pod/%s was gone already", pod.Name)})
			return
		case !retriable:
			send(d.failed(pod, err))
			return
		}
		send(d.blocked(pod, err))
		if d.options.DryRun {
			return
		}
		select {
		case <-d.ctx.Done():
			return
		case <-time.After(retry):
		}
		if fresh, err := d.read(pod); apierrors.IsNotFound(err) || (err == nil && fresh.UID != pod.UID) {
			send(podEvent{step: StepGone, message: fmt.Sprintf("pod/%s is gone", pod.Name)})
			return
		} else if err == nil {
			pod = fresh
		}
	}
}

// verdict follows kubectl's drain.go: in a namespace that is going away evictions are forbidden, but a pod already
// marked deleted needs none, and any other will be marked soon.
func verdict(pod *corev1.Pod, err error) (accepted, retriable bool) {
	terminating := apierrors.IsForbidden(err) && apierrors.HasStatusCause(err, corev1.NamespaceTerminatingCause)
	switch {
	case err == nil:
		return true, false
	case terminating:
		return pod.DeletionTimestamp != nil, true
	}
	// A conflict is the uid of another pod under the same name, or a race: the next read tells.
	return false, apierrors.IsTooManyRequests(err) || apierrors.IsConflict(err)
}

func (d *drainer) remove(pod *corev1.Pod) error {
	release, err := d.slot()
	if err != nil {
		return err
	}
	defer release()
	options := metav1.DeleteOptions{Preconditions: metav1.NewUIDPreconditions(string(pod.UID))}
	if grace := int64(d.helper.GracePeriodSeconds); grace >= 0 {
		options.GracePeriodSeconds = &grace
	}
	if d.options.DryRun {
		options.DryRun = []string{metav1.DryRunAll}
	}
	if d.options.DisableEviction {
		return d.clientset.CoreV1().Pods(pod.Namespace).Delete(d.ctx, pod.Name, options)
	}
	return d.clientset.PolicyV1().Evictions(pod.Namespace).Evict(d.ctx, &policyv1.Eviction{
		ObjectMeta:    metav1.ObjectMeta{Namespace: pod.Namespace, Name: pod.Name},
		DeleteOptions: &options,
	})
}

func (d *drainer) read(pod *corev1.Pod) (*corev1.Pod, error) {
	release, err := d.slot()
	if err != nil {
		return nil, err
	}
	defer release()
	return d.clientset.CoreV1().Pods(pod.Namespace).Get(d.ctx, pod.Name, metav1.GetOptions{})
}

func (d *drainer) slot() (release func(), err error) {
	select {
	case d.requests <- struct{}{}:
		return func() { <-d.requests }, nil
	case <-d.ctx.Done():
		return nil, context.Cause(d.ctx)
	}
}

// The API server's sentences (pkg/registry/core/pod/storage/eviction.go) all begin like this.
var budgetNamed = regexp.MustCompile(`^The disruption budget (\S+) `)

// blocked names the budgets that keep a pod: from the server's own words, or by matching when it says none.
func (d *drainer) blocked(pod *corev1.Pod, err error) podEvent {
	reason := err.Error()
	var budgets []string
	if cause, ok := apierrors.StatusCause(err, policyv1.DisruptionBudgetCause); ok {
		reason = cause.Message
		if named := budgetNamed.FindStringSubmatch(cause.Message); named != nil {
			budgets = []string{pod.Namespace + "/" + named[1]}
		}
	}
	if budgets == nil && apierrors.IsTooManyRequests(err) {
		budgets = d.budgetsOf(pod)
	}
	message := fmt.Sprintf("pod/%s cannot be evicted yet: %s", pod.Name, reason)
	if len(budgets) > 0 {
		message = fmt.Sprintf("pod/%s is kept by PodDisruptionBudget %s: %s", pod.Name, strings.Join(budgets, ", "), reason)
	}
	return podEvent{step: StepBlocked, message: message, budgets: budgets}
}

// failed also names the budgets when there are two, which the server answers with 500 and without a name.
func (d *drainer) failed(pod *corev1.Pod, err error) podEvent {
	failure := d.explain(err, "cannot evict pod "+pod.Namespace+"/"+pod.Name)
	event := podEvent{step: StepFailed, message: failure.Error(), failure: failure}
	if !strings.Contains(err.Error(), "more than one PodDisruptionBudget") {
		return event
	}
	event.budgets = d.budgetsOf(pod)
	event.message = fmt.Sprintf("cannot evict pod %s/%s: it is kept by more than one PodDisruptionBudget (%s), which the eviction API does not support",
		pod.Namespace, pod.Name, strings.Join(event.budgets, ", "))
	event.failure = &Failure{Code: CodeConflict, Message: event.message, Hint: "delete one of the budgets, or drain with disableEviction"}
	return event
}

func (d *drainer) budgetsOf(pod *corev1.Pod) []string {
	release, err := d.slot()
	if err != nil {
		return nil
	}
	defer release()
	list, err := d.clientset.PolicyV1().PodDisruptionBudgets(pod.Namespace).List(d.ctx, metav1.ListOptions{})
	if err != nil {
		return nil // it only makes the message better
	}
	var names []string
	for i := range list.Items {
		selector, err := metav1.LabelSelectorAsSelector(list.Items[i].Spec.Selector)
		if err == nil && selector.Matches(labels.Set(pod.Labels)) {
			names = append(names, pod.Namespace+"/"+list.Items[i].Name)
		}
	}
	return names
}

const namedInMessage = 5

// stopped says what was left when the time was up, the call was cancelled or the server was lost.
func (d *drainer) stopped(err error) error {
	failure := &Failure{}
	if !errors.As(d.explain(err, "cannot go on draining node "+d.node), &failure) {
		return err
	}
	var left []string
	for _, pod := range d.pods {
		if pod.finished {
			continue
		}
		name := pod.pod.Namespace + "/" + pod.pod.Name
		if len(pod.budgets) > 0 {
			name += " (kept by PodDisruptionBudget " + strings.Join(pod.budgets, ", ") + ")"
		}
		left = append(left, name)
	}
	if len(left) == 0 {
		return failure
	}
	total := len(left)
	if total > namedInMessage {
		left = append(left[:namedInMessage], fmt.Sprintf("and %d more", total-namedInMessage))
	}
	why := "stopped"
	if failure.Code == CodeTimeout && d.ctx.Err() != nil {
		why = fmt.Sprintf("timed out after %g s", d.options.TimeoutSeconds)
	} else if failure.Code != CodeCancelled {
		why = "stopped (" + failure.Message + ")"
	}
	return &Failure{
		Code:    failure.Code,
		Message: fmt.Sprintf("draining node %s %s: %d of %d pods are left: %s", d.node, why, total, len(d.pods), strings.Join(left, ", ")),
		Hint:    "the node stays cordoned; drain again to go on, or uncordon it",
	}
}

// conclude turns pods that could not be evicted into the drain's error.
func (d *drainer) conclude() error {
	var failed []string
	var first *Failure
	for _, pod := range d.pods {
		if pod.step != StepFailed {
			continue
		}
		failed = append(failed, pod.failure.Error())
		if first == nil && !errors.As(pod.failure, &first) {
			first = fail(CodeInternal, "%v", pod.failure)
		}
	}
	if first == nil {
		return nil
	}
	total := len(failed)
	if total > namedInMessage {
		failed = append(failed[:namedInMessage], fmt.Sprintf("and %d more", total-namedInMessage))
	}
	return &Failure{
		Code:    first.Code,
		Message: fmt.Sprintf("draining node %s failed for %d of %d pods: %s", d.node, total, len(d.pods), strings.Join(failed, "; ")),
		Hint:    first.Hint,
	}
}
