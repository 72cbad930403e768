package podserver

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"

	"github.com/creack/pty"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/cri-streaming/pkg/streaming/remotecommand"
	utilexec "k8s.io/utils/exec"
)

// runner runs commands "in" a pod: on this machine, in the container's folder.
type runner struct {
	server *Server
	pod    *corev1.Pod
}

// ExecInContainer runs a command and reports its exit code.
func (r runner) ExecInContainer(ctx context.Context, _, _, container string, arguments []string,
	in io.Reader, out, problems io.WriteCloser, tty bool, resize <-chan remotecommand.TerminalSize, _ time.Duration,
) error {
	if len(arguments) == 0 {
		return errors.New("no command was given")
	}
	folder := r.server.Dir.Path("pods", string(r.pod.UID), container)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	command := exec.Command(arguments[0], arguments[1:]...)
	command.Dir = folder
	command.Env = r.environment(container, folder)
	if tty {
		return r.runOnTerminal(ctx, command, in, out, resize)
	}
	return r.runOnPipes(ctx, command, in, out, problems)
}

// AttachContainer gives a container that reads its input a shell, which is what `kubectl run -it` and
// `kubectl debug -it` want; any other shows what it logs from now on.
func (r runner) AttachContainer(ctx context.Context, name, uid, container string,
	in io.Reader, out, problems io.WriteCloser, tty bool, resize <-chan remotecommand.TerminalSize,
) error {
	spec, _ := containerSpec(r.pod, container)
	if !spec.Stdin {
		stream, _ := streamOf(r.pod, container, false)
		writer := &logWriter{out: out, left: -1}
		r.server.follow(ctx, r.pod, container, writer, stream, stream.Before(time.Now()))
		return nil
	}
	arguments := append(append([]string{}, spec.Command...), spec.Args...)
	if len(arguments) == 0 {
		arguments = []string{"sh"}
	}
	err := r.ExecInContainer(ctx, name, uid, container, arguments, in, out, problems, tty, resize, 0)
	return errors.Join(ignoreExit(err), r.finish(container, err))
}

func ignoreExit(err error) error {
	var exit utilexec.ExitError
	if errors.As(err, &exit) {
		return nil
	}
	return err
}

// environment is what a process in that container would see, on top of a usable PATH.
func (r runner) environment(container, folder string) []string {
	environment := []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + folder, "TERM=xterm-256color", "HOSTNAME=" + r.pod.Name,
		"PS1=" + r.pod.Name + ":\\w$ ", "KUBERNETES_SERVICE_HOST=10.96.0.1", "KUBERNETES_SERVICE_PORT=443",
	}
	spec, _ := containerSpec(r.pod, container)
	for _, variable := range spec.Env {
		if variable.ValueFrom == nil {
			environment = append(environment, variable.Name+"="+variable.Value)
		}
	}
	return environment
}

func (r runner) runOnTerminal(ctx context.Context, command *exec.Cmd, in io.Reader, out io.Writer, resize <-chan remotecommand.TerminalSize) error {
	terminal, inner, err := pty.Open()
	if err != nil {
		return err
	}
	defer terminal.Close()
	command.Stdin, command.Stdout, command.Stderr = inner, inner, inner
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	err = r.server.Spawner.Start(command)
	inner.Close()
	if err != nil {
		return err
	}
	go func() {
		for size := range resize {
			_ = pty.Setsize(terminal, &pty.Winsize{Rows: size.Height, Cols: size.Width})
		}
	}()
	if in != nil {
		go func() { _, _ = io.Copy(terminal, in) }()
	}
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		// Reading ends with EIO when the last process on the terminal is gone.
		_, _ = io.Copy(out, terminal)
	}()
	err = wait(ctx, command)
	select {
	case <-drained:
	case <-time.After(time.Second): // something in the background keeps the terminal open
	}
	return err
}

func (r runner) runOnPipes(ctx context.Context, command *exec.Cmd, in io.Reader, out, problems io.Writer) error {
	command.Stdout, command.Stderr = out, problems
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.WaitDelay = time.Second
	// Not command.Stdin: Wait would not return before the client closes its side.
	var input io.WriteCloser
	if in != nil {
		var err error
		if input, err = command.StdinPipe(); err != nil {
			return err
		}
	}
	if err := r.server.Spawner.Start(command); err != nil {
		return err
	}
	if in != nil {
		go func() {
			_, _ = io.Copy(input, in)
			input.Close()
		}()
	}
	return wait(ctx, command)
}

// wait waits for the command, which ends with all its children when the client goes away.
func wait(ctx context.Context, command *exec.Cmd) error {
	stop := context.AfterFunc(ctx, func() { _ = syscall.Kill(-command.Process.Pid, syscall.SIGKILL) })
	defer stop()
	err := command.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		code := exit.ExitCode()
		if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
			code = 128 + int(status.Signal())
		}
		return utilexec.CodeExitError{Err: err, Code: code}
	}
	if errors.Is(err, exec.ErrWaitDelay) {
		return nil
	}
	return err
}

// finish says in the pod's status that an attached container has ended with its shell.
func (r runner) finish(container string, result error) error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	pods := r.server.Client.CoreV1().Pods(r.pod.Namespace)
	pod, err := pods.Get(ctx, r.pod.Name, metav1.GetOptions{})
	if err != nil {
		return err
	}
	ended := corev1.ContainerStateTerminated{Reason: "Completed", FinishedAt: metav1.Now()}
	var exit utilexec.ExitError
	if errors.As(result, &exit) {
		ended.Reason, ended.ExitCode = "Error", int32(exit.ExitStatus())
	}
	running := 0
	for _, statuses := range [][]corev1.ContainerStatus{pod.Status.ContainerStatuses, pod.Status.EphemeralContainerStatuses} {
		for i := range statuses {
			status := &statuses[i]
			if status.Name == container && status.State.Running != nil {
				ended.StartedAt = status.State.Running.StartedAt
				status.State, status.Ready = corev1.ContainerState{Terminated: &ended}, false
			}
		}
	}
	for _, status := range pod.Status.ContainerStatuses {
		if status.State.Running != nil {
			running++
		}
	}
	if running == 0 && pod.Spec.RestartPolicy == corev1.RestartPolicyNever {
		pod.Status.Phase = corev1.PodSucceeded
		if ended.ExitCode != 0 {
			pod.Status.Phase = corev1.PodFailed
		}
	}
	_, err = pods.UpdateStatus(ctx, pod, metav1.UpdateOptions{})
	return err
}
