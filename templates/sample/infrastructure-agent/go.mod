module example.com/infrastructure-agent

go 1.22
