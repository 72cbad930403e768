package logtext

import (
	"strings"
	"testing"
	"time"
)

var start = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

func TestLinesAreInOrderAndRepeatable(t *testing.T) {
	for _, rate := range []float64{0.1, 1, 3, 5000} {
		stream := Stream{Seed: 42, Kind: "json", Start: start, Rate: rate, Backlog: 30}
		for n := 1; n < 500; n++ {
			if stream.At(n).Before(stream.At(n - 1)) {
				t.Fatalf("rate %v: line %d is older than the one before it", rate, n)
			}
			if stream.Text(n) != stream.Text(n) {
				t.Fatalf("line %d changes", n)
			}
		}
	}
}

func TestBeforeCountsWhatWasWritten(t *testing.T) {
	stream := Stream{Seed: 7, Kind: "logfmt", Start: start, Rate: 2.5, Backlog: 10}
	for n := range 200 {
		if got := stream.Before(stream.At(n)); got != n {
			t.Fatalf("before line %d there are %d", n, got)
		}
	}
	if got := stream.Before(start.Add(-time.Hour)); got != 0 {
		t.Errorf("%d lines before the start", got)
	}
}

func TestCrashIsTheLastWord(t *testing.T) {
	stream := Stream{Seed: 7, Kind: "klog", Start: start, Rate: 1, Backlog: 10, Crash: "out of luck", End: start.Add(20 * time.Second)}
	last := stream.Before(start.Add(time.Hour))
	if got := stream.Text(last - crashLines); got != "panic: out of luck" {
		t.Errorf("%q", got)
	}
	if strings.Contains(stream.Text(last-crashLines-1), "luck") {
		t.Error("it crashes too early")
	}
}

func TestEveryKindWritesOneLine(t *testing.T) {
	for _, kind := range Kinds() {
		stream := Stream{Seed: 1, Kind: kind, Start: start, Rate: 1, Backlog: 5}
		for n := range 300 {
			if strings.Contains(stream.Text(n), "\n") {
				t.Fatalf("%s: line %d has a line end in it", kind, n)
			}
		}
	}
}
