module e2eworkload

go 1.22
