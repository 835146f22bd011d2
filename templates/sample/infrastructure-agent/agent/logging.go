package agent

import (
	"context"
	"io"
	"log/slog"

	"example.com/infrastructure-agent/model"
)

// NewLogger returns a logger that writes JSON lines, each with the run ID.
func NewLogger(w io.Writer, runID string) *slog.Logger {
	return slog.New(slog.NewJSONHandler(w, nil)).With("run_id", runID)
}

// logSink writes diagnostic events as log lines. The text of an event is the
// message, so that a search for "AgentDiagEvent.*<name>" finds it; the event
// itself stands beside it for programs.
func logSink(log *slog.Logger) func(model.Event) {
	levels := map[model.Severity]slog.Level{
		model.SeverityInfo: slog.LevelInfo, model.SeverityWarning: slog.LevelWarn, model.SeverityError: slog.LevelError,
	}
	return func(e model.Event) {
		log.Log(context.Background(), levels[e.Severity], e.Text(), "event", e)
	}
}
