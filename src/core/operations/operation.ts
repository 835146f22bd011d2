import type { z } from 'zod';
import type { Engine } from '../engine.ts';

export interface OperationContext {
  readonly signal?: AbortSignal;
  /** A line for the person who waits. */
  readonly onProgress?: (message: string) => void;
}

/** One thing that InfraBuilder does, for every surface alike. Input and output are data that JSON can hold. */
export interface Operation<I extends z.ZodObject = z.ZodObject, O extends z.ZodObject = z.ZodObject> {
  /** Also the name of the MCP tool. */
  readonly name: string;
  readonly title: string;
  /** For a model that chooses a tool, so it is short. */
  readonly description: string;
  /** True where it changes nothing and runs nothing of the workspace. */
  readonly readOnly: boolean;
  readonly input: I;
  readonly output: O;
  run(engine: Engine, input: z.output<I>, context: OperationContext): Promise<z.output<O>>;
}

export function defineOperation<I extends z.ZodObject, O extends z.ZodObject>(
  operation: Operation<I, O>,
): Operation<I, O> {
  return Object.freeze(operation);
}
