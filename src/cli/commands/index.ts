import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { addAsk } from './ask.ts';
import { addAudit } from './audit.ts';
import { addCheck } from './check.ts';
import { addChecklist } from './checklist.ts';
import { addConformance } from './conformance.ts';
import { addDeviations } from './deviation.ts';
import { addDoctor } from './doctor.ts';
import { addE2e } from './e2e.ts';
import { addImplement } from './implement.ts';
import { addInit } from './init.ts';
import { addMcp } from './mcp.ts';
import { addMilestones, addProgress } from './progress.ts';
import { addReport } from './report.ts';
import { addRunbook } from './runbook.ts';
import { addTask } from './task.ts';
import { addTasks } from './tasks.ts';
import { addValidate } from './validate.ts';
import { addVerify } from './verify.ts';

/** Every command, in the order in which help lists them. */
export const COMMANDS: readonly ((program: Command, context: Context) => void)[] = [
  addInit,
  addDoctor,
  addValidate,
  addTasks,
  addTask,
  addCheck,
  addConformance,
  addVerify,
  addAudit,
  addReport,
  addRunbook,
  addMilestones,
  addProgress,
  addChecklist,
  addDeviations,
  addE2e,
  addAsk,
  addImplement,
  addMcp,
];
