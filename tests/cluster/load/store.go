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
	apimeta "k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/rest"
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
	etcd     *clientv3.Client
	client   kubernetes.Interface
	metadata metadata.Interface
}

// Open connects to a lab's etcd and API server.
func Open(endpoint string, config *rest.Config) (*Store, error) {
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	objects, err := metadata.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	etcd, err := clientv3.New(clientv3.Config{Endpoints: []string{endpoint}, DialTimeout: 5 * time.Second})
	if err != nil {
		return nil, err
	}
	return &Store{etcd: etcd, client: client, metadata: objects}, nil
}

// Close lets go of the connection.
func (s *Store) Close() error { return s.etcd.Close() }

// MakeNamespaces makes the plan's namespaces through the API, so that their service accounts are
// made too.
func (s *Store) MakeNamespaces(ctx context.Context, plan Plan) error {
	for i := range plan.Namespaces {
		if err := s.ensureNamespace(ctx, plan.Namespace(i)); err != nil {
			return err
		}
	}
	return nil
}

// Fill makes what the plan says and returns when the API server shows all of it. It reports
// how long the writing took.
func (s *Store) Fill(ctx context.Context, plan Plan) (time.Duration, error) {
	began := time.Now()
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
	return wrote, s.waitVisible(ctx, plan, pods[len(pods)-1].object, revision)
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

// waitVisible waits until the API server lists as many pods as were written. A GET of the last one
// with its version costs the server little meanwhile: it is held until the watch cache is as new
// as that, or for 3 s.
func (s *Store) waitVisible(ctx context.Context, plan Plan, last runtime.Object, revision int64) error {
	object, err := apimeta.Accessor(last)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, visibleTimeout)
	defer cancel()
	options := metav1.GetOptions{ResourceVersion: fmt.Sprint(revision)}
	for {
		_, err := s.client.CoreV1().Pods(object.GetNamespace()).Get(ctx, object.GetName(), options)
		if err == nil {
			var listed int
			if listed, err = s.listed(ctx, plan.Prefix); err == nil && listed >= plan.Pods {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the API server does not show %d pods: %w", plan.Pods, errors.Join(ctx.Err(), err))
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// listed counts the pods the API server's watch cache has under a prefix.
func (s *Store) listed(ctx context.Context, prefix string) (int, error) {
	pods := corev1.SchemeGroupVersion.WithResource("pods")
	list, err := s.metadata.Resource(pods).List(ctx, metav1.ListOptions{ResourceVersion: "0"})
	if err != nil {
		return 0, err
	}
	count := 0
	for _, pod := range list.Items {
		if strings.HasPrefix(pod.Namespace, prefix+"-") {
			count++
		}
	}
	return count, nil
}

// Erase removes everything load made under a prefix but its namespaces, whose removal it asks for.
func (s *Store) Erase(ctx context.Context, prefix string) error {
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
	return nil
}

// WaitErased waits until the namespaces of a prefix are gone.
func (s *Store) WaitErased(ctx context.Context, prefix string) error {
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
