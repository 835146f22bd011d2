module example.com/infrastructure-agent-testbed

go 1.22
