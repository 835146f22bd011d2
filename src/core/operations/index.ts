import { check } from './check.ts';
import { taskComplete, taskOpen } from './complete.ts';
import { conformance } from './conformance.ts';
import { doctor } from './doctor.ts';
import type { Operation } from './operation.ts';
import { reportFinal } from './reportFinal.ts';
import { taskShow, tasks } from './tasks.ts';
import { validate } from './validate.ts';
import { verify } from './verify.ts';

/** Every operation. The MCP server offers each as a tool. */
export const OPERATIONS: readonly Operation[] = [
  validate,
  tasks,
  taskShow,
  taskOpen,
  taskComplete,
  check,
  conformance,
  verify,
  reportFinal,
  doctor,
];
