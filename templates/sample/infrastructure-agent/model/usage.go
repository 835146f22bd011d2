package model

// The names of the agent's modules, as events and metrics show them.
const (
	ModuleAgent     = "agent"
	ModuleCollector = "collector"
	ModuleSampler   = "sampler"
	ModuleSketch    = "sketch"
	ModuleWatchdog  = "watchdog"
	ModuleExport    = "export"
)

// ResourceUsage is what a module holds at this moment. CPU is not part of it:
// the watchdog measures that from outside.
type ResourceUsage struct {
	Items     int   // entries of the module's main table, queue or store
	Bytes     int64 // estimate of the memory that these entries keep alive
	OpenFiles int   // descriptors that stay open between two ticks
}
