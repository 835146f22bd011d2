/** Everything that is loaded on first use, in one chunk: activation does not wait for it. */
export { bootstrapOptions, SOURCE_URL, TESTBED_URL } from '../core/bootstrap/options.ts';
export { planBootstrap } from '../core/bootstrap/plan.ts';
export { actionText } from '../core/bootstrap/render.ts';
export { runBootstrap } from '../core/bootstrap/run.ts';
export { survey } from '../core/bootstrap/survey.ts';
export { doctorText } from '../core/doctor/render.ts';
export { GOAL_ID_PATTERN, SLUG_PATTERN } from '../core/model/ids.ts';
export { KPIS } from '../core/model/kpi.ts';
export { thresholdText } from '../core/model/threshold.ts';
export { reopenTask, taskComplete, taskOpen } from '../core/operations/complete.ts';
export { deviationList } from '../core/operations/deviation.ts';
export { doctor } from '../core/operations/doctor.ts';
export { milestonesJson, progress, stateOfProject } from '../core/operations/projectReports.ts';
export { taskDocument } from '../core/operations/taskDocument.ts';
export { taskNext } from '../core/operations/taskNext.ts';
export { taskRows } from '../core/operations/tasks.ts';
export { createProject } from '../core/project/project.ts';
export { scalarText } from '../core/project/validate/report.ts';
