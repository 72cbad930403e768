// Package logtext invents what containers log. A stream is a pure function of its seed: the same
// line has the same time and text whenever it is asked for, so nothing is stored, and a follower,
// a tail and a search by time agree with each other.
package logtext

import (
	"sort"
	"strings"
	"time"
)

// Stream is what one run of one container writes.
type Stream struct {
	// Seed tells streams apart; two pods of one deployment say different things.
	Seed uint64
	// Kind is how lines look: see Kinds.
	Kind string
	// Start is when the container started. No line is older.
	Start time.Time
	// Rate is lines a second after the first second.
	Rate float64
	// Backlog is how many lines the container writes in its first second.
	Backlog int
	// Crash, when not empty, is what the last lines before End say.
	Crash string
	// End is when the container ended; zero while it runs.
	End time.Time
}

// boot is the time in which the backlog is written.
const boot = time.Second

// crashLines is how many lines before the end speak of it.
const crashLines = 4

// At is when line number n was written.
func (s Stream) At(n int) time.Time {
	if n < s.Backlog {
		return s.Start.Add(boot * time.Duration(n) / time.Duration(s.Backlog))
	}
	spacing := 1 / s.Rate
	late := float64(mix(s.Seed, uint64(n))%800) / 1000
	return s.Start.Add(boot + time.Duration((float64(n-s.Backlog)+late)*spacing*float64(time.Second)))
}

// Before is how many lines were written before a time.
func (s Stream) Before(at time.Time) int {
	if !s.End.IsZero() && at.After(s.End) {
		at = s.End
	}
	if !at.After(s.Start) {
		return 0
	}
	most := s.Backlog + int(at.Sub(s.Start).Seconds()*s.Rate) + 2
	return sort.Search(most, func(n int) bool { return !s.At(n).Before(at) })
}

// Text is what line number n says, without its end.
func (s Stream) Text(n int) string {
	if s.Crash != "" && !s.End.IsZero() {
		if left := s.Before(s.End) - n; left <= crashLines {
			return crashText(s.Crash, crashLines-left)
		}
	}
	write, known := kinds[s.Kind]
	if !known {
		write = kinds["logfmt"]
	}
	return write(line{number: n, at: s.At(n), hash: mix(s.Seed, uint64(n)*2654435761+1)})
}

func crashText(reason string, n int) string {
	return []string{
		"panic: " + reason,
		"",
		"goroutine 1 [running]:",
		"main.main()",
	}[min(max(n, 0), crashLines-1)]
}

// Kinds are the names Stream.Kind knows.
func Kinds() []string {
	names := make([]string, 0, len(kinds))
	for name := range kinds {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// KindOf guesses a kind from an image's name.
func KindOf(image string, seed uint64) string {
	for _, guess := range []struct{ part, kind string }{
		{"nginx", "access"}, {"envoy", "access"}, {"web", "access"}, {"postgres", "postgres"}, {"redis", "klog"},
		{"java", "java"}, {"kafka", "java"}, {"exporter", "logfmt"}, {"prometheus", "logfmt"},
	} {
		if strings.Contains(image, guess.part) {
			return guess.kind
		}
	}
	return []string{"json", "logfmt", "klog"}[seed%3]
}

// mix is splitmix64: small, and good enough that neighbours look unrelated.
func mix(a, b uint64) uint64 {
	z := a + b*0x9e3779b97f4a7c15
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb
	return z ^ (z >> 31)
}
