import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EnvironmentError, HumanError } from '../../core/base/errors.ts';
import { type AgentSpec, DEFAULT_SETTINGS, defaultAgent } from '../../core/model/agent.ts';
import type { Config } from '../../core/model/config.ts';
import { startChild } from '../reap/child.ts';
import type { Journal } from '../reap/journal.ts';
import type { Watch } from './watch.ts';

/** The agent of a workspace, or why there is none. */
export async function findAgent(root: string, config: Config): Promise<AgentSpec | { readonly missing: string }> {
  if (config.agent !== undefined) return config.agent;
  const { source } = config.paths;
  const there = (path: string) =>
    access(join(root, path)).then(
      () => true,
      () => false,
    );
  if ((await there(`${source}/go.mod`)) && (await there(`${source}/cmd/agent`))) return defaultAgent();
  return {
    missing: `There is no agent to run: infrabuilder.yaml has no "agent" section, and ${source}/cmd/agent is not there.`,
  };
}

/** Builds the agent into `binary`. Throws HumanError `agent.build-failed` with the command and its last output. */
export async function buildAgent(
  spec: AgentSpec,
  options: {
    readonly root: string;
    readonly config: Config;
    readonly binary: string;
    readonly journal: Journal;
    readonly log: string;
    readonly watch: Watch;
  },
): Promise<void> {
  if (spec.build === undefined) return;
  const { binary, journal, log, watch } = options;
  const argv = spec.build.map((part) => part.replaceAll('{binary}', binary));
  const child = await startChild({
    name: 'build of the agent',
    argv,
    cwd: join(options.root, spec.cwd ?? options.config.paths.source),
    journal,
    log,
  });
  const stop = () => void child.kill();
  watch.signal.addEventListener('abort', stop, { once: true });
  const exit = await child.exited;
  watch.signal.removeEventListener('abort', stop);
  await child.kill();
  watch.check();
  if (exit.code === 0) return;
  throw new HumanError(
    'agent.build-failed',
    `The agent cannot be built: ${argv.join(' ')} ended with ${exit.signal ?? `code ${exit.code}`}.\n${child.tail.join('\n')}`,
    'Mend the source, or the "agent" section of infrabuilder.yaml.',
  );
}

/** Keys and values of the base configuration `minimal`, `standard`, `full` or `custom`. */
export async function baseSettings(
  root: string,
  config: Config,
  spec: AgentSpec,
  base: string,
): Promise<Record<string, unknown>> {
  const file = `${spec.configs ?? `${config.paths.source}/configs`}/${base}.json`;
  const text = await readFile(join(root, file), 'utf8').catch(() => undefined);
  if (text === undefined) {
    if (base === 'standard' || base === 'custom') return {};
    throw new EnvironmentError(
      'agent.no-configuration',
      `The scenario asks for the configuration "${base}", but ${file} is not there.`,
      'Write it, or name another folder under agent.configs in infrabuilder.yaml.',
    );
  }
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    throw new HumanError('agent.bad-configuration', `${file} is not JSON: ${String(error)}`);
  }
}

export interface Placeholders {
  readonly binary: string;
  readonly config: string;
  readonly out: string;
  readonly nonce: string;
  readonly endpoint: string;
  readonly sketch_endpoint: string;
}

export function fill(text: string, values: Placeholders): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? values[name as keyof Placeholders] : whole,
  );
}

/** What a run itself sets, over the base and under what steps configure. */
export function runSettings(spec: AgentSpec, values: Placeholders): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(spec.settings ?? DEFAULT_SETTINGS).map(([key, value]) => [
      key,
      typeof value === 'string' ? fill(value, values) : value,
    ]),
  );
}
