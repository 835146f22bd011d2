package replay

import "example.com/infrastructure-agent/model"

// Weights of CPU and RSS in the score of a process. See the KPI definitions
// in docs/blueprint_vFinal.md.
const (
	cpuWeight = 0.7
	rssWeight = 0.3
)

// Summary is what the agent says about its own run. A judge recomputes these
// figures from the corpus and the raw output instead of reading them here.
type Summary struct {
	AgentVersion     string  `json:"agent_version"`
	Profile          string  `json:"profile"`
	Seed             uint64  `json:"seed"`
	Ticks            int     `json:"ticks"`
	Observations     int     `json:"observations"`
	TopNCaptureRatio float64 `json:"topn_capture_ratio"` // percent, mean over ticks
	MeanN            float64 `json:"mean_n"`
	MaxN             int     `json:"max_n"`
	CPUMillis        float64 `json:"cpu_ms"` // exported, one by one and as aggregate
	RSS              float64 `json:"rss"`    // likewise, summed over ticks
}

// tally adds up a run.
type tally struct {
	ticks, observations, selected, maxN int
	captured, cpu, rss                  float64
}

func (t *tally) add(snapshot model.Snapshot, selection model.Selection) {
	t.ticks++
	t.observations += len(snapshot.Processes)
	t.selected += selection.N
	t.maxN = max(t.maxN, selection.N)
	var all, top model.Aggregate
	for _, p := range snapshot.Processes {
		all.Add(p)
	}
	for _, p := range selection.Top {
		top.Add(p)
	}
	t.captured += captured(top, all)
	t.cpu += top.CPUMillis + selection.Other.CPUMillis
	t.rss += float64(top.RSS) + float64(selection.Other.RSS)
}

// captured is the part of the score of all processes that top has. A sum of 0
// takes its weight out of the score.
func captured(top, all model.Aggregate) float64 {
	var score, weight float64
	if all.CPUMillis > 0 {
		score += cpuWeight * top.CPUMillis / all.CPUMillis
		weight += cpuWeight
	}
	if all.RSS > 0 {
		score += rssWeight * float64(top.RSS) / float64(all.RSS)
		weight += rssWeight
	}
	if weight == 0 {
		return 0
	}
	return score / weight
}

func (t *tally) summary(h Header) Summary {
	ticks := float64(max(t.ticks, 1))
	return Summary{
		AgentVersion: model.Version, Profile: h.Profile, Seed: h.Seed,
		Ticks: t.ticks, Observations: t.observations,
		TopNCaptureRatio: 100 * t.captured / ticks, MeanN: float64(t.selected) / ticks, MaxN: t.maxN,
		CPUMillis: t.cpu, RSS: t.rss,
	}
}
