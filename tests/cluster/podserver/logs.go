package podserver

import (
	"context"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"kubectl-live/lab/logtext"
)

const (
	// followStep is how often a follower is given what was written since; it bounds both its delay
	// and how often it wakes.
	followStep = 50 * time.Millisecond
	// followCheck is how often a follower asks whether its container still runs.
	followCheck = 2 * time.Second

	defaultRate    = 1.0
	defaultBacklog = 40
)

// logs answers GET /containerLogs like a kubelet.
func (s *Server) logs(response http.ResponseWriter, request *http.Request) {
	pod, ok := s.podOf(response, request)
	if !ok {
		return
	}
	container, query := request.PathValue("container"), request.URL.Query()
	stream, problem := streamOf(pod, container, query.Get("previous") == "true")
	if problem != "" {
		http.Error(response, problem, http.StatusBadRequest)
		return
	}
	writer := &logWriter{
		out: response, timestamps: query.Get("timestamps") == "true",
		left: number(query, "limitBytes"),
	}
	response.Header().Set("Content-Type", "text/plain")
	end := stream.Before(time.Now())
	from := firstLine(stream, query, end)
	if !writer.write(stream, from, end) || query.Get("follow") != "true" || !stream.End.IsZero() {
		return
	}
	s.follow(request.Context(), pod, container, writer, stream, end)
}

// follow writes lines as they come, until the container ends or the reader goes away.
func (s *Server) follow(ctx context.Context, pod *corev1.Pod, container string, writer *logWriter, stream logtext.Stream, from int) {
	tick, checked := time.NewTicker(followStep), time.Now()
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if time.Since(checked) > followCheck {
			checked = time.Now()
			stream.End = s.endOf(ctx, pod, container)
		}
		end := stream.Before(time.Now())
		if !writer.write(stream, from, end) || !stream.End.IsZero() {
			return
		}
		from = end
	}
}

// endOf is when the container that ran in this pod ended, or zero while it runs.
func (s *Server) endOf(ctx context.Context, pod *corev1.Pod, container string) time.Time {
	was, _ := containerStatus(pod, container)
	now, err := s.Client.CoreV1().Pods(pod.Namespace).Get(ctx, pod.Name, metav1.GetOptions{ResourceVersion: "0"})
	if err != nil || now.UID != pod.UID {
		return time.Now()
	}
	is, _ := containerStatus(now, container)
	for _, ended := range []*corev1.ContainerStateTerminated{is.State.Terminated, is.LastTerminationState.Terminated} {
		if ended != nil && was.State.Running != nil && ended.StartedAt.Equal(&was.State.Running.StartedAt) {
			return ended.FinishedAt.Time
		}
	}
	return time.Time{}
}

// streamOf is what the container writes in its current or its previous run, or why there is nothing.
func streamOf(pod *corev1.Pod, container string, previous bool) (logtext.Stream, string) {
	status, found := containerStatus(pod, container)
	state := status.State
	switch {
	case previous && status.LastTerminationState.Terminated == nil:
		return logtext.Stream{}, fmt.Sprintf("previous terminated container %q in pod %q not found", container, pod.Name)
	case previous, found && state.Waiting != nil && status.LastTerminationState.Terminated != nil:
		// A container in back-off shows its last run, as a kubelet does.
		state = status.LastTerminationState
	case !found:
		return logtext.Stream{}, fmt.Sprintf("container %q in pod %q is not available", container, pod.Name)
	case state.Waiting != nil:
		return logtext.Stream{}, fmt.Sprintf("container %q in pod %q is waiting to start: %s", container, pod.Name, reason(state.Waiting))
	}
	spec, _ := containerSpec(pod, container)
	seed := seedOf(pod, container)
	stream := logtext.Stream{Seed: seed, Kind: logtext.KindOf(spec.Image, seed), Rate: defaultRate, Backlog: defaultBacklog}
	if state.Running != nil {
		stream.Start = state.Running.StartedAt.Time
	} else if ended := state.Terminated; ended != nil {
		stream.Start, stream.End = ended.StartedAt.Time, ended.FinishedAt.Time
		if ended.ExitCode != 0 {
			stream.Crash = "dial tcp 10.96.0.40:5432: connect: connection refused"
		}
	}
	stream.Seed += uint64(stream.Start.Unix())
	if spec.Stdin {
		// It logs what its shell says, which is gone with the session.
		stream.End = stream.Start
		return stream, ""
	}
	return annotated(stream, pod.Annotations), ""
}

func reason(waiting *corev1.ContainerStateWaiting) string {
	switch waiting.Reason {
	case "ImagePullBackOff", "ErrImagePull":
		return "trying and failing to pull image"
	}
	return waiting.Reason
}

func annotated(stream logtext.Stream, annotations map[string]string) logtext.Stream {
	if kind := annotations["kubectl-live/log-kind"]; kind != "" {
		stream.Kind = kind
	}
	if rate, err := strconv.ParseFloat(annotations["kubectl-live/log-rate"], 64); err == nil && rate > 0 {
		stream.Rate = rate
	}
	if lines, err := strconv.Atoi(annotations["kubectl-live/log-lines"]); err == nil && lines >= 0 {
		stream.Backlog = lines
	}
	return stream
}

func seedOf(pod *corev1.Pod, container string) uint64 {
	hash := fnv.New64a()
	fmt.Fprintf(hash, "%s/%s", pod.UID, container)
	return hash.Sum64()
}

// firstLine applies tailLines, sinceSeconds and sinceTime.
func firstLine(stream logtext.Stream, query url.Values, end int) int {
	first := 0
	if seconds := number(query, "sinceSeconds"); seconds >= 0 {
		first = stream.Before(time.Now().Add(-time.Duration(seconds) * time.Second))
	}
	if since, err := time.Parse(time.RFC3339, query.Get("sinceTime")); err == nil {
		first = stream.Before(since)
	}
	if tail := number(query, "tailLines"); tail >= 0 {
		first = max(first, end-tail)
	}
	return first
}

// number reads a parameter, or gives -1.
func number(query url.Values, name string) int {
	value, err := strconv.Atoi(query.Get(name))
	if err != nil {
		return -1
	}
	return value
}

// logWriter writes lines and flushes them; left is how many bytes may go out, or negative.
type logWriter struct {
	out        io.Writer
	timestamps bool
	left       int
}

// write sends the lines from..end and tells whether there is somebody to send more to.
func (w *logWriter) write(stream logtext.Stream, from, end int) bool {
	buffer := make([]byte, 0, 64<<10)
	for n := from; n < end; n++ {
		if w.timestamps {
			buffer = stream.At(n).UTC().AppendFormat(buffer, "2006-01-02T15:04:05.000000000Z")
			buffer = append(buffer, ' ')
		}
		buffer = append(append(buffer, stream.Text(n)...), '\n')
		if len(buffer) > 48<<10 {
			if !w.send(buffer) {
				return false
			}
			buffer = buffer[:0]
		}
	}
	return w.send(buffer)
}

func (w *logWriter) send(buffer []byte) bool {
	if w.left >= 0 {
		buffer = buffer[:min(len(buffer), w.left)]
		w.left -= len(buffer)
	}
	if _, err := w.out.Write(buffer); err != nil {
		return false
	}
	if flusher, ok := w.out.(http.Flusher); ok && len(buffer) > 0 {
		flusher.Flush()
	}
	return w.left != 0
}
