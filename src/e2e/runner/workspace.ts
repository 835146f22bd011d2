import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HumanError } from '../../core/base/errors.ts';
import type { Config } from '../../core/model/config.ts';
import { withDefaults } from '../../core/model/defaults.ts';
import type { Issue } from '../../core/model/issue.ts';
import type { Scenario } from '../../core/model/scenario.ts';
import { parseConfig } from '../../core/parse/config.ts';
import { parseScenario } from '../../core/parse/scenario.ts';

export interface ScenarioFile {
  /** Relative to the workspace root. */
  readonly file: string;
  readonly scenario: Scenario;
}

/** What a run needs to know of a workspace. */
export interface Workspace {
  /** Absolute. */
  readonly root: string;
  readonly config: Config;
  readonly scenarios: readonly ScenarioFile[];
  /** Files that cannot be used as scenarios: name without ending -> the first thing wrong. */
  readonly broken: ReadonlyMap<string, Issue>;
}

const CONFIG_FILES = ['infrabuilder.yaml', 'infrabuilder.yml'];

/** Reads the configuration and all scenario files. Throws HumanError `config.broken` for a configuration with errors. */
export async function readWorkspace(root: string): Promise<Workspace> {
  const config = await readConfig(root);
  const folder = `${config.paths.e2e}/scenarios`;
  const names = (await readdir(join(root, folder)).catch(() => [])).filter((name) => /^[^.].*\.ya?ml$/i.test(name));
  const scenarios: ScenarioFile[] = [];
  const broken = new Map<string, Issue>();
  for (const name of names.sort()) {
    const file = `${folder}/${name}`;
    const { value, issues } = parseScenario(await readFile(join(root, file), 'utf8'), file);
    const error = issues.find(({ severity }) => severity === 'error');
    if (value === undefined || error !== undefined) {
      if (error !== undefined) broken.set(name.replace(/\.ya?ml$/i, ''), error);
    } else scenarios.push({ file, scenario: value });
  }
  return { root, config, scenarios, broken };
}

async function readConfig(root: string): Promise<Config> {
  for (const name of CONFIG_FILES) {
    const text = await readFile(join(root, name), 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const { value, issues } = parseConfig(text, name);
    const error = issues.find(({ severity }) => severity === 'error');
    if (error !== undefined) throw brokenFile('config.broken', error);
    return withDefaults(value);
  }
  return withDefaults(undefined);
}

export function brokenFile(code: string, issue: Issue): HumanError {
  const { line, column } = issue.range.start;
  return new HumanError(code, `${issue.file}:${line}:${column}: ${issue.message}`, 'Mend the file, then run it again.');
}
