import { completeTask, reopenTask } from '../../../src/core/operations/complete.ts';
import { realEngine } from './support.ts';

/** `node dying.ts ROOT complete|reopen SLUG N`: is killed, without a chance to tidy up, before its Nth change. */
const [root = '', verb = '', slug = '', last = ''] = process.argv.slice(2);
let changes = 0;
const engine = realEngine(root, () => {
  if (++changes > Number(last)) process.kill(process.pid, 'SIGKILL');
});
const missing = verb === 'reopen' ? [] : (await completeTask(engine, slug)).missing;
if (verb === 'reopen') await reopenTask(engine, slug);
console.log(JSON.stringify({ changes, missing: missing.map(({ message }) => message) }));
