//go:build !linux

package main

func volunteer() {}

// availableMB is unknown here; the planner's own limit holds.
func availableMB() int64 { return -1 }

func residentBytes(int) int64 { return -1 }
