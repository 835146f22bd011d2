// npm run bench agent, or: node test/bench/agent.bench.ts --base-url URL --model NAME [--runs N] [--minutes N]
// Lets a model work on a small task and prints what came of it. Without an endpoint: every scripted model of the tests.
import { parseArgs } from 'node:util';
import { CASES } from '../e2e/agent/scripts.ts';
import { type Row, runCase, runRow, tableOf } from '../e2e/agent/suite.ts';

const { values } = parseArgs({
  options: {
    'base-url': { type: 'string' },
    model: { type: 'string', default: '' },
    runs: { type: 'string', default: '3' },
    minutes: { type: 'string', default: '30' },
  },
});
const { 'base-url': baseUrl, model, runs, minutes } = values;
const rows = baseUrl === undefined ? await scripted() : await real(baseUrl);
console.log(`\n${tableOf(rows)}`);
process.exit(rows.some(({ falseDone, caught }) => falseDone || caught === false) ? 1 : 0);

async function scripted(): Promise<Row[]> {
  const found: Row[] = [];
  for (const one of CASES) found.push(told(await runCase(one)));
  return found;
}

async function real(endpoint: string): Promise<Row[]> {
  const found: Row[] = [];
  for (let nth = 1; nth <= Number(runs); nth++) {
    const name = `median, run ${nth}`;
    found.push(told(await runRow({ name, baseUrl: endpoint, model, budget: { minutes: Number(minutes) } })));
  }
  return found;
}

function told(row: Row): Row {
  console.log(`${row.name}: ${row.outcome}. ${row.reason}`);
  return row;
}
