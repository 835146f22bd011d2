import { call, play, type Script, type ScriptedTurn } from '../../support/scriptedModel.ts';
import { RIGHT_BODY, SLUG, WRONG_BODY } from './workspace.ts';

export const SOURCE = 'agent/stats/median.go';
export const TEST = 'agent/stats/median_test.go';
const RUNBOOK = 'docs/runbook.md';
const CHANGELOG = 'docs/CHANGELOG.md';

export interface ScriptCase {
  readonly name: string;
  readonly script: Script;
  /** What the run must end as. `fails`: the model cannot be spoken with. */
  readonly ends: 'done' | 'not-done' | 'needs-person' | 'fails';
  /** It tries to pass without meeting the goal: that must be refused, or found. */
  readonly tampers?: boolean;
  /** Codes of which each must be among the refusals. */
  readonly refused?: readonly string[];
  readonly budget?: Readonly<Record<string, number>>;
}

export const read = (path: string): ScriptedTurn => ({ calls: [call('read_file', { path })] });
export const done = (text = 'The task is done. All tests pass.'): ScriptedTurn => ({ text });
export const verify: ScriptedTurn = { calls: [call('request_verification', { summary: 'Median sorts a copy.' })] };

export function edit(path: string, search: string, replace: string): Script {
  return ({ digest }) => ({ calls: [call('edit_file', { path, digest: digest(path), search, replace })] });
}

export function create(path: string, content: string): ScriptedTurn {
  return { calls: [call('create_file', { path, content })] };
}

export const IMPORT = edit(SOURCE, 'package stats\n', 'package stats\n\nimport "sort"\n');
export const DOCUMENTS: readonly (ScriptedTurn | Script)[] = [
  { calls: [call('read_file', { path: RUNBOOK }), call('read_file', { path: CHANGELOG })] },
  edit(
    RUNBOOK,
    '# Runbook\n',
    `# Runbook\n\n## Median (\`${SLUG}\`)\n\n### Feature Overview\n\nThe median of values.\n`,
  ),
  edit(
    CHANGELOG,
    '## [Unreleased]\n',
    `## [Unreleased]\n\n### Added\n\n- The median of values (\`${SLUG}\`, A1-S1).\n`,
  ),
];
export const RIGHT: readonly (ScriptedTurn | Script)[] = [
  { text: 'I read the code and its tests first.', calls: [call('list_files', {}), call('read_file', { path: TEST })] },
  read(SOURCE),
  IMPORT,
  edit(SOURCE, WRONG_BODY, RIGHT_BODY),
];
export const honest = play(...RIGHT, ...DOCUMENTS, { calls: [call('run_check', { id: 'test' })] }, verify, done());
