import { type TaskFile, taskFileSchema } from '../model/task.ts';
import type { Parsed } from './parsed.ts';
import { parseYaml } from './yaml.ts';

/** A task file of plan 3.1. Codes `task.*` and `yaml.*`. */
export function parseTask(text: string, file: string): Parsed<TaskFile> {
  return parseYaml({ schema: taskFileSchema, prefix: 'task' }, text, file);
}
