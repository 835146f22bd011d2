import { z } from 'zod';

const argv = z.array(z.string().min(1)).min(1);

/** `{binary}`, `{config}`, `{out}`, `{nonce}`, `{endpoint}` and `{sketch_endpoint}` stand for what a run decides. */
export const agentSchema = z
  .strictObject({
    cwd: z.string().min(1).optional().describe('Where it is built; by default the source folder.'),
    build: argv.optional().describe('Builds the agent; "{binary}" is the path to write it to.'),
    run: argv.describe('Starts the agent; "{binary}" and "{config}" are paths.'),
    configs: z
      .string()
      .min(1)
      .optional()
      .describe('Folder with minimal.json, standard.json, full.json; by default "configs" in the source folder.'),
    settings: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('Keys that every run sets in the configuration of the agent, such as its endpoint and run id.'),
    interval_seconds: z.number().positive().default(1).describe('Seconds between two ticks of the agent.'),
    reload: z
      .enum(['signal', 'none'])
      .default('signal')
      .describe('How a changed configuration takes effect: SIGHUP, or not while it runs.'),
    stop_seconds: z.number().positive().default(10).describe('Seconds that the agent may take to stop.'),
  })
  .describe('The agent under test: how end-to-end runs build, configure and start it.');
export type AgentSpec = z.infer<typeof agentSchema>;

/** What the embedded agent reads; used where `settings` is left out. */
export const DEFAULT_SETTINGS: Readonly<Record<string, unknown>> = {
  run_id: '{nonce}',
  otlp_endpoint: '{endpoint}',
  sketch_endpoint: '{sketch_endpoint}',
  out_dir: '{out}',
};

/** The layout of the embedded agent: a Go program in `cmd/agent` of the source folder. */
export function defaultAgent(): AgentSpec {
  return agentSchema.parse({
    build: ['go', 'build', '-o', '{binary}', './cmd/agent'],
    run: ['{binary}', 'run', '--config', '{config}'],
  });
}
