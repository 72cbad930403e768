package demo

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
)

// rollEvery is the time between two changes.
const rollEvery = 30 * time.Second

// Roller gives what keeps the demo moving; calling it again does nothing more. It tells problems to
// log and goes on: somebody who plays with the demo may delete anything.
func Roller(ctx context.Context, client kubernetes.Interface, log io.Writer) func() {
	var once sync.Once
	return func() {
		once.Do(func() { go keepRolling(ctx, client, log) })
	}
}

func keepRolling(ctx context.Context, client kubernetes.Interface, log io.Writer) {
	for turn := 1; ; turn++ {
		select {
		case <-ctx.Done():
			return
		case <-time.After(rollEvery):
		}
		if err := move(ctx, client, turn); err != nil && ctx.Err() == nil {
			fmt.Fprintln(log, "demo:", err)
		}
	}
}

// move makes one change: mostly a new version of the shop's web front, sometimes a restart, a pod that
// dies, or another number of workers.
func move(ctx context.Context, client kubernetes.Interface, turn int) error {
	deployments := client.AppsV1().Deployments
	patch := func(namespace, name, body string) error {
		_, err := deployments(namespace).Patch(ctx, name, types.StrategicMergePatchType, []byte(body), metav1.PatchOptions{FieldManager: "kubectl-rollout"})
		return err
	}
	switch {
	case turn%4 == 0:
		return patch("payments", "ledger", fmt.Sprintf(
			`{"spec":{"template":{"metadata":{"annotations":{"kubectl.kubernetes.io/restartedAt":%q}}}}}`, time.Now().Format(time.RFC3339)))
	case turn%4 == 2:
		return deleteOne(ctx, client, "shop", "app=catalog")
	case turn%5 == 0:
		return patch("shop", "worker", fmt.Sprintf(`{"spec":{"replicas":%d}}`, 2+rand.IntN(4)))
	}
	version := fmt.Sprintf("2.%d.%d", turn/10+4, turn%10)
	return patch("shop", "web", fmt.Sprintf(
		`{"metadata":{"annotations":{"kubernetes.io/change-cause":"deploy %s"}},"spec":{"template":{"metadata":{"labels":{"version":%q}},"spec":{"containers":[{"name":"web","image":"registry.example/shop/web:%s"}]}}}}`,
		version, version, version))
}

func deleteOne(ctx context.Context, client kubernetes.Interface, namespace, selector string) error {
	pods, err := client.CoreV1().Pods(namespace).List(ctx, metav1.ListOptions{LabelSelector: selector})
	if err != nil || len(pods.Items) == 0 {
		return err
	}
	victim := pods.Items[rand.IntN(len(pods.Items))]
	return client.CoreV1().Pods(namespace).Delete(ctx, victim.Name, metav1.DeleteOptions{})
}
