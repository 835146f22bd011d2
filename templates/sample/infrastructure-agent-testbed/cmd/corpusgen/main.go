// Command corpusgen writes a seeded replay corpus.
package main

import (
	"os"

	"example.com/infrastructure-agent-testbed/internal/corpusgen"
)

func main() {
	os.Exit(corpusgen.Run(os.Args[1:], os.Stdout, os.Stderr))
}
