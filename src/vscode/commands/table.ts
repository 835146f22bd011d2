import type { App } from '../app.ts';
import { audit } from './audit.ts';
import { bootstrap, openSample } from './bootstrap.ts';
import { ask, removeModelKey, runbookCheck, runbookDraft, setModelKey, why } from './chat.ts';
import { approveDeviation, registerDeviation } from './deviations.ts';
import { doctor } from './doctor.ts';
import {
  implement,
  implementAccept,
  implementDiff,
  implementDiscard,
  implementResume,
  implementRuns,
  implementTranscript,
} from './implement.ts';
import { showProgress, showReport } from './reports.ts';
import { showGoal, showTask } from './reveal.ts';
import {
  cancelRun,
  openEvidence,
  openLog,
  rerun,
  run,
  runCheck,
  runScenario,
  showOutput,
  verify,
  verifyGoal,
} from './run.ts';
import { taskArch, taskComplete, taskNext, taskOpen, taskPlan, taskReopen, taskResult } from './steps.ts';
import { clearFilter, filterTasks, newTask, openDocuments } from './tasks.ts';
import { dashboard, refresh, validate } from './workspace.ts';

export type Command = (app: App, ...args: readonly unknown[]) => Promise<unknown> | unknown;

/** Every command. What a person finds in the palette is contributed in package.json under the same id. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  bootstrap,
  openSample,
  doctor,
  validate,
  refresh,
  dashboard,
  newTask,
  taskNext,
  taskOpen,
  taskPlan,
  taskArch,
  taskResult,
  taskComplete,
  taskReopen,
  implement,
  implementRuns,
  implementResume,
  implementDiff,
  implementAccept,
  implementDiscard,
  implementTranscript,
  showReport,
  showProgress,
  registerDeviation,
  approveDeviation,
  runScenario,
  openDocuments,
  filterTasks,
  clearFilter,
  runCheck,
  verify,
  verifyGoal,
  audit,
  openEvidence,
  run,
  rerun,
  cancelRun,
  showOutput,
  openLog,
  showGoal,
  showTask,
  ask,
  why,
  runbookCheck,
  runbookDraft,
  setModelKey,
  removeModelKey,
};
