import { proveGates, type SelfTestJson } from '../../core/operations/selfTest.ts';
import type { Context } from '../context.ts';
import { eventRun } from '../events.ts';
import { EXIT } from '../exit.ts';
import { selfTestText } from '../render/selfTest.ts';
import type { CommonOptions } from './common.ts';

interface SelfTestCommand extends CommonOptions {
  readonly goal?: readonly string[];
  readonly events?: boolean;
}

/** `verify --self-test`. */
export async function runSelfTestCommand(options: SelfTestCommand, context: Context): Promise<void> {
  const { goal: goals } = options;
  const engine = context.engine(options);
  if (options.events) {
    const { emit, signal } = eventRun(context);
    const onProgress = (message: string) => emit({ type: 'progress', message });
    const result = await proveGates(engine, { goals, signal, onProgress });
    emit({ type: 'result', result });
    context.exitCode = exitCodeOfSelfTest(result);
    return;
  }
  const onProgress = (message: string) => context.say(`${message}\n`);
  const result = await proveGates(engine, { goals, signal: context.io.signal, onProgress });
  if (options.json) context.printJson(result);
  else context.print(selfTestText(context.io.out, result));
  context.exitCode = exitCodeOfSelfTest(result);
}

/** A gate that does not see its defect comes before one of which nothing is known. */
export function exitCodeOfSelfTest({ holds, canaries }: SelfTestJson): number {
  if (holds) return EXIT.holds;
  const isWrong = canaries.some(({ result }) => result === 'green' || result === 'broken');
  return isWrong ? EXIT.doesNotHold : EXIT.notRun;
}
