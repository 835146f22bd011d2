// The model of the demo: a script behind a real server that speaks the OpenAI API. It plays three attempts at topn_sampler.
import { readFileSync } from 'node:fs';
import { call, type ScriptedCall, type ScriptedServer, scriptedServer } from '../../test/support/scriptedModel.ts';

const SELECTOR = 'infrastructure-agent/sampler/selector.go';
const RUNBOOK = 'docs/runbook.md';
const CHANGELOG = 'docs/CHANGELOG.md';

const asset = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
const naive = asset('../../templates/sample/infrastructure-agent/sampler/selector.go');
const wider = asset('wider.go.txt');
const adaptive = asset('adaptive.go.txt');

const read = (path: string) => call('read_file', { path });
const check = (id: string) => call('run_check', { id });
const verification = call('request_verification', { summary: 'The sampler is implemented.' });

export function startModel(): Promise<ScriptedServer> {
  return scriptedServer((conversation) => {
    const digest = (path: string) => conversation.digest(path);
    const edit = (path: string, search: string, replace: string): ScriptedCall =>
      call('edit_file', { path, digest: digest(path), search, replace });
    const turns: readonly (() => { text: string; calls?: readonly ScriptedCall[] })[] = [
      () => ({ text: 'I have implemented the adaptive sampler and all tests pass. The task is done.' }),
      () => ({ text: 'Then I look at the code.', calls: [read(SELECTOR), read(RUNBOOK), read(CHANGELOG)] }),
      () => ({ text: 'More processes will capture more.', calls: [edit(SELECTOR, body(naive), body(wider))] }),
      () => ({ text: '', calls: [verification] }),
      () => ({
        text: 'A fixed number is not enough. N has to follow the load, by CPU and by memory.',
        calls: [
          edit(SELECTOR, body(wider), body(adaptive)),
          call('create_file', {
            path: 'infrastructure-agent/sampler/adaptive_test.go',
            content: asset('adaptive_test.go.txt'),
          }),
        ],
      }),
      () => ({ text: '', calls: [check('test')] }),
      () => ({ text: 'Now the documents.', calls: [edit(RUNBOOK, ...OVERVIEW), edit(CHANGELOG, ...ENTRY)] }),
      () => ({ text: '', calls: [edit(RUNBOOK, ...KEY)] }),
      () => ({ text: '', calls: [edit(RUNBOOK, ...SYMPTOM)] }),
      () => ({ text: '', calls: [edit(RUNBOOK, ...COVERAGE)] }),
      () => ({ text: '', calls: [verification] }),
    ];
    const turn = turns[Math.min(conversation.turns, turns.length - 1)];
    return turn === undefined ? {} : turn();
  });
}

/** All below the import, which stays. */
function body(text: string): string {
  return text.slice(text.indexOf('\n\n', text.indexOf('import')) + 2);
}

const OVERVIEW = [
  `Picks the processes that are exported one by one and sums all others. Today the choice is a fixed number of processes by
CPU alone; story A1-S3 of the blueprint replaces it.`,
  `Picks the processes that are exported one by one and sums all others (topn_sampler). The choice is the smallest number of
processes that together have 99 % of the score, CPU and memory weighed as in the blueprint. It rises at once and falls slowly.`,
] as const;

const KEY = [
  'number of processes to export; never above half of all         |',
  'least number of processes to export; never above half of all   |',
] as const;

const SYMPTOM = [
  '- Symptom: a process that uses much memory is not exported. The choice is by CPU; raise `top_n` until A1-S3 is built.',
  '- Symptom: far more processes are exported than `top_n`. The load is spread; the cap of 256 and of half of all holds.',
] as const;

const COVERAGE = ['`high_pid_churn`. Not met by the present choice.', '`high_pid_churn`.'] as const;

const ENTRY = [
  '## [Unreleased]\n',
  `## [Unreleased]

### Changed

- Top-N sampling follows the load: as many processes as have 99 % of the score by CPU and memory (topn_sampler, A1-S3).
`,
] as const;
