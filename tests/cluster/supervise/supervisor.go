// Package supervise runs the components of one lab, and answers `lab` commands about them.
package supervise

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"kubectl-live/lab/control"
	"kubectl-live/lab/plane"
	"kubectl-live/lab/process"
	"kubectl-live/lab/state"
)

// Supervisor is one running lab.
type Supervisor struct {
	Dir      state.Dir
	Name     string
	Ports    plane.Ports
	Spawner  *process.Spawner
	progress io.Writer

	children []*child
	byName   map[string]*child
	down     chan struct{}
	downOnce sync.Once
	roll     func()
}

// startTimeout is how long a lab may take to come up; on an idle machine it takes 3 s.
const startTimeout = 90 * time.Second

// Start brings a control plane up in dir, which the caller has locked and prepared. Progress is for people.
func Start(ctx context.Context, dir state.Dir, name string, progress io.Writer) (*Supervisor, error) {
	ports, err := plane.NewPorts()
	if err != nil {
		return nil, err
	}
	if err := plane.WriteFiles(dir, name, ports); err != nil {
		return nil, err
	}
	supervisor := &Supervisor{
		Dir: dir, Name: name, Ports: ports, Spawner: process.NewSpawner(), progress: progress,
		byName: map[string]*child{}, down: make(chan struct{}),
	}
	for _, component := range plane.Control(dir, ports) {
		child := &child{Component: component, dir: dir, spawner: supervisor.Spawner, state: stopped}
		supervisor.children = append(supervisor.children, child)
		supervisor.byName[component.Name] = child
	}
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	if err := supervisor.startAll(ctx); err != nil {
		supervisor.Stop()
		return nil, err
	}
	return supervisor, nil
}

// startAll starts every component as soon as those it needs are ready.
func (s *Supervisor) startAll(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ready := map[string]chan struct{}{}
	for _, child := range s.children {
		ready[child.Name] = make(chan struct{})
	}
	results := make(chan error, len(s.children))
	for _, child := range s.children {
		go func() {
			for _, need := range child.Needs {
				select {
				case <-ready[need]:
				case <-ctx.Done():
					results <- ctx.Err()
					return
				}
			}
			began := time.Now()
			err := child.start()
			if err == nil {
				err = child.waitReady(ctx)
			}
			if err == nil {
				fmt.Fprintf(s.progress, "%s is ready (%d ms)\n", child.Name, time.Since(began).Milliseconds())
				close(ready[child.Name])
			}
			results <- err
		}()
	}
	for range s.children {
		// The first failure is the cause; those after it are its consequences.
		if err := <-results; err != nil {
			return err
		}
	}
	return nil
}

// Stop ends every component, the ones that use others first, and waits until they are gone.
// etcd and the API server get no grace: what they would tidy up is about to be deleted.
func (s *Supervisor) Stop() {
	var users sync.WaitGroup
	for _, child := range s.children {
		if child.Name == plane.Etcd {
			continue
		}
		users.Add(1)
		go func() {
			defer users.Done()
			child.stop(0)
		}()
	}
	users.Wait()
	s.byName[plane.Etcd].stop(0)
}

// Record is what the lab tells the world.
func (s *Supervisor) Record() state.Record {
	pids := map[string]int{"supervisor": os.Getpid()}
	for _, child := range s.children {
		pids[child.Name] = child.status().PID
	}
	return state.Record{
		Name: s.Name, State: string(s.Dir), Kubeconfig: s.Dir.Kubeconfig(), Server: s.Ports.Server(),
		Kubectl: s.Dir.Path("bin", "kubectl"), Etcd: s.Ports.EtcdURL(),
		Kubelet: s.Ports.KubeletURL(), PIDs: pids,
	}
}

// OnRoll sets what a roll request starts.
func (s *Supervisor) OnRoll(roll func()) { s.roll = roll }

// Down is closed when somebody asked the lab to end.
func (s *Supervisor) Down() <-chan struct{} { return s.down }

// find gives the children of those names.
func (s *Supervisor) find(names []string) ([]*child, error) {
	found := make([]*child, 0, len(names))
	for _, name := range names {
		child, ok := s.byName[name]
		if !ok {
			return nil, fmt.Errorf("no component is called %q; there are %s", name, s.names())
		}
		found = append(found, child)
	}
	if len(found) == 0 {
		return nil, errors.New("name a component: " + s.names())
	}
	return found, nil
}

func (s *Supervisor) names() string {
	text := ""
	for i, child := range s.children {
		if i > 0 {
			text += ", "
		}
		text += child.Name
	}
	return text
}

func (s *Supervisor) statuses() []control.Status {
	statuses := make([]control.Status, 0, len(s.children))
	for _, child := range s.children {
		statuses = append(statuses, child.status())
	}
	return statuses
}
