import * as vscode from 'vscode';
import type { Issue } from '../../core/model/issue.ts';
import { toLocation } from '../convert.ts';
import type { RunEnd } from '../runs/run.ts';
import type { Session } from '../session.ts';

/** More than this on one test hides what matters. */
const MOST_MESSAGES = 50;

/** Says how a check or goal ended, with a message at each line that is to blame. */
export function report(run: vscode.TestRun, item: vscode.TestItem, session: Session, end: RunEnd, took: number): void {
  switch (end.kind) {
    case 'cancelled':
      run.skipped(item);
      break;
    case 'unusable':
      run.errored(item, new vscode.TestMessage(end.message), took);
      break;
    case 'check':
    case 'scenario':
      judged(run, item, session, end.result, took);
      break;
    case 'verify': {
      const [goal] = end.result.goals;
      if (goal !== undefined) judged(run, item, session, goal, took);
      break;
    }
    case 'implement':
      // No test is a task.
      break;
  }
}

interface Judged {
  readonly verdict: string;
  readonly reason: string;
  readonly issues: readonly Issue[];
}

function judged(run: vscode.TestRun, item: vscode.TestItem, session: Session, result: Judged, took: number): void {
  const { verdict, reason, issues } = result;
  if (verdict === 'pass') {
    run.passed(item, took);
    return;
  }
  const own = new vscode.TestMessage(reason);
  if (item.uri !== undefined && item.range !== undefined) own.location = new vscode.Location(item.uri, item.range);
  const messages = issues.slice(0, MOST_MESSAGES).map((issue) => {
    const message = new vscode.TestMessage(`${issue.message} [${issue.code}]`);
    message.location = toLocation(session, issue);
    return message;
  });
  // What has no data is not failed, and must not look like a pass either: an error says that it could not be judged.
  if (verdict === 'fail') run.failed(item, [own, ...messages], took);
  else run.errored(item, [own, ...messages], took);
}
