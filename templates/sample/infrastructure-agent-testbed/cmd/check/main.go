// Command check judges what a receiver stored during an integration scenario.
package main

import (
	"os"

	"example.com/infrastructure-agent-testbed/internal/check"
)

func main() {
	os.Exit(check.Run(os.Args[1:], os.Stdout, os.Stderr))
}
