import { completeTask } from '../../../src/core/operations/complete.ts';
import { realEngine } from './support.ts';

/** `node dying.ts ROOT SLUG N`: completes a task and is killed, without a chance to tidy up, before its Nth change. */
const [root = '', slug = '', last = ''] = process.argv.slice(2);
let changes = 0;
const engine = realEngine(root, () => {
  if (++changes > Number(last)) process.kill(process.pid, 'SIGKILL');
});
const { completed, missing } = await completeTask(engine, slug);
console.log(JSON.stringify({ completed, changes, missing: missing.map(({ message }) => message) }));
