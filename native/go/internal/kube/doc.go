// Package kube does what kubectl does best, with kubectl's own code: describe, drain, cordon and rollouts.
//
// Promises: nothing is written to stdout or stderr; no file is read and no command is run (a client is made from data
// alone); every call ends soon after its context does; no credential ever gets into a message.
package kube
