package supervise

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"kubectl-live/lab/control"
	"kubectl-live/lab/plane"
	"kubectl-live/lab/process"
	"kubectl-live/lab/state"
)

// What a child can be in.
const (
	running = "running"
	paused  = "paused"
	stopped = "stopped"
	dead    = "dead"
)

// child is one component and the process that runs it.
type child struct {
	plane.Component
	dir     state.Dir
	spawner *process.Spawner

	mu     sync.Mutex
	state  string
	detail string
	pid    int
	ended  chan struct{}
}

// start runs the component. It does not wait until it is ready.
func (c *child) start() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state == running || c.state == paused {
		return fmt.Errorf("%s is %s already (pid %d)", c.Name, c.state, c.pid)
	}
	executable, err := os.Executable()
	if err != nil {
		return err
	}
	log, err := os.OpenFile(c.dir.Log(c.Name), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	command := exec.Command(executable, append([]string{c.Name}, c.Args...)...)
	command.Dir = string(c.dir)
	command.Stdout, command.Stderr = log, log
	command.Env = environment(c.dir)
	// A group of its own: Ctrl-C in a terminal is for the supervisor, which stops the rest in order.
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := c.spawner.Start(command); err != nil {
		return fmt.Errorf("start %s: %w", c.Name, err)
	}
	c.state, c.detail, c.pid, c.ended = running, "", command.Process.Pid, make(chan struct{})
	go c.wait(command, c.ended)
	return nil
}

func (c *child) wait(command *exec.Cmd, ended chan struct{}) {
	err := command.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state != stopped {
		c.state, c.detail = dead, fmt.Sprintf("ended at %s: %s", time.Now().Format(time.TimeOnly), outcome(err))
	}
	c.pid = 0
	close(ended)
}

func outcome(err error) string {
	if err == nil {
		return "exit status 0"
	}
	return err.Error()
}

// stop ends the component: politely, and after grace by force. A paused one is woken first,
// or it would never see the signal.
func (c *child) stop(grace time.Duration) {
	c.mu.Lock()
	pid, ended := c.pid, c.ended
	alive := c.state == running || c.state == paused
	c.state = stopped
	c.mu.Unlock()
	if !alive {
		return
	}
	if grace > 0 {
		_ = syscall.Kill(pid, syscall.SIGTERM)
		_ = syscall.Kill(pid, syscall.SIGCONT)
	}
	select {
	case <-ended:
		return
	case <-time.After(grace):
	}
	_ = syscall.Kill(pid, syscall.SIGKILL)
	<-ended
}

// pause freezes the component; resume lets it go on where it was.
func (c *child) pause() error  { return c.signal(syscall.SIGSTOP, running, paused) }
func (c *child) resume() error { return c.signal(syscall.SIGCONT, paused, running) }

func (c *child) signal(signal syscall.Signal, from, to string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state == to {
		return nil
	}
	if c.state != from {
		return fmt.Errorf("%s is %s, not %s", c.Name, c.state, from)
	}
	if err := syscall.Kill(c.pid, signal); err != nil {
		return fmt.Errorf("signal %s: %w", c.Name, err)
	}
	c.state = to
	return nil
}

func (c *child) status() control.Status {
	c.mu.Lock()
	defer c.mu.Unlock()
	return control.Status{
		Name: c.Name, PID: c.pid, State: c.state, Port: c.Port, Detail: c.detail, Log: c.dir.Log(c.Name),
	}
}

// readyPoll is how often a component is asked whether it is ready.
const readyPoll = 50 * time.Millisecond

// waitReady returns when the component answers, or says why it never will.
func (c *child) waitReady(ctx context.Context) error {
	client := &http.Client{
		Timeout: 2 * time.Second,
		// The port is loopback and the child is ours; only the status code matters.
		Transport: &http.Transport{
			TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true,
		},
	}
	for {
		status := c.status()
		if status.State == dead || status.State == stopped {
			return fmt.Errorf("%s is %s (%s); its log: %s%s", c.Name, status.State, status.Detail, status.Log, lastLine(status.Log))
		}
		if response, err := client.Get(c.Health); err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s was not ready in time; its log: %s%s", c.Name, status.Log, lastLine(status.Log))
		case <-time.After(readyPoll):
		}
	}
}

// lastLine is the end of a log, for an error message.
func lastLine(file string) string {
	content, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	lines := strings.Split(strings.TrimSpace(string(content)), "\n")
	return "\n  " + lines[len(lines)-1]
}

// environment is all that components inherit: nothing of the user's (KUBECONFIG, proxies …) may
// change what a lab is. KWOK_WORKDIR keeps kwok from reading a configuration in the home folder.
func environment(dir state.Dir) []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + string(dir), "TMPDIR=" + os.TempDir(),
		"KWOK_WORKDIR=" + dir.Path("config"),
	}
}
