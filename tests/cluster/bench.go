package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"kubectl-live/lab/control"
	"kubectl-live/lab/flags"
	"kubectl-live/lab/load"
	"kubectl-live/lab/objects"
	"kubectl-live/lab/plane"
	"kubectl-live/lab/state"
)

// openStore connects to the storage of a running lab.
func openStore(dir state.Dir) (*load.Store, error) {
	record, err := dir.Load()
	if err != nil {
		return nil, err
	}
	config, err := objects.Config(plane.SupervisorKubeconfig(dir))
	if err != nil {
		return nil, err
	}
	return load.Open(record.Etcd, config)
}

func interruptible() (context.Context, context.CancelFunc) {
	return signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
}

// loadPods fills a lab, and prints what it made as one line of JSON.
func loadPods(args []string) error {
	flags := flags.New("load")
	pods := flags.Int("pods", 1000, "how many pods")
	nodes := flags.Int("nodes", 0, "on how many nodes (default: one for every 100 pods)")
	namespaces := flags.Int("namespaces", 10, "in how many namespaces")
	prefix := flags.String("prefix", "bench", "how names of namespaces and nodes begin")
	usage := flags.Bool("metrics", false, "kubectl top knows the pods; costs a third of a core at 10,000")
	clear := flags.Bool("clear", false, "remove what load made under the prefix")
	if err := flags.ParseAll(args); err != nil {
		return err
	}
	dir, err := flags.Running()
	if err != nil {
		return err
	}
	store, err := openStore(dir)
	if err != nil {
		return err
	}
	defer store.Close()
	ctx, cancel := interruptible()
	defer cancel()
	if *clear {
		err := withoutControllers(dir, func() error { return store.Erase(ctx, *prefix) })
		if err != nil {
			return err
		}
		return store.WaitErased(ctx, *prefix)
	}
	if *nodes == 0 {
		*nodes = 1 + *pods/100
	}
	if *pods < 0 || *nodes < 1 || *namespaces < 1 {
		return errors.New("there must be at least one node and one namespace")
	}
	port, err := kubeletPort(dir)
	if err != nil {
		return err
	}
	began := time.Now()
	plan := load.Plan{Pods: *pods, Nodes: *nodes, Namespaces: *namespaces, Prefix: *prefix, KubeletPort: port, Metrics: *usage, Now: began}
	if err := store.MakeNamespaces(ctx, plan); err != nil {
		return err
	}
	var wrote time.Duration
	err = withoutControllers(dir, func() error {
		wrote, err = store.Fill(ctx, plan)
		return err
	})
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]any{
		"pods": *pods, "nodes": *nodes, "namespaces": *namespaces, "prefix": *prefix,
		"wrote_seconds": wrote.Seconds(), "visible_seconds": time.Since(began).Seconds(),
	})
}

// withoutControllers holds back whoever would react meanwhile. kwok and the scheduler only cost time.
// The controller manager has to be stopped: it sees ReplicaSets and pods through
// separate watches: in the middle of a load it would find ReplicaSets without pods and make some, or
// pods without owners and delete them. When it starts again it waits until it has seen everything.
func withoutControllers(dir state.Dir, work func() error) error {
	components := []string{plane.ControllerManager}
	held, _, err := control.Hold(dir.Socket(), control.Request{
		Op: "hold", Components: []string{plane.Kwok, plane.Scheduler, plane.MetricsServer},
	})
	if err != nil {
		return err
	}
	defer held.Close()
	if _, err := control.Call(dir.Socket(), control.Request{Op: "kill", Components: components}); err != nil {
		return err
	}
	workErr := work()
	_, err = control.Call(dir.Socket(), control.Request{Op: "start", Components: components})
	return errors.Join(workErr, err)
}

// kubeletPort is where the lab's pods are answered for.
func kubeletPort(dir state.Dir) (int, error) {
	record, err := dir.Load()
	if err != nil {
		return 0, err
	}
	_, port, err := net.SplitHostPort(strings.TrimPrefix(record.Kubelet, "https://"))
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(port)
}

// churnPods changes loaded pods at a rate, and prints a summary as one line of JSON. Meanwhile kwok
// and the controller manager are held still: what they would do about the changes would be
// events too, and no longer the rate that was asked for.
func churnPods(args []string) error {
	flags := flags.New("churn")
	rate := flags.Float64("rate", 100, "changes a second")
	seconds := flags.Float64("seconds", 0, "for how long (default: until interrupted)")
	prefix := flags.String("prefix", "bench", "the prefix that was given to load")
	live := flags.Bool("live", false, "do not hold kwok and the controller manager")
	if err := flags.ParseAll(args); err != nil {
		return err
	}
	if *rate <= 0 {
		return fmt.Errorf("the rate must be more than 0, not %v", *rate)
	}
	dir, err := flags.Running()
	if err != nil {
		return err
	}
	store, err := openStore(dir)
	if err != nil {
		return err
	}
	defer store.Close()
	if !*live {
		held, _, err := control.Hold(dir.Socket(), control.Request{
			Op: "hold", Components: []string{plane.Kwok, plane.ControllerManager},
		})
		if err != nil {
			return err
		}
		defer held.Close()
	}
	ctx, cancel := interruptible()
	defer cancel()
	summary, err := store.Churn(ctx, load.Churn{
		Rate: *rate, For: time.Duration(*seconds * float64(time.Second)), Prefix: *prefix,
	})
	return errors.Join(json.NewEncoder(os.Stdout).Encode(summary), err)
}

// compact makes etcd forget its past.
func compact(args []string) error {
	flags := flags.New("compact")
	if err := flags.ParseAll(args); err != nil {
		return err
	}
	dir, err := flags.Running()
	if err != nil {
		return err
	}
	store, err := openStore(dir)
	if err != nil {
		return err
	}
	defer store.Close()
	ctx, cancel := interruptible()
	defer cancel()
	revision, err := store.Compact(ctx)
	if err != nil {
		return err
	}
	fmt.Println(revision)
	return nil
}
