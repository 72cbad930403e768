package pki

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func parse(t *testing.T, pair Pair) *x509.Certificate {
	t.Helper()
	if _, err := tls.X509KeyPair(pair.Cert, pair.Key); err != nil {
		t.Fatalf("certificate and key do not belong together: %v", err)
	}
	block, _ := pem.Decode(pair.Cert)
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

func authority(t *testing.T) *Authority {
	t.Helper()
	authority, err := NewAuthority("test-ca")
	if err != nil {
		t.Fatal(err)
	}
	return authority
}

func TestAuthorityVouchesForItsServers(t *testing.T) {
	authority := authority(t)
	pair, err := authority.Issue(Request{CommonName: "server", Hosts: []string{"127.0.0.1", "localhost"}})
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority.Cert)
	for _, host := range []string{"127.0.0.1", "localhost"} {
		if _, err := parse(t, pair).Verify(x509.VerifyOptions{Roots: roots, DNSName: host}); err != nil {
			t.Errorf("%s: %v", host, err)
		}
	}
}

func TestUserIsNotAServer(t *testing.T) {
	pair, err := authority(t).Issue(Request{CommonName: "sam", Organizations: []string{"storefront", "night"}})
	if err != nil {
		t.Fatal(err)
	}
	cert := parse(t, pair)
	if cert.Subject.CommonName != "sam" || len(cert.Subject.Organization) != 2 {
		t.Errorf("subject is %v", cert.Subject)
	}
	for _, usage := range cert.ExtKeyUsage {
		if usage == x509.ExtKeyUsageServerAuth {
			t.Error("a user's certificate can serve")
		}
	}
}

func TestExpiredIsExpiredButWellFormed(t *testing.T) {
	pair, err := authority(t).Issue(Request{CommonName: "old", NotAfter: time.Now().Add(-time.Minute)})
	if err != nil {
		t.Fatal(err)
	}
	cert := parse(t, pair)
	if !cert.NotAfter.Before(time.Now()) || !cert.NotBefore.Before(cert.NotAfter) {
		t.Errorf("valid from %s until %s", cert.NotBefore, cert.NotAfter)
	}
}

func TestLoadedAuthorityStillSigns(t *testing.T) {
	made, dir := authority(t), t.TempDir()
	certFile, keyFile := filepath.Join(dir, "ca.crt"), filepath.Join(dir, "ca.key")
	for file, content := range map[string][]byte{certFile: made.Cert, keyFile: made.Key} {
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	loaded, err := LoadAuthority(certFile, keyFile)
	if err != nil {
		t.Fatal(err)
	}
	pair, err := loaded.Issue(Request{CommonName: "sam"})
	if err != nil {
		t.Fatal(err)
	}
	if err := parse(t, pair).CheckSignatureFrom(parse(t, made.Pair)); err != nil {
		t.Error(err)
	}
}
