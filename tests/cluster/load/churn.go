package load

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// SentAt is the annotation that says when a change was sent, in Unix milliseconds.
const SentAt = "kubectl-live/at"

// changers is how many changes may be under way at once.
const changers = 16

// readyEvery is how many changes there are between two that flip a pod's readiness.
const readyEvery = 10

// Churn says what to change.
type Churn struct {
	// Rate is changes a second.
	Rate float64
	// For ends it; zero goes on until the context ends.
	For time.Duration
	// Prefix begins the names of the namespaces whose pods change.
	Prefix string
}

// Summary is what a churn did. Late is how long after its due time a change was sent.
type Summary struct {
	Sent      int     `json:"sent"`
	Conflicts int     `json:"conflicts"`
	Pods      int     `json:"pods"`
	Seconds   float64 `json:"seconds"`
	Rate      float64 `json:"rate"`
	LateP50   float64 `json:"late_ms_p50"`
	LateP99   float64 `json:"late_ms_p99"`
}

// target is a pod with the revision we know, so that a change never undoes somebody else's.
type target struct {
	mu       sync.Mutex
	key      string
	pod      *corev1.Pod
	revision int64
	gone     bool
}

// Churn changes loaded pods at a rate, one after the other, and returns when the time is over.
func (s *Store) Churn(ctx context.Context, churn Churn) (Summary, error) {
	targets, err := s.targets(ctx, churn.Prefix)
	if err != nil {
		return Summary{}, err
	}
	if len(targets) == 0 {
		return Summary{}, fmt.Errorf("there are no pods in namespaces %s-*; make some with: lab load", churn.Prefix)
	}
	var (
		group     sync.WaitGroup
		mu        sync.Mutex
		summary   = Summary{Pods: len(targets)}
		late      []time.Duration
		failure   error
		due       = make(chan int, changers)
		began     = time.Now()
		dueAt     = func(n int) time.Time { return began.Add(time.Duration(float64(n) / churn.Rate * float64(time.Second))) }
		interrupt = ctx.Done()
	)
	for range changers {
		group.Add(1)
		go func() {
			defer group.Done()
			for n := range due {
				delay := time.Since(dueAt(n))
				// The change under way when the time is up is finished.
				changed, err := s.change(context.WithoutCancel(ctx), targets[n%len(targets)], n)
				mu.Lock()
				late = append(late, delay)
				if changed {
					summary.Sent++
				} else {
					summary.Conflicts++
				}
				if err != nil && failure == nil {
					failure = err
				}
				mu.Unlock()
			}
		}()
	}
loop:
	for n := 0; churn.For == 0 || dueAt(n).Sub(began) < churn.For; n++ {
		select {
		case <-interrupt:
			break loop
		case <-time.After(time.Until(dueAt(n))):
		}
		mu.Lock()
		stop := failure != nil
		mu.Unlock()
		if stop {
			break
		}
		due <- n
	}
	close(due)
	group.Wait()
	summary.Seconds = time.Since(began).Seconds()
	summary.Rate = float64(summary.Sent) / summary.Seconds
	summary.LateP50, summary.LateP99 = quantile(late, 0.5), quantile(late, 0.99)
	return summary, failure
}

// targets reads the pods from etcd.
func (s *Store) targets(ctx context.Context, prefix string) ([]*target, error) {
	reply, err := s.etcd.Get(ctx, "/registry/pods/"+prefix+"-", clientv3.WithPrefix())
	if err != nil {
		return nil, err
	}
	targets := make([]*target, 0, len(reply.Kvs))
	for _, stored := range reply.Kvs {
		pod, err := decodePod(stored.Value)
		if err != nil {
			return nil, fmt.Errorf("decode %s: %w", stored.Key, err)
		}
		targets = append(targets, &target{key: string(stored.Key), pod: pod, revision: stored.ModRevision})
	}
	return targets, nil
}

func decodePod(data []byte) (*corev1.Pod, error) {
	pod := &corev1.Pod{}
	_, kind, err := storage.Decode(data, nil, pod)
	if err == nil {
		pod.SetGroupVersionKind(*kind)
	}
	return pod, err
}

// change writes change number n to a pod. False means that the pod was changed or deleted by
// somebody else; the next time round it is changed from what it is then.
func (s *Store) change(ctx context.Context, target *target, n int) (bool, error) {
	target.mu.Lock()
	defer target.mu.Unlock()
	if target.gone {
		return false, nil
	}
	alter(target.pod, n)
	data, err := encode(target.pod)
	if err != nil {
		return false, err
	}
	reply, err := s.etcd.Txn(ctx).
		If(clientv3.Compare(clientv3.ModRevision(target.key), "=", target.revision)).
		Then(clientv3.OpPut(target.key, data)).
		Else(clientv3.OpGet(target.key)).
		Commit()
	if err != nil {
		return false, fmt.Errorf("write to etcd: %w", err)
	}
	if reply.Succeeded {
		target.revision = reply.Header.Revision
		return true, nil
	}
	found := reply.Responses[0].GetResponseRange().Kvs
	if len(found) == 0 {
		target.gone = true
		return false, nil
	}
	target.revision = found[0].ModRevision
	target.pod, err = decodePod(found[0].Value)
	return false, err
}

// alter makes a change that shows: the restart count goes up, and every readyEvery-th time
// the first container is ready no more, or again.
func alter(pod *corev1.Pod, n int) {
	now := time.Now()
	if pod.Annotations == nil {
		pod.Annotations = map[string]string{}
	}
	pod.Annotations[SentAt] = strconv.FormatInt(now.UnixMilli(), 10)
	if len(pod.Status.ContainerStatuses) == 0 {
		return
	}
	container := &pod.Status.ContainerStatuses[0]
	container.RestartCount++
	if n%readyEvery != 0 {
		return
	}
	container.Ready = !container.Ready
	status := corev1.ConditionFalse
	if container.Ready {
		status = corev1.ConditionTrue
	}
	for i := range pod.Status.Conditions {
		condition := &pod.Status.Conditions[i]
		if condition.Type == corev1.PodReady || condition.Type == corev1.ContainersReady {
			condition.Status, condition.LastTransitionTime = status, metav1.NewTime(now)
		}
	}
}

// quantile is in milliseconds.
func quantile(durations []time.Duration, q float64) float64 {
	if len(durations) == 0 {
		return 0
	}
	slices.Sort(durations)
	return float64(durations[int(q*float64(len(durations)-1))].Microseconds()) / 1000
}
