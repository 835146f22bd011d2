package agent

import (
	"slices"

	"example.com/infrastructure-agent/export"
	"example.com/infrastructure-agent/model"
)

// The names of the metrics that describe the agent itself.
const (
	MetricAgentCPU       = "agent_cpu_percent"
	MetricAgentRSS       = "agent_rss_bytes"
	MetricAgentTicks     = "agent_ticks_total"
	MetricAgentProcesses = "agent_processes"
	MetricModuleCPU      = "agent_module_cpu_percent"
	MetricModuleItems    = "agent_module_items"
	MetricModuleBytes    = "agent_module_bytes"
	MetricModuleFiles    = "agent_module_open_files"
	MetricBreakerState   = "agent_breaker_state"
	MetricEvents         = "agent_events_total"
)

// selfMetrics describes the agent. CPU and memory are those of the interval
// that ended before this tick.
func (p *Pipeline) selfMetrics(snapshot model.Snapshot) []export.Metric {
	if !p.features.SelfMetrics {
		return nil
	}
	usage := p.Watchdog.Usage()
	metrics := []export.Metric{
		export.Single(MetricAgentCPU, export.UnitPercent, export.Gauge, usage.AgentCPU),
		export.Single(MetricAgentRSS, export.UnitBytes, export.Gauge, float64(usage.RSSBytes)),
		export.Single(MetricAgentTicks, export.UnitCount, export.Counter, float64(snapshot.Tick+1)),
		export.Single(MetricAgentProcesses, export.UnitCount, export.Gauge, float64(len(snapshot.Processes))),
	}
	cpu := export.Metric{Name: MetricModuleCPU, Unit: export.UnitPercent}
	items := export.Metric{Name: MetricModuleItems, Unit: export.UnitCount}
	bytes := export.Metric{Name: MetricModuleBytes, Unit: export.UnitBytes}
	files := export.Metric{Name: MetricModuleFiles, Unit: export.UnitCount}
	for _, m := range p.modules {
		of := []export.Attribute{{Key: "module", Value: m.name}}
		held := m.Resources()
		items.Points = append(items.Points, export.Point{Value: float64(held.Items), Attributes: of})
		bytes.Points = append(bytes.Points, export.Point{Value: float64(held.Bytes), Attributes: of})
		files.Points = append(files.Points, export.Point{Value: float64(held.OpenFiles), Attributes: of})
		if percent, measured := usage.Modules[m.name]; measured {
			cpu.Points = append(cpu.Points, export.Point{Value: percent, Attributes: of})
		}
	}
	return append(metrics, cpu, items, bytes, files, p.breakerMetric(), p.eventMetric())
}

// breakerMetric shows 0 for closed, 1 for half-open and 2 for open.
func (p *Pipeline) breakerMetric() export.Metric {
	m := export.Metric{Name: MetricBreakerState, Unit: export.UnitCount}
	names, states := p.Watchdog.States()
	for i, name := range names {
		m.Points = append(m.Points, export.Point{
			Value: float64(states[i]), Attributes: []export.Attribute{{Key: "breaker", Value: name}},
		})
	}
	return m
}

func (p *Pipeline) eventMetric() export.Metric {
	m := export.Metric{Name: MetricEvents, Unit: export.UnitCount, Kind: export.Counter}
	counts := p.Reporter.Counts()
	names := make([]string, 0, len(counts))
	for name := range counts {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		m.Points = append(m.Points, export.Point{
			Value: float64(counts[name]), Attributes: []export.Attribute{{Key: "event", Value: name}},
		})
	}
	return m
}
