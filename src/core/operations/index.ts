import { ask } from './ask.ts';
import { audit } from './audit.ts';
import { check } from './check.ts';
import { taskComplete, taskOpen } from './complete.ts';
import { conformance } from './conformance.ts';
import { doctor } from './doctor.ts';
import { e2eList } from './e2eList.ts';
import { e2eMatrix } from './e2eMatrix.ts';
import { e2eRun } from './e2eRun.ts';
import { implement } from './implement.ts';
import type { Operation } from './operation.ts';
import { progress } from './projectReports.ts';
import { reportFinal } from './reportFinal.ts';
import { selfTest } from './selfTest.ts';
import { taskDocument, taskProse } from './taskDocument.ts';
import { taskNext } from './taskNext.ts';
import { taskShow, tasks } from './tasks.ts';
import { validate } from './validate.ts';
import { verify } from './verify.ts';

/** Every operation. */
export const OPERATIONS: readonly Operation[] = [
  validate,
  tasks,
  taskShow,
  taskOpen,
  taskComplete,
  taskNext,
  taskDocument,
  taskProse,
  implement,
  progress,
  check,
  conformance,
  verify,
  selfTest,
  audit,
  reportFinal,
  e2eList,
  e2eRun,
  e2eMatrix,
  ask,
  doctor,
];

/** Those that a model is offered as tools: a dozen at most, because each description costs tokens in every request. */
export const TOOLS: readonly Operation[] = [
  validate,
  tasks,
  taskShow,
  taskNext,
  taskOpen,
  taskDocument,
  implement,
  taskComplete,
  check,
  verify,
  e2eRun,
  ask,
];
