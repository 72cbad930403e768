package load

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/scheme"
)

const (
	// batch is how many objects go into one transaction: etcd takes up to 128 operations.
	batch = 100
	// writers is how many transactions are under way at once.
	writers = 4
	// visibleTimeout bounds the wait for the API server's watch cache.
	visibleTimeout = 5 * time.Minute
)

// storage is how the API server stores objects: protobuf behind "k8s\0".
var storage = protobuf.NewSerializer(scheme.Scheme, scheme.Scheme)

// Store is direct access to a lab's objects, and its API to see what became of them.
type Store struct {
	etcd   *clientv3.Client
	client kubernetes.Interface
}

// Open connects to a lab's etcd.
func Open(endpoint string, client kubernetes.Interface) (*Store, error) {
	etcd, err := clientv3.New(clientv3.Config{Endpoints: []string{endpoint}, DialTimeout: 5 * time.Second})
	if err != nil {
		return nil, err
	}
	return &Store{etcd: etcd, client: client}, nil
}

// Close lets go of the connection.
func (s *Store) Close() error { return s.etcd.Close() }

// Fill makes what the plan says and returns when the API server shows all of it. It reports
// how long the writing took.
func (s *Store) Fill(ctx context.Context, plan Plan) (time.Duration, error) {
	for i := range plan.Namespaces {
		if err := s.ensureNamespace(ctx, plan.Namespace(i)); err != nil {
			return 0, err
		}
	}
	began := time.Now()
	// Nodes come first and owners before what they own: the garbage collector and kwok ask for them.
	owners := plan.nodeEntries()
	workloads := plan.workloads()
	for _, workload := range workloads {
		owners = append(owners, workload.entries()...)
	}
	if _, err := s.put(ctx, owners); err != nil {
		return 0, err
	}
	var pods []entry
	number := 0
	for _, workload := range workloads {
		for i := range workload.replicas {
			pods = append(pods, plan.pod(workload, i, number))
			number++
		}
	}
	revision, err := s.put(ctx, pods)
	wrote := time.Since(began)
	if err != nil || len(pods) == 0 {
		return wrote, err
	}
	return wrote, s.waitVisible(ctx, pods[len(pods)-1].object, revision)
}

func (s *Store) ensureNamespace(ctx context.Context, name string) error {
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{Label: "true"}}}
	_, err := s.client.CoreV1().Namespaces().Create(ctx, namespace, metav1.CreateOptions{})
	if apierrors.IsAlreadyExists(err) {
		return nil
	}
	return err
}

// put writes entries in batches and returns the highest revision.
func (s *Store) put(ctx context.Context, entries []entry) (int64, error) {
	var (
		group    sync.WaitGroup
		mu       sync.Mutex
		revision int64
		problems []error
	)
	work := make(chan []entry)
	for range writers {
		group.Add(1)
		go func() {
			defer group.Done()
			for part := range work {
				written, err := s.putBatch(ctx, part)
				mu.Lock()
				revision = max(revision, written)
				problems = append(problems, err)
				mu.Unlock()
			}
		}()
	}
	for len(entries) > 0 {
		size := min(batch, len(entries))
		work <- entries[:size]
		entries = entries[size:]
	}
	close(work)
	group.Wait()
	return revision, errors.Join(problems...)
}

func (s *Store) putBatch(ctx context.Context, entries []entry) (int64, error) {
	operations := make([]clientv3.Op, 0, len(entries))
	for _, entry := range entries {
		data, err := encode(entry.object)
		if err != nil {
			return 0, fmt.Errorf("encode %s: %w", entry.key, err)
		}
		operations = append(operations, clientv3.OpPut(entry.key, data))
	}
	reply, err := s.etcd.Txn(ctx).Then(operations...).Commit()
	if err != nil {
		return 0, fmt.Errorf("write to etcd: %w", err)
	}
	return reply.Header.Revision, nil
}

func encode(object runtime.Object) (string, error) {
	var buffer bytes.Buffer
	err := storage.Encode(object, &buffer)
	return buffer.String(), err
}

// waitVisible waits until the API server's watch cache has seen the revision at which the last pod
// was written. A GET with a version is answered from the cache once that is as new; meanwhile
// the server holds it for 3 s and then says that the version is too large.
func (s *Store) waitVisible(ctx context.Context, last runtime.Object, revision int64) error {
	object, err := meta.Accessor(last)
	if err != nil {
		return err
	}
	pods, options := s.client.CoreV1().Pods(object.GetNamespace()), metav1.GetOptions{ResourceVersion: fmt.Sprint(revision)}
	for deadline := time.Now().Add(visibleTimeout); ; {
		_, err := pods.Get(ctx, object.GetName(), options)
		if err == nil || ctx.Err() != nil || time.Now().After(deadline) {
			return err
		}
		if !apierrors.IsTimeout(err) && !strings.Contains(err.Error(), "Too large resource version") {
			return err
		}
	}
}

// Clear removes everything load made under a prefix.
func (s *Store) Clear(ctx context.Context, prefix string) error {
	for _, resource := range []string{"deployments", "replicasets", "pods"} {
		if _, err := s.etcd.Delete(ctx, "/registry/"+resource+"/"+prefix+"-", clientv3.WithPrefix()); err != nil {
			return err
		}
	}
	for _, key := range []string{"/registry/minions/", "/registry/leases/kube-node-lease/"} {
		if _, err := s.etcd.Delete(ctx, key+prefix+"-node-", clientv3.WithPrefix()); err != nil {
			return err
		}
	}
	namespaces, err := s.client.CoreV1().Namespaces().List(ctx, metav1.ListOptions{LabelSelector: Label})
	if err != nil {
		return err
	}
	for _, namespace := range namespaces.Items {
		if !strings.HasPrefix(namespace.Name, prefix+"-") {
			continue
		}
		if err := s.client.CoreV1().Namespaces().Delete(ctx, namespace.Name, metav1.DeleteOptions{}); err != nil && !apierrors.IsNotFound(err) {
			return err
		}
	}
	return s.waitGone(ctx, prefix)
}

func (s *Store) waitGone(ctx context.Context, prefix string) error {
	for deadline := time.Now().Add(visibleTimeout); ; {
		namespaces, err := s.client.CoreV1().Namespaces().List(ctx, metav1.ListOptions{LabelSelector: Label})
		if err != nil {
			return err
		}
		left := 0
		for _, namespace := range namespaces.Items {
			if strings.HasPrefix(namespace.Name, prefix+"-") {
				left++
			}
		}
		if left == 0 {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%d namespaces are still there", left)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// Compact makes etcd forget every revision but the newest: a watch that resumes from an older one
// is answered 410 Gone, once the API server has no memory of its own of it (restart it for that).
func (s *Store) Compact(ctx context.Context) (int64, error) {
	reply, err := s.etcd.Get(ctx, "/registry/health", clientv3.WithCountOnly())
	if err != nil {
		return 0, err
	}
	_, err = s.etcd.Compact(ctx, reply.Header.Revision)
	return reply.Header.Revision, err
}
