package kube

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/metadata"
	cmdutil "k8s.io/kubectl/pkg/cmd/util"
	"k8s.io/kubectl/pkg/drain"
)

// DrainOptions are kubectl's, with its defaults: no grace period of our own, no time limit.
type DrainOptions struct {
	GracePeriodSeconds *int    `json:"gracePeriodSeconds"`
	TimeoutSeconds     float64 `json:"timeoutSeconds"`
	DeleteEmptyDirData bool    `json:"deleteEmptyDirData"`
	IgnoreDaemonSets   bool    `json:"ignoreDaemonSets"`
	Force              bool    `json:"force"`
	DisableEviction    bool    `json:"disableEviction"`
	DryRun             bool    `json:"dryRun"`
	PodSelector        string  `json:"podSelector"`
}

// DrainProgress is one thing that happened. Done of Total pods are gone (in a dry run: answered for).
type DrainProgress struct {
	Step      Step     `json:"step"`
	Message   string   `json:"message"`
	Namespace string   `json:"namespace,omitempty"`
	Pod       string   `json:"pod,omitempty"`
	Budgets   []string `json:"budgets,omitempty"`
	Done      int      `json:"done"`
	Total     int      `json:"total"`
}

// Step names what happened.
type Step string

const (
	StepCordoned    Step = "cordoned"
	StepSelected    Step = "selected"
	StepWarning     Step = "warning"
	StepEvicting    Step = "evicting"
	StepBlocked     Step = "blocked"
	StepTerminating Step = "terminating"
	StepGone        Step = "gone"
	StepFailed      Step = "failed"
)

// DrainResult is what a finished drain did, or what a dry run found.
type DrainResult struct {
	Node     string       `json:"node"`
	DryRun   bool         `json:"dryRun"`
	Cordoned bool         `json:"cordoned"` // by this drain; false when it already was
	Evicted  []PodName    `json:"evicted"`
	Blocked  []BlockedPod `json:"blocked"` // only a dry run ends with some
	Warnings []string     `json:"warnings"`
}

// PodName names a pod.
type PodName struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
}

// BlockedPod is a pod that its disruption budgets keep.
type BlockedPod struct {
	PodName
	Budgets []string `json:"budgets"`
	Message string   `json:"message"`
}

// drainer owns all state in the goroutine that runs Drain; pods' goroutines only send events.
type drainer struct {
	*call
	node      string
	options   DrainOptions
	clientset *kubernetes.Clientset
	metadata  metadata.Interface
	helper    *drain.Helper
	report    func(DrainProgress)
	result    *DrainResult
	pods      []*drainedPod
	events    chan podEvent
	requests  chan struct{} // one token a request: a node of 500 pods must not become 500 requests at once
	done      int
}

type drainedPod struct {
	pod      *corev1.Pod
	step     Step
	budgets  []string
	message  string
	failure  error
	finished bool
}

const parallelRequests = 32

// Drain cordons a node and evicts its pods. It differs from kubectl's loop on purpose: pods that forbid the drain are
// found before the node is cordoned; evictions carry the pod's uid; waiting costs one small list a round and not one
// read a pod; every wait ends with the context; and no goroutine can take the process with it.
func (c *Client) Drain(ctx context.Context, node string, options DrainOptions, report func(DrainProgress)) (*DrainResult, error) {
	if options.TimeoutSeconds > 0 {
		bounded, cancel := context.WithTimeout(ctx, time.Duration(options.TimeoutSeconds*float64(time.Second)))
		defer cancel()
		ctx = bounded
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	call, err := c.begin(ctx)
	if err != nil {
		return nil, err
	}
	d := &drainer{call: call, node: node, options: options, report: report}
	if err := d.prepare(); err != nil {
		return nil, d.explain(err, "cannot drain node "+node)
	}
	if err := d.cordon(); err != nil {
		return nil, d.explain(err, "cannot drain node "+node)
	}
	if err := d.run(); err != nil {
		return nil, err
	}
	return d.result, nil
}

func (d *drainer) prepare() (err error) {
	if _, err := labels.Parse(d.options.PodSelector); err != nil {
		return fail(CodeInvalid, "cannot drain node %s: the pod selector %q cannot be parsed", d.node, d.options.PodSelector)
	}
	if d.clientset, err = d.call.clientset(); err != nil {
		return err
	}
	if d.metadata, err = metadata.NewForConfig(d.config); err != nil {
		return err
	}
	grace := -1
	if d.options.GracePeriodSeconds != nil {
		grace = *d.options.GracePeriodSeconds
	}
	d.helper = &drain.Helper{
		Ctx:                 d.ctx,
		Client:              d.clientset,
		Force:               d.options.Force,
		GracePeriodSeconds:  grace,
		IgnoreAllDaemonSets: d.options.IgnoreDaemonSets,
		DeleteEmptyDirData:  d.options.DeleteEmptyDirData,
		PodSelector:         d.options.PodSelector,
		ChunkSize:           cmdutil.DefaultChunkSize,
	}
	d.events = make(chan podEvent)
	d.requests = make(chan struct{}, parallelRequests)
	d.result = &DrainResult{Node: d.node, DryRun: d.options.DryRun, Evicted: []PodName{}, Blocked: []BlockedPod{}, Warnings: []string{}}
	if _, err := d.clientset.CoreV1().Nodes().Get(d.ctx, d.node, metav1.GetOptions{}); err != nil {
		return err
	}
	_, err = d.choose()
	return err
}

// choose lists the pods to evict, or says which pods forbid the drain.
func (d *drainer) choose() (*drain.PodDeleteList, error) {
	list, errs := d.helper.GetPodsForDeletion(d.node)
	if len(errs) == 0 {
		return list, nil
	}
	if list == nil {
		return nil, errs[0]
	}
	refusals := make([]string, 0, len(errs))
	for _, err := range errs {
		refusals = append(refusals, err.Error())
	}
	slices.Sort(refusals)
	refusal := fail(CodeInvalid, "cannot drain node %s: %s", d.node, strings.Join(refusals, "; "))
	refusal.Hint = "allow it with the option each sentence names; the node was left as it is"
	return nil, refusal
}

func (d *drainer) cordon() error {
	changed, err := cordon(d.ctx, d.clientset, d.node, true, d.options.DryRun)
	if err != nil {
		return err
	}
	d.result.Cordoned = changed
	message := "node/" + d.node + " already cordoned"
	if changed {
		message = "node/" + d.node + " cordoned" + d.dry()
	}
	d.report(DrainProgress{Step: StepCordoned, Message: message})
	return nil
}

func (d *drainer) run() error {
	list, err := d.choose() // again: the scheduler may have been quicker than the cordon
	if err != nil {
		return d.stopped(err)
	}
	if warnings := list.Warnings(); warnings != "" {
		d.result.Warnings = strings.Split(warnings, "; ")
		slices.Sort(d.result.Warnings)
	}
	for _, pod := range list.Pods() {
		d.pods = append(d.pods, &drainedPod{pod: &pod})
	}
	d.tell(StepSelected, nil, fmt.Sprintf("%d pods to evict", len(d.pods)))
	for _, warning := range d.result.Warnings {
		d.tell(StepWarning, nil, warning)
	}
	for index := range d.pods {
		go d.evictInBackground(index)
	}
	if err := d.wait(); err != nil {
		return d.stopped(err)
	}
	return d.conclude()
}

// The waits between two looks at what is left: quick first, since most pods go quickly or not for a while.
const (
	firstLook = 100 * time.Millisecond
	lastLook  = time.Second
)

func (d *drainer) wait() error {
	pause := firstLook
	timer := time.NewTimer(pause)
	defer timer.Stop()
	failures := 0
	for d.done < len(d.pods) {
		select {
		case <-d.ctx.Done():
			return context.Cause(d.ctx)
		case event := <-d.events:
			d.take(event)
			if event.step == StepTerminating {
				pause = firstLook
			}
			continue
		case <-timer.C:
		}
		err := d.look()
		if err == nil {
			failures = 0
		} else if failures++; failures > 5 || d.ctx.Err() != nil {
			return err
		}
		pause = min(pause*3/2, lastLook)
		timer.Reset(pause)
	}
	return nil
}

// look finds which terminating pods are gone, by one list of names and uids.
func (d *drainer) look() error {
	if !slices.ContainsFunc(d.pods, func(p *drainedPod) bool { return p.step == StepTerminating }) {
		return nil
	}
	list, err := d.metadata.Resource(corev1.SchemeGroupVersion.WithResource("pods")).List(d.ctx, metav1.ListOptions{
		FieldSelector: "spec.nodeName=" + d.node,
	})
	if err != nil {
		return err
	}
	alive := make(map[types.UID]bool, len(list.Items))
	for i := range list.Items {
		alive[list.Items[i].UID] = true
	}
	for index, pod := range d.pods {
		if pod.step == StepTerminating && !alive[pod.pod.UID] {
			d.take(podEvent{index: index, step: StepGone, message: "pod/" + pod.pod.Name + " evicted"})
		}
	}
	return nil
}

func (d *drainer) take(event podEvent) {
	pod := d.pods[event.index]
	if pod.finished {
		return
	}
	pod.step, pod.budgets, pod.message, pod.failure = event.step, event.budgets, event.message, event.failure
	switch {
	case event.step == StepGone:
		d.result.Evicted = append(d.result.Evicted, PodName{pod.pod.Namespace, pod.pod.Name})
		pod.finished = true
	case event.step == StepFailed:
		pod.finished = true
	case event.step == StepBlocked && d.options.DryRun:
		d.result.Blocked = append(d.result.Blocked, BlockedPod{PodName{pod.pod.Namespace, pod.pod.Name}, event.budgets, event.message})
		pod.finished = true
	}
	if pod.finished {
		d.done++
	}
	d.tell(event.step, pod, event.message)
}

func (d *drainer) tell(step Step, pod *drainedPod, message string) {
	progress := DrainProgress{Step: step, Message: message, Done: d.done, Total: len(d.pods)}
	if pod != nil {
		progress.Namespace, progress.Pod, progress.Budgets = pod.pod.Namespace, pod.pod.Name, pod.budgets
	}
	d.report(progress)
}

func (d *drainer) dry() string {
	if d.options.DryRun {
		return " (server dry run)"
	}
	return ""
}
