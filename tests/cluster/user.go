package main

import (
	"errors"
	"fmt"
	"time"

	"kubectl-live/lab/flags"
	"kubectl-live/lab/kubeconfig"
	"kubectl-live/lab/pki"
)

// writeKubeconfig prints the path of the administrator's kubeconfig, or makes one for another user.
func writeKubeconfig(args []string) error {
	flags := flags.New("kubeconfig")
	user := flags.String("user", "", "make a kubeconfig for a user of this name")
	groups := flags.StringSlice("group", nil, "a group of that user (may be repeated)")
	expired := flags.Bool("expired", false, "its certificate is valid no more")
	context := flags.String("context", "", "name of the context (default: the lab's)")
	namespace := flags.String("namespace", "default", "namespace of the context")
	out := flags.String("out", "", "file to write (default: print the text)")
	if err := flags.ParseAll(args); err != nil {
		return err
	}
	dir, err := flags.Running()
	if err != nil {
		return err
	}
	if *user == "" {
		if len(*groups) > 0 || *expired || *context != "" || *out != "" {
			return errors.New("these flags need --user")
		}
		fmt.Println(dir.Kubeconfig())
		return nil
	}
	authority, err := pki.LoadAuthority(dir.Path("pki", "ca.crt"), dir.Path("pki", "ca.key"))
	if err != nil {
		return err
	}
	record, err := dir.Load()
	if err != nil {
		return err
	}
	request := pki.Request{CommonName: *user, Organizations: *groups, NotAfter: time.Now().Add(24 * time.Hour)}
	if *expired {
		request.NotAfter = time.Now().Add(-time.Minute)
	}
	pair, err := authority.Issue(request)
	if err != nil {
		return err
	}
	if *context == "" {
		*context = flags.Lab
	}
	config := kubeconfig.Config{
		Context: *context, Cluster: flags.Lab, User: *user, Server: record.Server,
		Namespace: *namespace, Authority: authority.Cert, Client: pair,
	}
	if *out == "" {
		fmt.Print(config.String())
		return nil
	}
	if err := config.Write(*out); err != nil {
		return err
	}
	fmt.Println(*out)
	return nil
}
