package kube

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// server is an API server that answers as told. What a real one does is tested with a real one, in tests/native.
func server(t *testing.T, answer http.HandlerFunc) Spec {
	t.Helper()
	s := httptest.NewTLSServer(answer)
	t.Cleanup(s.Close)
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	return Spec{Server: s.URL, CAPem: string(ca), Token: "first-secret"}
}

func status(w http.ResponseWriter, code int, reason metav1.StatusReason, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(metav1.Status{
		TypeMeta: metav1.TypeMeta{Kind: "Status", APIVersion: "v1"},
		Status:   "Failure", Code: int32(code), Reason: reason, Message: message,
	})
}

var widget = Target{Group: "lab.example.com", Version: "v1", Resource: "widgets", Kind: "Widget", Namespace: "shop", Name: "big"}
var deployment = Target{Group: "apps", Version: "v1", Resource: "deployments", Kind: "Deployment", Namespace: "shop", Name: "web"}

func codeIs(t *testing.T, err error, want Code) *Failure {
	t.Helper()
	var failure *Failure
	if !errors.As(err, &failure) {
		t.Fatalf("%v is no Failure", err)
	}
	if failure.Code != want {
		t.Fatalf("code %q (%s), want %q", failure.Code, failure.Message, want)
	}
	if strings.Contains(failure.Message+failure.Hint, "secret") {
		t.Fatalf("a credential got into %q", failure.Message)
	}
	return failure
}

func TestServersAnswersBecomeCodes(t *testing.T) {
	for want, code := range map[Code]int{
		CodeForbidden: 403, CodeNotFound: 404, CodeUnauthorized: 401, CodeConflict: 409, CodeExpired: 410,
		CodeThrottled: 429, CodeUnreachable: 503, CodeTimeout: 504, CodeInvalid: 422, CodeInternal: 500,
	} {
		t.Run(string(want), func(t *testing.T) {
			client := NewClient(server(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", "30")
				status(w, code, "", "because")
			}))
			began := time.Now()
			_, err := client.Describe(t.Context(), widget)
			failure := codeIs(t, err, want)
			if !strings.HasPrefix(failure.Message, "cannot describe widgets.lab.example.com shop/big: ") {
				t.Fatalf("the message does not name the object: %q", failure.Message)
			}
			// History prints the server's error into its own; the code has to survive that.
			_, err = client.RolloutHistory(t.Context(), deployment, 0)
			codeIs(t, err, want)
			if took := time.Since(began); took > 5*time.Second {
				t.Fatalf("took %v: it slept on Retry-After", took)
			}
		})
	}
}

func TestNobodyListens(t *testing.T) {
	s := httptest.NewServer(nil)
	spec := Spec{Server: s.URL, Token: "first-secret"}
	s.Close()
	_, err := NewClient(spec).Describe(t.Context(), widget)
	failure := codeIs(t, err, CodeUnreachable)
	if !strings.Contains(failure.Message, "connection refused") {
		t.Fatalf("got %q", failure.Message)
	}
}

func TestUnknownAuthority(t *testing.T) {
	spec := server(t, func(http.ResponseWriter, *http.Request) {})
	spec.CAPem = ""
	_, err := NewClient(spec).Describe(t.Context(), widget)
	if failure := codeIs(t, err, CodeUnreachable); !strings.Contains(failure.Message, "certificate") {
		t.Fatalf("got %q", failure.Message)
	}
}

func TestSpecsThatCannotBeUsed(t *testing.T) {
	for name, spec := range map[string]Spec{
		"key":   {Server: "https://localhost:1", CertPem: "secret", KeyPem: "secret"},
		"proxy": {Server: "https://localhost:1", ProxyURL: "http://me:secret@bad host"},
		"ca":    {Server: "https://localhost:1", CAPem: "secret"},
	} {
		t.Run(name, func(t *testing.T) {
			client := NewClient(spec)
			_, err := client.Describe(t.Context(), widget)
			codeIs(t, err, CodeInvalid)
			client.Close()
		})
	}
}

func TestATokenTakesEffectWithTheNextRequest(t *testing.T) {
	var got []string
	client := NewClient(server(t, func(w http.ResponseWriter, r *http.Request) {
		got = append(got, r.Header.Get("Authorization"))
		status(w, 401, metav1.StatusReasonUnauthorized, "Unauthorized")
	}))
	_, err := client.Describe(t.Context(), widget)
	codeIs(t, err, CodeUnauthorized)
	client.SetToken("second")
	_, err = client.Describe(t.Context(), widget)
	codeIs(t, err, CodeUnauthorized)
	if len(got) != 2 || got[0] != "Bearer first-secret" || got[1] != "Bearer second" {
		t.Fatalf("the server saw %v", got)
	}
}

func TestAContextReachesDescribersThatAskWithoutOne(t *testing.T) {
	asked := make(chan struct{})
	client := NewClient(server(t, func(_ http.ResponseWriter, r *http.Request) {
		close(asked)
		<-r.Context().Done()
	}))
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-asked
		cancel()
	}()
	_, err := client.Describe(ctx, widget)
	codeIs(t, err, CodeCancelled)
}

func TestAClosedConnectionIsTriedOnceMore(t *testing.T) {
	asked := 0
	client := NewClient(server(t, func(w http.ResponseWriter, _ *http.Request) {
		asked++
		panic(http.ErrAbortHandler)
	}))
	began := time.Now()
	_, err := client.Describe(t.Context(), widget)
	codeIs(t, err, CodeUnreachable)
	if asked > 4 || time.Since(began) > 5*time.Second {
		t.Fatalf("asked %d times in %v", asked, time.Since(began))
	}
}

func TestKindAndVersionAreFoundWhenNotTold(t *testing.T) {
	discoveries := 0
	client := NewClient(server(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch r.URL.Path {
		case "/api":
			discoveries++
			_ = json.NewEncoder(w).Encode(metav1.APIVersions{TypeMeta: metav1.TypeMeta{Kind: "APIVersions"}, Versions: []string{}})
		case "/apis":
			version := metav1.GroupVersionForDiscovery{GroupVersion: "lab.example.com/v1", Version: "v1"}
			_ = json.NewEncoder(w).Encode(metav1.APIGroupList{
				TypeMeta: metav1.TypeMeta{Kind: "APIGroupList", APIVersion: "v1"},
				Groups: []metav1.APIGroup{{
					Name: "lab.example.com", Versions: []metav1.GroupVersionForDiscovery{version}, PreferredVersion: version,
				}},
			})
		case "/apis/lab.example.com/v1":
			_ = json.NewEncoder(w).Encode(metav1.APIResourceList{
				TypeMeta: metav1.TypeMeta{Kind: "APIResourceList", APIVersion: "v1"}, GroupVersion: "lab.example.com/v1",
				APIResources: []metav1.APIResource{{Name: "widgets", Kind: "Widget", Namespaced: true, Verbs: []string{"get"}}},
			})
		case "/apis/lab.example.com/v1/namespaces/shop/widgets/big":
			_, _ = w.Write([]byte(`{"apiVersion":"lab.example.com/v1","kind":"Widget","metadata":{"name":"big","namespace":"shop"}}`))
		default:
			status(w, 404, metav1.StatusReasonNotFound, "no "+r.URL.Path)
		}
	}))
	for range 2 {
		text, err := client.Describe(t.Context(), Target{Group: "lab.example.com", Resource: "widgets", Namespace: "shop", Name: "big"})
		if err != nil || !strings.Contains(text, "Kind:         Widget") {
			t.Fatalf("got %q, %v", text, err)
		}
	}
	if discoveries != 1 {
		t.Fatalf("discovered %d times", discoveries)
	}
}
